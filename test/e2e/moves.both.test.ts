import { expect, test } from "vitest";
import type { KubeObject } from "../../src/model/index.ts";
import { describeTarget } from "../target/index.ts";
import { configMap } from "./manifests.ts";
import { until } from "./until.ts";
import { World } from "./world.ts";

/** Another application of the same repository: its path is its name. */
function named(world: World, name: string): string {
  return world.applicationDocument({ path: name }).replace('"name":"web"', `"name":"${name}"`);
}

describeTarget("an object that Git moves from one application to another", () => {
  test("is taken over where it is, and never deleted, whichever of them looks first", async () => {
    await using world = await World.make({
      files: {
        ...Object.fromEntries(["a", "b", "c"].map((name) => [`web/${name}.yaml`, configMap(name, { colour: "blue" })])),
        "api/own.yaml": configMap("own", {}),
      },
    });
    const api = JSON.parse(named(world, "api")) as { spec: object };
    // What waits for its objects to be handed over is no reason to wait for it.
    const dependent = JSON.stringify({ ...api, spec: { ...api.spec, dependsOn: [{ name: "web" }] } });
    world.plumbline.setApplications([named(world, "web"), dependent].join("\n---\n"));
    await world.plumbline.start();
    const synced = async (revision: string): Promise<void> => {
      for (const name of ["default/web", "default/api"])
        await world.plumbline.status(
          name,
          ({ sync, source }) => sync.status === "Synced" && source.revision === revision,
        );
    };
    await synced(await world.repository.head());
    const before = await world.object<KubeObject>("configmap", "a");
    const other = await world.object<KubeObject>("configmap", "own");

    await synced(
      await world.commit({ "web/a.yaml": null, "api/a.yaml": configMap("a", { colour: "red" }), "web/c.yaml": null }),
    );
    const after = await world.object<KubeObject>("configmap", "a");
    expect(after?.metadata["uid"]).toBe(before?.metadata["uid"]);
    expect(after).toMatchObject({ data: { colour: "red" } });
    expect(after?.metadata.labels).toEqual(other?.metadata.labels);
    await until("the end of what moved nowhere", async () => (await world.object("configmap", "c")) === undefined);

    await synced(await world.commit({ "api/a.yaml": null, "web/a.yaml": configMap("a", { colour: "green" }) }));
    expect((await world.object<KubeObject>("configmap", "a"))?.metadata["uid"]).toBe(before?.metadata["uid"]);
  });
});
