import { join } from "node:path";
import { expect, test } from "vitest";
import { isJsonObject, type KubeObject } from "../../src/model/index.ts";
import { ownCluster } from "../target/index.ts";
import { configMap } from "./manifests.ts";
import { until } from "./until.ts";
import { World } from "./world.ts";

const CRD = join(import.meta.dirname, "../../manifests/deploy/crd.yaml");
const NAMES = ["a", "b", "c", "d"];
const FILES = Object.fromEntries(NAMES.map((name) => [`apps/${name}/x.yaml`, configMap(`own-${name}`, {})]));
const FINALIZER = "plumbline.dev/deletion";

async function apply(world: World, deletion: "prune" | "orphan"): Promise<void> {
  const document = JSON.stringify({
    apiVersion: "plumbline.dev/v1alpha1",
    kind: "Application",
    metadata: { name: "apps", namespace: "default" },
    spec: {
      each: { name: "{{ path.name }}" },
      source: { repo: world.repository.url, ref: "main", path: "apps/*" },
      destination: { namespace: world.namespace },
      sync: { interval: "1s" },
      deletion,
    },
  });
  const { code, stderr } = await world.cluster.kubectl(["apply", "-f", "-"], document);
  expect([code, stderr]).toEqual([0, expect.anything()]);
}

async function fleetOf({ cluster }: World): Promise<KubeObject | undefined> {
  const args = ["get", "applications.plumbline.dev", "apps", "-n", "default", "--ignore-not-found", "-o", "json"];
  const { stdout } = await cluster.kubectl(args);
  return stdout === "" ? undefined : (JSON.parse(stdout) as KubeObject);
}

/** Its message, when it fits. */
async function says(world: World, fits: RegExp): Promise<KubeObject> {
  let last: unknown;
  return await until(`a status like ${String(fits)}`, async () => {
    const object = await fleetOf(world);
    last = object?.["status"];
    return isJsonObject(last) && fits.test(String(last["message"])) && object;
  }).catch((error: unknown) => {
    throw new Error(`${JSON.stringify(last)}\n${world.plumbline.output.slice(-2000)}`, { cause: error });
  });
}

const remove = (world: World) =>
  world.cluster.kubectl(["delete", "applications.plumbline.dev", "apps", "-n", "default", "--wait=false"]);

test("a declaration of many in the cluster says what it makes and what fails, and its deletion prunes all it made, or lets go of it", async () => {
  await using cluster = await ownCluster();
  expect((await cluster.kubectl(["apply", "-f", CRD])).code).toBe(0);
  await using world = await World.make({ cluster, files: { ...FILES, "web/o.yaml": configMap("other", {}) } });
  await apply(world, "prune");
  await world.plumbline.start();
  const well = await says(world, /4 of 4 applications are Synced/);
  expect(well.metadata.finalizers).toEqual([FINALIZER]);
  expect(well["status"]).toMatchObject({
    message: "makes 4 applications; 4 of 4 applications are Synced; 4 of 4 applications are Healthy",
    ...{ sync: { status: "Synced" }, health: { status: "Healthy" } },
    conditions: [{ type: "Ready", status: "True", reason: "Healthy" }],
  });

  await world.commit({ "apps/Bad_Name/x.yaml": configMap("bad", {}), "apps/c/x.yaml": "kind: [" });
  const bad = await says(world, /PL-FLEET-MEMBER.*PL-YAML/);
  expect(bad["status"]).toMatchObject({
    message: expect.stringMatching(
      /^makes 4 applications; 1 .*apps\/Bad_Name.*; nothing is removed: .*; default\/c: PL-YAML/,
    ),
    conditions: [{ type: "Ready", status: "False", reason: "Failed" }],
  });
  await world.commit({ "apps/Bad_Name/x.yaml": null, "apps/c/x.yaml": configMap("own-c", {}) });
  await says(world, /4 of 4 applications are Synced/);

  const hold = (finalizers: string) =>
    world.kubectl("patch", "configmap", "own-b", "--type=merge", "-p", `{"metadata":{"finalizers":${finalizers}}}`);
  await hold('["example.com/hold"]');
  await remove(world);
  const going = await says(world, /is being deleted; 1 of 4 .*default\/b: .*example\.com\/hold/);
  expect(going.metadata.finalizers).toEqual([FINALIZER]);
  await world.plumbline.kill();
  await world.plumbline.start();
  await says(world, /is being deleted; 1 of 4 .*default\/b: .*example\.com\/hold/);
  await hold("null");
  await until("the end of the declaration", async () => (await fleetOf(world)) === undefined);
  for (const name of NAMES) {
    expect(await world.object("configmap", `own-${name}`)).toBeUndefined();
    expect(await world.object("configmap", `default.${name}`)).toBeUndefined();
  }

  await apply(world, "orphan");
  expect((await says(world, /4 of 4 applications are Synced/)).metadata.finalizers).toBeUndefined();
  await remove(world);
  for (const name of NAMES) {
    await until(`the end of ${name}`, async () => (await world.object("configmap", `default.${name}`)) === undefined);
    const left = await world.object<KubeObject>("configmap", `own-${name}`);
    expect(left?.metadata.labels?.["applyset.kubernetes.io/part-of"]).toBeUndefined();
    expect(left).toBeDefined();
  }
  expect(await world.object("configmap", "other")).toBeDefined();
});
