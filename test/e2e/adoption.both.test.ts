import { expect, test } from "vitest";
import type { LiveObject } from "../../src/model/index.ts";
import { describeTarget } from "../target/index.ts";
import {
  CLIENT_SIDE,
  createdAs,
  FILES,
  feed,
  live,
  managersOf,
  newer,
  older,
  planned,
  serverSideAs,
  settled,
  traces,
  worldWith,
} from "./adopted.ts";
import { until } from "./until.ts";
import { World } from "./world.ts";

const MANUAL = { sync: { auto: false } };
const OURS = ["plumbline Apply"];

async function syncAndWait(world: World): Promise<void> {
  await world.plumbline.post("/api/v1/applications/default/web/sync");
  await world.status(({ sync }) => sync.status === "Synced");
}

describeTarget("an object that kubectl apply brought", () => {
  test("is planned as an adoption that names kubectl and what changes and goes, and nothing is written before", async () => {
    await using world = await worldWith([{ object: older(), by: CLIENT_SIDE }], MANUAL);
    const before = await live(world);
    await world.plumbline.start();
    await world.status(({ sync }) => sync.status === "Pending");
    const step = await planned(world);
    expect(step).toMatchObject({ action: "adopt", adoption: { changed: 1, removed: 3 } });
    expect(step.adoption?.from).toEqual([{ tool: "kubectl apply", manager: "kubectl-client-side-apply" }]);
    expect(step.reason).toBe("adopts it from kubectl apply: 1 field changes, 3 are removed");
    const removed = step.changes.filter(({ desired }) => desired === undefined);
    expect(removed.map(({ path, class: kind, manager }) => [path, kind, manager])).toEqual([
      [expect.stringContaining("last-applied-configuration"), "pending", "kubectl-client-side-apply"],
      ["/spec/minReadySeconds", "pending", "kubectl-client-side-apply"],
      ["/spec/template/spec/containers[name=web]/env[name=OLD]", "pending", "kubectl-client-side-apply"],
    ]);
    expect(await live(world)).toEqual(before);
  });

  test("is adopted: what Git does not have goes, kubectl owns nothing any more, and what the server filled in stays", async () => {
    await using world = await worldWith([{ object: older(), by: CLIENT_SIDE }], MANUAL);
    const before = await live(world);
    await world.plumbline.start();
    await syncAndWait(world);
    const after = await live(world);
    expect(traces(after)).toEqual([]);
    expect(managersOf(after)).toEqual(OURS);
    expect(after.metadata.uid).toBe(before.metadata.uid);
    expect(after["spec"]).toMatchObject({ replicas: 2, progressDeadlineSeconds: 600, revisionHistoryLimit: 10 });
    expect(await world.drift()).toEqual([]);
  });

  test("and is as Git has it is not rolled out again: its spec and its generation stay", async () => {
    const pods = { ...newer(), kind: "DaemonSet", spec: withoutReplicas().spec };
    const files = { "web/deploy.yaml": JSON.stringify(newer()), "web/pods.yaml": JSON.stringify(pods) };
    const given = [newer(), pods].map((object) => ({ object, by: CLIENT_SIDE }));
    await using world = await worldWith(given, { files });
    const both = () => Promise.all([live(world), live(world, "daemonset")]);
    const before = await both();
    await world.plumbline.start();
    await world.status(({ sync }) => sync.status === "Synced");
    const after = await both();
    expect(after.map(({ spec }) => spec)).toEqual(before.map(({ spec }) => spec));
    expect(after.map(managersOf)).toEqual([OURS, OURS]);
    // A Deployment counts changes of its annotations, too, and gets two of ours.
    expect(after[1]?.metadata.generation).toBe(before[1]?.metadata.generation);
  });

  test("is drift by kubectl when somebody applies by hand once more", async () => {
    await using world = await worldWith([{ object: older(), by: CLIENT_SIDE }], { sync: { selfHeal: false } });
    await world.plumbline.start();
    await world.status(({ sync }) => sync.status === "Synced");
    await feed(world, { ...newer(), spec: { ...(newer()["spec"] as object), replicas: 5 } }, CLIENT_SIDE);
    const status = await world.status(({ sync }) => sync.status === "Drifted");
    const changes = status.resources.flatMap((one) => one.changes).filter((change) => change.class === "drift");
    expect(changes).toMatchObject([
      { path: "/spec/replicas", desired: 2, live: 5, manager: "kubectl-client-side-apply", operation: "Update" },
    ]);
    expect((await planned(world)).action).toBe("update");
  });

  test("keeps what others have on it: single edits, a scale, labels, and what a rule leaves to them", async () => {
    const ignore = [{ kind: "Deployment", path: "/spec/minReadySeconds", reason: "ours" }];
    await using world = await worldWith([{ object: older(), by: CLIENT_SIDE }], {
      files: { "web/deploy.yaml": JSON.stringify(withoutReplicas()) },
      spec: { ignore },
    });
    await world.kubectl("scale", "deployment/web", "--replicas=5");
    await world.kubectl("label", "deployment/web", "team=a");
    await world.kubectl("set", "env", "deployment/web", "B=2");
    await world.plumbline.start();
    await world.status(({ sync }) => sync.status === "Synced");
    const after = await live(world);
    expect(after["spec"]).toMatchObject({ replicas: 5, minReadySeconds: 7 });
    expect(after.metadata.labels).toMatchObject({ team: "a" });
    expect(JSON.stringify(after["spec"])).toContain('"name":"B","value":"2"');
    expect(JSON.stringify(after["spec"])).not.toContain("OLD");
    expect(managersOf(after)).toEqual([
      "kubectl Update scale",
      "kubectl-client-side-apply Update",
      "kubectl-label Update",
      "kubectl-set Update",
      "plumbline Apply",
    ]);
  });
});

