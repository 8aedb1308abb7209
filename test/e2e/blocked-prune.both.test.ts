import { expect, test } from "vitest";
import { describeTarget } from "../target/index.ts";
import { configMap, deployment, service } from "./manifests.ts";
import { until } from "./until.ts";
import { World } from "./world.ts";

const FILES = {
  "web/config.yaml": configMap("settings", { colour: "blue" }),
  "web/kept.yaml": configMap("kept", { colour: "blue" }),
  "web/deploy.yaml": deployment("web"),
  "web/held.yaml": deployment("held"),
  "web/service.yaml": service("web"),
};

describeTarget("a deletion that hangs on a finalizer", () => {
  test("is named at the deadline and after it, holds neither its stage nor the next commit, and what is deleted after it waits", async () => {
    await using world = await World.synced({ files: FILES, sync: { timeout: "3s", pruneLimit: 100 } });
    await world.kubectl(
      "patch",
      "deployment",
      "held",
      "--type=merge",
      "-p",
      '{"metadata":{"finalizers":["example.com/hold"]}}',
    );
    await world.commit({
      "web/config.yaml": null,
      "web/deploy.yaml": null,
      "web/held.yaml": null,
      "web/service.yaml": null,
    });
    const { lastSync } = await world.status(
      ({ lastSync: last }) => JSON.stringify(last ?? "").includes("PL-PRUNE-BLOCKED"),
      60,
    );
    expect(JSON.stringify(lastSync)).toContain("example.com/hold (of the controller of example.com)");
    expect(await world.object("deployment", "web")).toBeUndefined();
    expect(await world.object("configmap", "settings")).toBeDefined();
    await world.status(
      ({ waiting, sync }) => waiting?.includes("example.com/hold") === true && sync.status === "Pending",
    );
    await world.commit({ "web/kept.yaml": configMap("kept", { colour: "red" }) });
    await until(
      "the next commit",
      async () => (await world.object<{ data: { colour: string } }>("configmap", "kept"))?.data.colour === "red",
    );
    expect(await world.object("configmap", "settings")).toBeDefined();
    await world.kubectl("patch", "deployment", "held", "--type=merge", "-p", '{"metadata":{"finalizers":null}}');
    await world.status(({ sync }) => sync.status === "Synced", 60);
    expect(await world.object("configmap", "settings")).toBeUndefined();
  });
});
