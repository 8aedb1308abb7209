import { expect, onTestFinished, test } from "vitest";
import { SILENT } from "../../src/model/index.ts";
import { Repositories } from "../../src/sync/repositories.ts";
import { StoreFleet } from "../source/shared/store-fleet.ts";
import { gitServer } from "../source/workbench.ts";

/** Two replicas, of which `a` asks for all, and the loop's part of `b` that polls; a poll by the clock is an hour away unless the interval says otherwise. */
async function pollingBench(interval = "1h") {
  const server = await gitServer();
  const repo = await server.createRepository("team/apps", { "app/a.yaml": "a: 1\n" });
  const fleet = await StoreFleet.open(["a", "b"]);
  const { store: source } = fleet.of("b");
  const polled: string[] = [];
  const repositories = new Repositories({
    ...{ source, log: SILENT, jitter: 0, random: () => 0.5 },
    division: { onChange: (listener) => fleet.onChange(listener) },
    onPolled: (_repo, kind) => void polled.push(kind),
  });
  onTestFinished(() => repositories.close());
  const wanted = { repo: repo.url, ref: "main" };
  for (const id of ["a", "b"]) await fleet.of(id).store.resolve(wanted);
  repositories.follow([{ spec: { source: wanted, sync: { interval } } }]);
  repositories.start();
  server.requests.clear();
  const revision = async () => (await source.resolve(wanted)).revision;
  return { server, repo, fleet, repositories, polled, revision, asked: () => server.requests.count("ls-refs") };
}

test("what falls to another replica is asked of that one at once, so that no commit waits for an interval", async () => {
  const { repo, fleet, repositories, revision, asked } = await pollingBench();
  expect(repositories.counts()).toEqual({ own: 0, others: 1 });
  const made = await repo.commit({ "app/a.yaml": "a: 2\n" });
  fleet.divide("b");
  await expect.poll(revision).toBe(made);
  expect(repositories.counts()).toEqual({ own: 1, others: 0 });
  expect(asked()).toBe(1);
  const next = await repo.commit({ "app/a.yaml": "a: 3\n" });
  fleet.divide("a");
  await expect.poll(revision).toBe(next);
  expect(repositories.counts()).toEqual({ own: 0, others: 1 });
  expect(asked()).toBe(2);
});

test("what another replica was told is asked of that one, under any spelling of the address, and nobody else", async () => {
  const { repo, fleet, repositories, polled, revision, asked } = await pollingBench();
  const made = await repo.commit({ "app/a.yaml": "a: 2\n" });
  await fleet.of("a").store.poll(repo.url);
  expect(fleet.of("b").heard).toEqual([{ repo: repo.url }]);
  repositories.told({ repo: repo.url.replace(/\.git$/, "/") });
  await expect.poll(revision).toBe(made);
  expect(polled).toEqual(["commit"]);
  repositories.told({ repo: "https://git.example/nobody-follows.git" });
  repositories.told({ repo: repo.url, chart: "web" });
  expect(asked()).toBe(1);
});

test("by the clock the one that asks for all is asked, and takes no question to the server for it", async () => {
  const { fleet, asked } = await pollingBench("1s");
  const { questions } = fleet.of("a");
  const before = questions.length;
  await expect.poll(() => questions.length, { timeout: 10_000 }).toBeGreaterThan(before);
  expect(questions.at(-1)).toMatchObject({ ask: "refs", withinMs: 2000 });
  // Nobody polls by the clock for `a` here: what it was told at first is older than two intervals in the end.
  expect(asked()).toBeLessThanOrEqual(1);
});

test("a webhook and a person are asked for anew, whoever asks for all", async () => {
  const { repo, fleet, repositories, revision, asked } = await pollingBench();
  const made = await repo.commit({ "app/a.yaml": "a: 2\n" });
  await repositories.refresh(repo.url, "webhook");
  expect(await revision()).toBe(made);
  expect(fleet.of("a").questions.at(-1)).toMatchObject({ withinMs: 0 });
  expect(asked()).toBe(1);
});
