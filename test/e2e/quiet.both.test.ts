import { expect, test } from "vitest";
import { requestsBetween, sumRequests } from "../controlplane/index.ts";
import { describeTarget, ownCluster } from "../target/index.ts";
import { configMap, deployment, service } from "./manifests.ts";
import { plumblineRequests } from "./quiet.ts";
import { World } from "./world.ts";

const FILES = {
  "web/config.yaml": configMap("settings", { a: "1" }),
  "web/deploy.yaml": deployment("web"),
  "web/service.yaml": service("web"),
};

/** Health that is on its way is looked into every ten seconds, which is something to do. */
const { "web/deploy.yaml": _, ...AT_REST } = FILES;

async function addresses(world: World): Promise<string[]> {
  return (await plumblineRequests(world)).map(({ verb, requestURI }) => `${verb} ${requestURI}`);
}

describeTarget("passes with nothing to do", () => {
  test("make no request to Kubernetes, by the server's own count, and one ls-refs to the repository an interval", async () => {
    await using cluster = await ownCluster();
    await using world = await World.synced({ files: AT_REST, cluster });
    // The start itself looks twice which kinds there are, a second apart.
    const settled = await world.status(({ lastPass }) => lastPass?.trigger === "interval" && lastPass.id >= 5);
    const polls = world.git.requests.count("ls-refs");
    const counts = await cluster.requestCounts();
    const audit = await addresses(world);
    expect(audit.length).toBeGreaterThan(5);
    const first = settled.lastPass?.id ?? 0;

    const later = await world.status(({ lastPass }) => (lastPass?.id ?? 0) >= first + 4, 30);

    expect(later.lastPass?.outcomes).toEqual([]);
    expect((await addresses(world)).slice(audit.length)).toEqual([]);
    const writes = requestsBetween(counts, await cluster.requestCounts());
    expect(sumRequests(writes, { verb: "APPLY" }) + sumRequests(writes, { verb: "PATCH" })).toBe(0);
    const passed = (later.lastPass?.id ?? 0) - first;
    const asked = world.git.requests.count("ls-refs") - polls;
    expect(Math.abs(asked - passed)).toBeLessThanOrEqual(2);
  });

  test("a restart that finds everything in place writes nothing and asks no dry run", async () => {
    await using cluster = await ownCluster();
    await using world = await World.synced({ files: FILES, cluster });
    await world.plumbline.kill();
    const writes = async () =>
      (await plumblineRequests(world)).filter(({ verb }) => verb === "patch" || verb === "delete" || verb === "create")
        .length;
    const before = await writes();
    expect(before).toBeGreaterThanOrEqual(4);
    await world.plumbline.start();
    await world.status(({ sync, lastPass }) => sync.status === "Synced" && (lastPass?.id ?? 0) >= 3);
    expect(await writes()).toBe(before);
  });
});
