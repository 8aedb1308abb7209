import { expect, test } from "vitest";
import { describeTarget, ownCluster, type TestCluster } from "../target/index.ts";
import { configMap, deployment } from "./manifests.ts";
import { World } from "./world.ts";

const FILES = {
  "web/deploy.yaml": deployment("web"),
  "web/config.yaml": configMap("settings", { a: "1" }),
};

describeTarget("observe mode with all rights", () => {
  test("sends nothing but dry runs, however often a person asks, and what these confirm is asked once", async () => {
    await using cluster = await ownCluster();
    await using world = await World.make({ files: FILES, cluster, sync: { observe: true } });
    for (const text of [configMap("settings", { a: "2" }), deployment("web", { replicas: 3 })]) {
      const { code } = await cluster.kubectl(["-n", world.namespace, "apply", "-f", "-"], text);
      expect(code).toBe(0);
    }
    await world.plumbline.start();
    const { resources } = await world.status(({ sync }) => sync.status === "Pending", 90);
    expect(resources.every(({ unconfirmed }) => unconfirmed === undefined)).toBe(true);
    expect(resources.flatMap(({ changes }) => changes.map(({ path }) => path))).toContain("/data/a");
    const first = await dryRuns(cluster);
    for (let i = 0; i < 3; i++) {
      await world.plumbline.post(`/api/v1/applications/${world.application}/sync?wait=true&timeout=20s`);
    }
    expect(new Set(first)).toEqual(new Set(["All"]));
    expect(await dryRuns(cluster)).toEqual(first);
    expect(await world.object("configmap", "settings")).toMatchObject({ data: { a: "2" } });
  });
});

/** What Plumbline asked for beside reading, as the requests' parameter dryRun. */
async function dryRuns(cluster: TestCluster): Promise<readonly (string | null)[]> {
  const events = await cluster.auditEvents({ user: "admin" });
  return events
    .filter(({ userAgent, verb }) => userAgent?.startsWith("plumbline") && !["get", "list", "watch"].includes(verb))
    .map(({ requestURI }) => new URL(requestURI, "http://server").searchParams.get("dryRun"));
}
