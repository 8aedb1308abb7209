import { join } from "node:path";
import { expect, test } from "vitest";
import type { KubeObject } from "../../src/model/index.ts";
import { ownCluster } from "../target/index.ts";
import { configMap, deployment } from "./manifests.ts";
import { until } from "./until.ts";
import { World } from "./world.ts";

const CRD = join(import.meta.dirname, "../../manifests/deploy/crd.yaml");
const FILES = { "web/config.yaml": configMap("settings", { colour: "blue" }), "web/deploy.yaml": deployment("web") };
const HELD = configMap("settings", { colour: "red" });

/** A world whose application is an Application object with the policy prune, and its file declares another one. */
async function declaredInCluster(cluster: Awaited<ReturnType<typeof ownCluster>>): Promise<World> {
  expect((await cluster.kubectl(["apply", "-f", CRD])).code).toBe(0);
  const world = await World.make({
    cluster,
    files: { ...FILES, "other/o.yaml": configMap("other", {}) },
    spec: { deletion: "prune" },
  });
  world.plumbline.setApplications(
    world.applicationDocument({ path: "other" }).replace('"name":"web"', '"name":"other"'),
  );
  const { code, stderr } = await cluster.kubectl(["apply", "-f", "-"], world.applicationDocument({}));
  expect([code, stderr]).toEqual([0, expect.anything()]);
  await world.plumbline.start();
  await world.status(({ sync }) => sync.status === "Synced", 60);
  return world;
}

const appOf = async ({ cluster }: World): Promise<KubeObject | undefined> => {
  const { stdout } = await cluster.kubectl([
    "get",
    "applications.plumbline.dev",
    "web",
    "-n",
    "default",
    "--ignore-not-found",
    "-o",
    "json",
  ]);
  return stdout === "" ? undefined : (JSON.parse(stdout) as KubeObject);
};

test("kubectl delete of an Application takes its objects along, waits for them and says so, and a kill in between changes nothing", async () => {
  await using cluster = await ownCluster();
  await using world = await declaredInCluster(cluster);
  await until("the finalizer", async () =>
    (await appOf(world))?.metadata.finalizers?.includes("plumbline.dev/deletion"),
  );
  await world.commit({ "web/config.yaml": HELD });
  await world.kubectl(
    "patch",
    "deployment",
    "web",
    "--type=merge",
    "-p",
    '{"metadata":{"finalizers":["example.com/hold"]}}',
  );
  await cluster.kubectl(["delete", "applications.plumbline.dev", "web", "-n", "default", "--wait=false"]);
  await world.status(({ waiting }) => waiting?.includes("example.com/hold") === true);
  await until("the object's own status", async () =>
    JSON.stringify((await appOf(world))?.["status"]).includes("example.com/hold"),
  );
  await world.plumbline.kill();
  expect((await appOf(world))?.metadata.finalizers).toEqual(["plumbline.dev/deletion"]);
  expect(await world.object("configmap", "settings")).toBeDefined();
  await world.plumbline.start();
  await world.status(({ waiting }) => waiting?.includes("example.com/hold") === true);
  expect(await world.object("configmap", "settings")).toBeDefined();
  await world.kubectl("patch", "deployment", "web", "--type=merge", "-p", '{"metadata":{"finalizers":null}}');
  await until("the end of the Application", async () => (await appOf(world)) === undefined);
  expect(await world.object("deployment", "web")).toBeUndefined();
  expect(await world.object("configmap", "settings")).toBeUndefined();
  expect(await world.object("configmap", "default.web")).toBeUndefined();
});

test("who deletes the definition of Application does not mean what the applications made", async () => {
  await using cluster = await ownCluster();
  await using world = await declaredInCluster(cluster);
  await until("the finalizer", async () =>
    (await appOf(world))?.metadata.finalizers?.includes("plumbline.dev/deletion"),
  );
  await cluster.kubectl(["delete", "crd", "applications.plumbline.dev", "--wait=false"]);
  await until(
    "the end of the definition",
    async () => (await cluster.kubectl(["get", "crd", "applications.plumbline.dev"])).code !== 0,
  );
  expect(await world.object("deployment", "web")).toBeDefined();
  expect(await world.object("configmap", "default.web")).toBeDefined();
});
