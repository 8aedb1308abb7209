import { expect, test } from "vitest";
import { describeTarget, testCluster } from "../target/index.ts";
import { CLIENT_SIDE, live, managersOf, older, traces, worldWith } from "./adopted.ts";
import { until } from "./until.ts";
import { startWriteGate } from "./write-gate.ts";

const DEPLOYMENT = "/deployments/web?";
const isApply = (url: string) => url.includes("force=true");

describeTarget("a process that is killed in the middle of an adoption", () => {
  test.each([
    ["before", "the patch of the owners"],
    ["after", "the patch of the owners"],
    ["before", "the apply"],
    ["after", "the apply"],
  ] as const)("%s %s leaves what the next one ends", async (when, what) => {
    const cluster = await testCluster();
    const gate = await startWriteGate(cluster);
    const through = { url: gate.url, token: cluster.token };
    await using world = await worldWith([{ object: older(), by: CLIENT_SIDE }], { cluster, through });
    let killed = false;
    gate.onWrite = ({ url, phase }) => {
      const wanted = url.includes(DEPLOYMENT) && isApply(url) === (what === "the apply");
      if (killed || phase !== when || !wanted || world.plumbline.pid === undefined) return;
      killed = true;
      process.kill(world.plumbline.pid, "SIGKILL");
    };
    await world.plumbline.start();
    await until("the kill", () => killed);
    await world.plumbline.kill();
    // The owners are ours, and nothing has gone yet: what Git had never seen is not taken for Git's.
    if (when === "after" && what !== "the apply") expect(traces(await live(world))).toHaveLength(4);
    await world.plumbline.start();
    await world.status(({ sync }) => sync.status === "Synced", 60);
    const after = await live(world);
    expect(traces(after)).toEqual([]);
    expect(managersOf(after)).toEqual(["plumbline Apply"]);
    await gate.stop();
  });
});
