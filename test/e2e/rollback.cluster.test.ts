import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { SyncRecord } from "../../src/report/index.ts";
import { runPlumb } from "../cli/run-plumb.ts";
import { describeCluster } from "../controlplane/index.ts";
import { configMap, deployment } from "./manifests.ts";
import { until } from "./until.ts";
import { World } from "./world.ts";

const GOOD = { "web/settings.yaml": configMap("settings", { colour: "blue" }) };
/** Nobody rolls it out here, so that the application does not get healthy. */
const BAD = { "web/settings.yaml": configMap("settings", { colour: "red" }), "web/deploy.yaml": deployment("web") };

const plumb = (world: World, ...args: readonly string[]) => runPlumb([...args, "--server", world.plumbline.address]);
const colour = (world: World) => world.kubectl("get", "configmap/settings", "-o", "jsonpath={.data.colour}");

async function history(world: World): Promise<readonly SyncRecord[]> {
  const path = "/api/v1/applications/default/web/history";
  return (await world.plumbline.get<{ items: readonly SyncRecord[] }>(path)).items;
}

async function annotation(world: World): Promise<string | undefined> {
  const parent = await world.object<{ metadata: { annotations: Record<string, string> } }>("configmap", "default.web");
  return parent?.metadata.annotations["plumbline.dev/pin"];
}

describeCluster("a bad commit that is rolled back", () => {
  test("stays back while Git is ahead, also after a kill that took the data folder, until the pin is over", async () => {
    await using world = await World.synced({ files: GOOD });
    const good = await world.repository.head();
    await until("a good record", async () => (await history(world))[0]?.good === true);
    const bad = await world.commit(BAD);
    await world.status(({ sync, source }) => sync.status === "Synced" && source.revision === bad);

    const unknown = await plumb(world, "rollback", "web", "f".repeat(40), "--reason", "a slip");
    expect([unknown.code, unknown.stderr.split("  ")[0]]).toEqual([3, "PL-GIT-REF-MISSING"]);
    const told = await plumb(world, "rollback", "web", "--reason", "bad release", "--for", "2h");
    expect(told.stdout).toMatch(
      new RegExp(`^default/web is pinned to ${good.slice(0, 7)} for 2h; pass \\d+ syncs it\\n$`),
    );
    const isBack = ({ sync, source, health }: Awaited<ReturnType<World["status"]>>) =>
      sync.status === "Synced" && health.status === "Healthy" && source.revision === good;
    const back = await world.status(isBack);
    expect([back.source.newest, back.pin?.reason, back.pin?.by, await colour(world)]).toEqual([
      bad,
      "bad release",
      "local",
      "blue",
    ]);
    expect(await world.object("deployment", "web")).toBeUndefined();
    const [newest, before, first] = await history(world);
    expect([newest, before, first].map((one) => [one?.revision, one?.good, one?.by])).toEqual([
      [good, true, "local"],
      [bad, false, undefined],
      [good, true, undefined],
    ]);
    await expectShown(world, { good, bad });

    await world.plumbline.kill();
    rmSync(join(world.plumbline.dir, "data"), { recursive: true });
    await world.plumbline.start();
    const still = await world.status(isBack);
    expect([still.source.newest, still.pin]).toEqual([bad, back.pin]);
    expect(await history(world)).toEqual([]);

    const over = { ...back.pin, until: new Date(Date.now() + 1500).toISOString() };
    await world.kubectl(
      "annotate",
      "configmap/default.web",
      `plumbline.dev/pin=${JSON.stringify(over)}`,
      "--overwrite",
    );
    const gone = await world.status(({ source, sync }) => source.revision === bad && sync.status === "Synced");
    expect([gone.pin, gone.source.newest, await colour(world)]).toEqual([undefined, undefined, "red"]);
    await until("the annotation to go", async () => (await annotation(world)) === undefined);

    const lost = await plumb(world, "rollback", "web", "--reason", "again");
    expect([lost.code, lost.stderr]).toEqual([
      3,
      expect.stringMatching(/^PL-ROLLBACK-TARGET {2}default\/web {2}of the 1 syncs .*none before the current one/),
    ]);
    expect((await plumb(world, "unpin", "web")).stderr).toContain(
      "PL-INSTRUCTION-ABSENT  default/web  default/web is not",
    );
  });
});

/** Whoever looks at it in whatever way is told. */
async function expectShown(world: World, { good, bad }: { good: string; bad: string }): Promise<void> {
  const sentence = new RegExp(
    `pinned to ${good.slice(0, 7)} by local for another 1h\\d+m: bad release; Git is at ${bad.slice(0, 7)}`,
  );
  const shown = await plumb(world, "get", "applications");
  expect(shown.stdout).toContain(`${good.slice(0, 8)} (pinned)`);
  expect(shown.stdout).toMatch(sentence);
  const [diff, plan, events] = [
    await plumb(world, "diff", "web"),
    await plumb(world, "plan", "web"),
    await plumb(world, "events", "web"),
  ];
  expect([diff.code, plan.code]).toEqual([0, 0]);
  expect(diff.stderr).toMatch(sentence);
  expect(plan.stderr).toMatch(sentence);
  expect(events.stdout).toMatch(/Pinned +to [0-9a-f]{7} by local until .*Z: bad release/);
  const metrics = await (await fetch(`${world.plumbline.address}/metrics`)).text();
  expect(metrics).toContain("\nplumbline_pinned 1\n");
}