describeTarget("a field of an object that kubectl apply brought", () => {
  test("stays as it is, and kubectl's, where a rule leaves it to others, whatever Git says of it", async () => {
    const ignore = [{ kind: "Deployment", path: "/spec/replicas", reason: "left" }];
    const scaled = { ...older(), spec: { ...(older()["spec"] as object), replicas: 4 } };
    await using world = await worldWith([{ object: scaled, by: CLIENT_SIDE }], { spec: { ignore } });
    await world.plumbline.start();
    await world.status(({ sync }) => sync.status === "Synced");
    const after = await live(world);
    expect(after["spec"]).toMatchObject({ replicas: 4 });
    expect(traces(after)).toEqual([]);
    expect(managersOf(after)).toEqual(["kubectl-client-side-apply Update", "plumbline Apply"]);
  });
});

function withoutReplicas() {
  const { replicas: _, ...spec } = newer()["spec"] as { replicas: number };
  return { ...newer(), spec };
}

/** Who owns anything beside metadata. */
function contentOwners(object: LiveObject): string[] {
  const managedFields = (object.metadata.managedFields ?? []).filter(({ fieldsV1 = {} }) =>
    Object.keys(fieldsV1).some((name) => name !== "f:metadata"),
  );
  if (managedFields.length === 0) return OURS;
  return managersOf({ ...object, metadata: { ...object.metadata, managedFields } });
}

const TOOLS = [
  { tool: "kubectl create", by: createdAs("kubectl-create") },
  { tool: "kubectl apply", by: serverSideAs("kubectl") },
  { tool: "Helm", by: createdAs("helm") },
  { tool: "Helm", by: serverSideAs("helm") },
  { tool: "Argo CD", by: createdAs("argocd-controller") },
  { tool: "Argo CD", by: serverSideAs("argocd-controller") },
  { tool: "Flux", by: serverSideAs("kustomize-controller") },
  { tool: "kapp", by: createdAs("kapp") },
];

describeTarget("an adoption", () => {
  test("in observe mode is planned and never done", async () => {
    await using world = await worldWith([{ object: older(), by: CLIENT_SIDE }], { sync: { observe: true } });
    const before = await live(world);
    await world.plumbline.start();
    await world.status(({ sync }) => sync.status === "Pending");
    await world.plumbline.post("/api/v1/applications/default/web/sync");
    const { lastPass } = await world.status((status) => status.lastPass?.trigger === "manual");
    expect(lastPass?.outcomes).toEqual([]);
    expect((await planned(world)).action).toBe("adopt");
    expect(await live(world)).toEqual(before);
  });

  test("names the tool from which an object comes, and what Git does not have goes", async () => {
    const named = TOOLS.map(({ tool, by }, i) => ({ tool, by, name: `from-${i}` }));
    const files = named.map(({ name }) => [`web/${name}.yaml`, JSON.stringify(newer({ name }))]);
    await using world = await worldWith(
      named.map(({ name, by }) => ({ object: older({ name }), by })),
      { ...MANUAL, files: Object.fromEntries(files) },
    );
    await world.plumbline.start();
    await world.status(({ sync }) => sync.status === "Pending");
    for (const { tool, name } of named)
      expect((await planned(world, name)).reason).toBe(`adopts it from ${tool}: 1 field changes, 2 are removed`);
    await syncAndWait(world);
    for (const { tool, by, name } of named) {
      const after = await live(world, "deployment", name);
      expect(traces(after), `${tool} ${by}`).toEqual([]);
      expect(managersOf(after), `${tool} ${by}`).toEqual(OURS);
    }
  });

  test("leaves what the API server allocated, what cannot be changed and what a Secret holds", async () => {
    const objects = settled();
    await using world = await worldWith(
      objects.map((object) => ({ object, by: CLIENT_SIDE })),
      { files: Object.fromEntries(objects.map((one) => [`web/${one.kind}.yaml`, JSON.stringify(one)])) },
    );
    const all = () => Promise.all(objects.map(({ kind, metadata }) => live(world, kind, metadata.name)));
    const content = (some: readonly LiveObject[]) => some.map(({ spec, data, rules }) => ({ spec, data, rules }));
    const before = await all();
    await world.plumbline.start();
    await world.status(({ sync }) => sync.status === "Synced");
    const after = await all();
    expect(content(after)).toEqual(content(before));
    for (const object of after) expect(contentOwners(object)).toEqual(OURS);
  });

  test("is refused where spec.sync.adopt is never, and allowed by the object in Git all the same", async () => {
    await using world = await worldWith([{ object: older(), by: CLIENT_SIDE }], { sync: { adopt: "never" } });
    const before = await live(world);
    await world.plumbline.start();
    const { problems } = await world.status((status) => status.problems.length > 0);
    expect(problems).toMatchObject([{ code: "PL-ADOPT-REFUSED", where: "web/deploy.yaml:1" }]);
    await until("the sibling", () => world.object("configmap", "other"));
    expect(await live(world)).toEqual(before);
    await world.commit({
      "web/deploy.yaml": JSON.stringify(newer({ annotations: { "plumbline.dev/adopt": "allowed" } })),
    });
    await world.status(({ sync }) => sync.status === "Synced");
    expect(traces(await live(world))).toEqual([]);
  });

  test("with a wish that is not understood is an error of that object", async () => {
    const files = {
      ...FILES,
      "web/deploy.yaml": JSON.stringify(newer({ annotations: { "plumbline.dev/adopt": "yes" } })),
    };
    await using world = await World.make({ files });
    await world.plumbline.start();
    const { problems } = await world.status((status) => status.problems.length > 0);
    expect(problems).toMatchObject([{ code: "PL-MANIFEST-INVALID" }]);
  });
});
