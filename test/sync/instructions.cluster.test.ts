import { expect, test } from "vitest";
import { INSTRUCTIONS_MANAGER } from "../../src/model/index.ts";
import { describeCluster, sharedControlPlane } from "../controlplane/index.ts";
import { configMap } from "../e2e/manifests.ts";
import { until } from "../e2e/until.ts";
import { chartArchive } from "../source/charts/chart-archive.ts";
import { chartServer } from "../source/charts/chart-server.ts";
import { Loop } from "./loop.ts";

const files = { "web/a.yaml": configMap("a", { colour: "blue" }) };
const PARENT = "configmap/default.web";
const HOUR = 3_600_000;
const saying = { reason: "node maintenance", by: "ann" };

interface Parent {
  readonly metadata: {
    readonly annotations: { readonly [name: string]: string };
    readonly managedFields: readonly { readonly manager: string; readonly operation: string }[];
  };
}

async function parentOf(loop: Loop): Promise<Parent> {
  return JSON.parse(await loop.kubectl("get", PARENT, "-o", "json", "--show-managed-fields")) as Parent;
}

describeCluster("what people tell Plumbline of an application", () => {
  test("may be told before the first sync: nothing is written but a parent of an empty scope, and what would be is seen", async () => {
    await using loop = await Loop.open({ files });
    loop.sync.setApplications([loop.application("web")]);
    await loop.sync.instructions.suspend("default/web", saying);
    const made = await parentOf(loop);
    expect(made.metadata.annotations["applyset.kubernetes.io/contains-group-kinds"]).toBe("");
    expect(made.metadata.annotations["plumbline.dev/applied-set"]).toBeUndefined();
    await loop.sync.start();

    const held = await loop.status("web", ({ sync }) => sync.status === "Pending");
    expect(held.waiting).toMatch(/^suspended by ann: node maintenance; it is looked at, and nothing/);
    expect(held.suspended).toEqual({ ...saying, at: held.waitingSince });
    expect(held.plan?.steps.map(({ ref, action }) => [ref.name, action])).toEqual([["a", "create"]]);
    await loop.sync.sync("default/web", { by: "ben" });
    await loop.status("web", ({ lastPass }) => lastPass?.trigger === "manual");
    expect(await loop.kubectl("get", "configmap/a", "--ignore-not-found")).toBe("");

    await loop.sync.instructions.resume("default/web", "ben");
    const { waiting, lastSync } = await loop.synced("web");
    expect([waiting, lastSync?.trigger, lastSync?.by]).toEqual([undefined, "config", "ben"]);
    const { annotations } = (await parentOf(loop)).metadata;
    expect(annotations["applyset.kubernetes.io/contains-group-kinds"]).toBe("ConfigMap");
    expect(annotations["plumbline.dev/suspended"]).toBeUndefined();
    await expect(loop.sync.instructions.resume("default/web", "ben")).rejects.toMatchObject({
      code: "PL-INSTRUCTION-ABSENT",
    });
  });

  test("outlasts every apply of the inventory, keeps drift unhealed and visible, and is over at its time", async () => {
    let ahead = 0;
    await using loop = await Loop.open({ files, now: () => Date.now() + ahead });
    await loop.start(loop.application("web"));
    await loop.synced("web");
    await loop.sync.instructions.suspend("default/web", { ...saying, forMs: 2 * HOUR });
    await loop.status("web", ({ waiting }) => waiting !== undefined);
    await loop.kubectl("patch", "configmap/a", "--type=merge", "-p", '{"data":{"colour":"red"}}');
    const { waiting } = await loop.status("web", ({ sync }) => sync.status === "Drifted");
    expect(waiting).toContain(" until 2");

    // The parent is written while the instruction stands: an apply by the inventory's own manager.
    await loop.kubectl("annotate", PARENT, "plumbline.dev/pin={", "--overwrite");
    const { warnings } = await loop.status("web", (status) => status.warnings.length > 0);
    expect(warnings).toEqual([
      `the annotation plumbline.dev/pin of ConfigMap ${loop.namespace}/default.web counts for nothing: it is no JSON object`,
    ]);

    ahead = 2 * HOUR;
    loop.sync.trigger("default/web", "interval");
    const { suspended } = await loop.synced("web");
    expect(suspended).toBeUndefined();
    const isOff = async () => (await parentOf(loop)).metadata.annotations["plumbline.dev/suspended"] === undefined;
    await until("what is over to be taken off", isOff);
  });

  test("pins a branch, a tag or a commit by its full id, and outlasts every apply of the inventory", async () => {
    await using loop = await Loop.open({ files });
    await loop.start(loop.application("web", { sync: { auto: false } }));
    await loop.status("web", ({ sync }) => sync.status === "Pending");
    const first = await loop.repository.head();
    await loop.repository.tag("v1");
    await loop.repository.commit({ "web/b.yaml": configMap("b", {}) });
    const { pin } = await loop.sync.instructions.rollback("default/web", { ...saying, revision: "v1", forMs: HOUR });
    expect(pin).toMatchObject({ revision: first, ...saying });
    // Asked for by a person, so that it is done though sync.auto is off.
    const { source, resources, lastSync } = await loop.synced("web");
    expect([source.revision, resources.length, lastSync?.by]).toEqual([first, 1, "ann"]);
    const { managedFields, annotations } = (await parentOf(loop)).metadata;
    expect(managedFields.map(({ manager }) => manager)).toContain(INSTRUCTIONS_MANAGER);
    expect(JSON.parse(annotations["plumbline.dev/pin"] ?? "")).toEqual(pin);

    const refused = (revision?: string) =>
      loop.sync.instructions.rollback("default/web", { ...saying, ...(revision === undefined ? {} : { revision }) });
    await expect(refused()).rejects.toMatchObject({ code: "PL-ROLLBACK-TARGET" });
    await expect(refused("0123456")).rejects.toMatchObject({
      code: "PL-GIT-REF-MISSING",
      next: expect.stringMatching(/^give all 40 digits/),
    });
    await loop.sync.instructions.unpin("default/web", "ben");
    await loop.status("web", (status) => status.pin === undefined && status.sync.status === "Pending");
  });

  test("pins a chart to an exact version of it", async () => {
    await using loop = await Loop.open({ files });
    const server = await chartServer();
    for (const version of ["1.0.0", "1.1.0"])
      server.add("web", version, {}, chartArchive("web", version, "", configMap("a", { version })));
    const source = { repo: server.repo, chart: "web", ref: "^1", path: "." };
    await loop.start(loop.application("web", { source }));
    await loop.synced("web");
    const rollback = (revision: string) => loop.sync.instructions.rollback("default/web", { ...saying, revision });
    await expect(rollback("1.0.7")).rejects.toMatchObject({ code: "PL-CHART-VERSION-MISSING" });
    expect((await rollback("~1.0")).pin.revision).toBe("1.0.0");
    const { source: back } = await loop.status(
      "web",
      ({ source: { revision }, sync }) => revision === "1.0.0" && sync.status === "Synced",
    );
    expect(back.newest).toBe("1.1.0");
    expect(await loop.kubectl("get", "configmap/a", "-o", "jsonpath={.data.version}")).toBe("1.0.0");
  });

  test("is refused where the parent may not be written, with the right that is missing", async () => {
    const plane = sharedControlPlane();
    const role = `reader-${process.pid}`;
    const verbs = ["--verb=get,list,watch", "--resource=configmaps,namespaces"];
    for (const args of [
      ["create", "clusterrole", role, ...verbs],
      ["create", "clusterrolebinding", role, `--clusterrole=${role}`, "--user=onlooker"],
    ])
      expect((await plane.kubectl(args)).code).toBe(0);
    await using loop = await Loop.open({ files, kubeconfig: plane.userKubeconfig("onlooker") });
    await loop.start(loop.application("web"));
    await expect(loop.sync.instructions.suspend("default/web", saying)).rejects.toMatchObject({
      code: "PL-KUBE-FORBIDDEN",
    });
    const { suspended } = await loop.status("web", ({ lastPass }) => lastPass !== undefined);
    expect(suspended).toBeUndefined();
  });

  test("is refused in observe mode, where nothing may be written, and for an application that there is not", async () => {
    await using loop = await Loop.open({ files });
    await loop.start(loop.application("web", { sync: { observe: true } }));
    await expect(loop.sync.instructions.suspend("default/web", saying)).rejects.toMatchObject({
      code: "PL-OBSERVE-ONLY",
    });
    await expect(loop.sync.instructions.suspend("default/none", saying)).rejects.toMatchObject({
      code: "PL-API-NOT-FOUND",
    });
  });
});
