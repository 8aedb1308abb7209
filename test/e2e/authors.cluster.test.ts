import { expect, test } from "vitest";
import type { FieldChange } from "../../src/model/index.ts";
import { describeTarget } from "../target/index.ts";
import { configMap, deployment } from "./manifests.ts";
import { until } from "./until.ts";
import { World } from "./world.ts";

const FILES = {
  "web/deploy.yaml": deployment("web"),
  "web/config.yaml": configMap("settings", { colour: "blue", shape: "round" }),
};
const LEFT = { files: FILES, sync: { selfHeal: false } };
const CONTAINER = "/spec/template/spec/containers[name=web]";

async function changeAt(
  world: World,
  path: string,
  fits: (change: FieldChange) => boolean = () => true,
): Promise<FieldChange> {
  return await until(
    `a change at ${path}`,
    async () => (await world.drift()).find(({ change }) => change.path === path && fits(change))?.change,
    60,
  );
}

/** kubectl edit with a sed script in place of an editor. */
async function edit(world: World, what: string, script: string): Promise<void> {
  process.env["KUBE_EDITOR"] = `sed -i '${script}'`;
  await world.kubectl("edit", what);
}

async function serverSideApply(world: World, manifest: object, manager: string): Promise<void> {
  const args = ["apply", "--server-side", "--force-conflicts", `--field-manager=${manager}`, "-f", "-"];
  const input = JSON.stringify(manifest);
  const { code, stderr } = await world.cluster.kubectl(["--namespace", world.namespace, ...args], input);
  if (code !== 0) throw new Error(stderr);
}

async function patch(world: World, what: string, body: object, ...args: readonly string[]): Promise<void> {
  await world.kubectl("patch", what, "--type=merge", "-p", JSON.stringify(body), ...args);
}

describeTarget("the author of a hand edit", () => {
  test("is the verb of kubectl that changed a value, with its time", async () => {
    await using world = await World.synced(LEFT);
    await edit(world, "deployment/web", "s/^  replicas: 2/  replicas: 3/");
    expect(await changeAt(world, "/spec/replicas")).toMatchObject({ manager: "kubectl-edit", operation: "Update" });
    await world.kubectl("set", "image", "deployment/web", "web=nginx:9");
    expect(await changeAt(world, `${CONTAINER}/image`)).toMatchObject({ manager: "kubectl-set", live: "nginx:9" });
    await patch(world, "configmap/settings", { data: { colour: "red" } });
    const { time, ...patched } = await changeAt(world, "/data/colour");
    expect(patched).toMatchObject({ class: "drift", manager: "kubectl-patch", operation: "Update", live: "red" });
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  test("is the one that labels and annotates; what Git does not mention is foreign, by the same author", async () => {
    await using world = await World.synced(LEFT);
    await world.kubectl("label", "configmap/settings", "team=a");
    expect(await changeAt(world, "/metadata/labels/team")).toMatchObject({
      class: "foreign",
      manager: "kubectl-label",
    });
    await world.kubectl("annotate", "--overwrite", "configmap/settings", "plumbline.dev/applied=mine");
    expect(await changeAt(world, "/metadata/annotations/plumbline.dev~1applied")).toMatchObject({
      manager: "kubectl-annotate",
    });
  });

  test("has no time where it came through scale, as an autoscaler's does", async () => {
    await using world = await World.synced(LEFT);
    const at = `/apis/apps/v1/namespaces/${world.namespace}/deployments/web/scale`;
    const scale = JSON.parse(await world.kubectl("get", "--raw", at)) as { spec: object };
    const body = JSON.stringify({ ...scale, spec: { replicas: 7 } });
    const raw = ["replace", "--raw", `${at}?fieldManager=kube-controller-manager`, "-f", "-"];
    const { code, stderr } = await world.cluster.kubectl(raw, body);
    expect([code, stderr]).toEqual([0, ""]);
    const change = await changeAt(world, "/spec/replicas");
    expect(change).toMatchObject({ live: 7, manager: "kube-controller-manager", subresource: "scale" });
    expect(change).not.toHaveProperty("time");
  });

  test("is not a controller that writes status", async () => {
    await using world = await World.synced(LEFT);
    const status = JSON.stringify({ status: { observedGeneration: 1, replicas: 2, readyReplicas: 1 } });
    await world.kubectl("patch", "deployment/web", "--subresource=status", "--type=merge", "-p", status);
    await patch(world, "configmap/settings", { data: { colour: "red" } });
    await changeAt(world, "/data/colour");
    expect((await world.drift()).map(({ change }) => change.path)).toEqual(["/data/colour"]);
  });

  test("are several where several apply the same value: the last is named first", async () => {
    await using world = await World.synced(LEFT);
    const wanted = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings" }, data: { colour: "red" } };
    await serverSideApply(world, wanted, "helm");
    await changeAt(world, "/data/colour", ({ manager }) => manager === "helm");
    await serverSideApply(world, wanted, "flux");
    const change = await changeAt(world, "/data/colour", ({ coOwners }) => coOwners !== undefined);
    const managers = [change.manager, ...(change.coOwners ?? []).map(({ manager }) => manager)];
    expect(managers.toSorted()).toEqual(["flux", "helm"]);
    expect(change).toMatchObject({ operation: "Apply", coOwners: [{ operation: "Apply" }] });
  });

  test("may bear our own name, and is somebody else all the same", async () => {
    await using world = await World.synced(LEFT);
    await patch(world, "configmap/settings", { data: { colour: "red" } }, "--field-manager=plumbline");
    expect(await changeAt(world, "/data/colour")).toMatchObject({ manager: "plumbline", operation: "Update" });
  });
});

describeTarget("an edit that the server forgets the author of", () => {
  test("removes a field: nobody has it, and who wrote since is likely", async () => {
    await using world = await World.synced(LEFT);
    await patch(world, "configmap/settings", { data: { shape: null, extra: "1" } }, "--field-manager=ann");
    const change = await changeAt(world, "/data/shape");
    expect(change).toMatchObject({ class: "drift", desired: "round", likely: [{ manager: "ann" }] });
    expect(change).not.toHaveProperty("manager");
    expect(await changeAt(world, "/data/extra")).toMatchObject({ class: "foreign", manager: "ann" });
  });

  test("removes an item of a list, which is then nobody's", async () => {
    await using world = await World.synced(LEFT);
    await world.kubectl("set", "env", "deployment/web", "A-", "B=1");
    const change = await changeAt(world, `${CONTAINER}/env[name=A]`);
    expect(change).toMatchObject({ class: "drift", likely: [{ manager: "kubectl-set" }] });
    expect(change).not.toHaveProperty("manager");
  });

  test("puts a field away and back: no drift, and the editor is its author from then on", async () => {
    await using world = await World.synced(LEFT);
    await patch(world, "configmap/settings", { data: { colour: "red" } });
    await changeAt(world, "/data/colour");
    await patch(world, "configmap/settings", { data: { colour: "blue" } }, "--field-manager=ann");
    await world.status(({ sync }) => sync.status === "Synced", 60);
    expect(await world.drift()).toEqual([]);
    const { items } = await world.plumbline.get<{ items: object[] }>(
      "/api/v1/drift?state=ended&application=default/web",
    );
    expect(items).toMatchObject([
      { change: { path: "/data/colour" }, end: { how: "reverted", by: { manager: "ann" } } },
    ]);
  });
});
