import { expect, test } from "vitest";
import type { KubeObject } from "../../src/model/index.ts";
import { describeTarget } from "../target/index.ts";
import { configMap, deployment, service, yaml } from "./manifests.ts";
import { until } from "./until.ts";
import { World } from "./world.ts";

const FILES = {
  "web/config.yaml": configMap("settings", { colour: "blue" }),
  "web/deploy.yaml": deployment("web"),
  "web/service.yaml": service("web"),
  "web/kept.yaml": yaml("v1", "ConfigMap", "kept", {
    metadata: { name: "kept", annotations: { "helm.sh/resource-policy": "keep" } },
  }),
};

/** Another application of the same file, so that this is never empty. */
const other = (world: World) => world.applicationDocument({ path: "other" }).replace('"name":"web"', '"name":"other"');
const both = (world: World) => `${world.applicationDocument({})}\n---\n${other(world)}`;

async function member(world: World, kind: string, name: string) {
  return await world.object<KubeObject>(kind, name);
}

async function gone(world: World, name = "web"): Promise<void> {
  await until(
    "the end of the application",
    async () => (await world.object("configmap", `default.${name}`)) === undefined,
  );
}

async function twoApplications(spec: object): Promise<World> {
  const world = await World.make({ files: { ...FILES, "other/o.yaml": configMap("other", {}) }, spec: { ...spec } });
  world.plumbline.setApplications(both(world));
  await world.plumbline.start();
  for (const name of ["default/web", "default/other"])
    await world.plumbline.status(name, ({ sync }) => sync.status === "Synced");
  return world;
}

describeTarget("an application that is removed from its file", () => {
  test("goes with its objects where its policy is prune; what says that it is kept stays, and is nobody's", async () => {
    await using world = await twoApplications({ deletion: "prune" });
    world.plumbline.setApplications(other(world));
    await gone(world);
    for (const [kind, name] of [
      ["configmap", "settings"],
      ["deployment", "web"],
      ["service", "web"],
    ] as const)
      expect(await world.object(kind, name)).toBeUndefined();
    const kept = await member(world, "configmap", "kept");
    expect(kept?.metadata.labels?.["applyset.kubernetes.io/part-of"]).toBeUndefined();
    expect(kept?.metadata.annotations).toEqual({ "helm.sh/resource-policy": "keep" });
    expect(await world.object("configmap", "other")).toBeDefined();
    await until(
      "that it is not found",
      async () => (await world.plumbline.post("/api/v1/applications/default/web/sync")).status === 404,
    );
  });

  test("leaves its objects where its policy is orphan, and they are free for the next one, who owns what it sets", async () => {
    await using world = await twoApplications({});
    world.plumbline.setApplications(other(world));
    await gone(world);
    const left = await member(world, "deployment", "web");
    expect(left?.metadata.annotations?.["plumbline.dev/id"]).toBeUndefined();
    expect((left?.metadata.managedFields ?? []).map(({ manager }) => manager)).not.toContain("plumbline");
    const renamed = world.applicationDocument({}).replace('"name":"web"', '"name":"web2"');
    world.plumbline.setApplications(`${renamed}\n---\n${other(world)}`);
    await world.plumbline.status("default/web2", ({ sync }) => sync.status === "Synced");
    const taken = await member(world, "deployment", "web");
    expect(taken?.metadata.uid).toBe(left?.metadata.uid);
    expect(taken?.metadata.annotations?.["plumbline.dev/id"]).toContain("default.web2:");
  });

  test("while Plumbline was down is still found by its parent; and nothing ends over an empty file or one that cannot be read", async () => {
    await using world = await twoApplications({ deletion: "prune" });
    const uid = (await member(world, "deployment", "web"))?.metadata.uid;
    world.plumbline.setApplications("");
    await world.plumbline.status("default/web", ({ sync }) => sync.message.includes("declare no application at all"));
    world.plumbline.setApplications("kind: [");
    await until("the refusal", () => world.plumbline.output.includes("cannot be used"));
    await world.plumbline.kill();
    world.plumbline.setApplications("");
    await world.plumbline.start();
    const { sync } = await world.plumbline.status("default/web", ({ sync }) => sync.message.includes("no application"));
    expect(sync.message).toContain("plumb delete default/web --prune");
    expect((await member(world, "deployment", "web"))?.metadata.uid).toBe(uid);
    await world.plumbline.kill();
    world.plumbline.setApplications(other(world));
    await world.plumbline.start();
    await gone(world);
    expect(await world.object("deployment", "web")).toBeUndefined();
    // This process has never known what it declared.
    expect(world.plumbline.output).toContain(
      "hooks of its deletion (PreDelete, PostDelete), if it has any, are not run",
    );
    await world.plumbline.status("default/other", (status) => status.sync.status === "Synced");
  });
});
