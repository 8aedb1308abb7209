import { expect, test } from "vitest";
import { createRemoteSources, type SourceStore } from "../../src/source/index.ts";
import { Entries } from "../../src/sync/entries.ts";
import { PassRunner, type PassRunnerParts } from "../../src/sync/pass-runner.ts";
import { application } from "./applications.ts";

const HOUR = 3_600_000;
const problem = { code: "PL-KIND-UNKNOWN", message: "no such kind", next: "define it", retry: "interval" } as const;

test("what waits for a time waits no longer than before when the clock is set back", async () => {
  let time = 10 * HOUR;
  const entries = new Entries("plumbline-system", "home");
  entries.replace(new Map([["default/web", { application: application("web", [], { suspend: true }), by: "a file" }]]));
  const entry = entries.get("default/web");
  if (entry === undefined) throw new Error("there is an application");
  // A suspended application asks nobody anything.
  const parts = { entries, now: () => time } as unknown as PassRunnerParts;
  const passes = new PassRunner(parts);
  const pass = () => passes.run("default/web", entry, { trigger: { kind: "interval" }, run });
  const run = { rest: () => {}, wake: async () => {}, use: async <T>(work: () => Promise<T>) => await work() };
  const { unknownKinds } = entry.memory;

  await pass();
  unknownKinds.note("Widget", problem, { until: time + 1000, now: time });
  entry.memory.of("a").refusal = { manifestHash: "h", until: time + 1000, problem };
  time += 10;
  await pass();
  expect(unknownKinds.recall("Widget", time)).toEqual(problem);

  time -= HOUR;
  await pass();
  expect(unknownKinds.recall("Widget", time)).toBeUndefined();
  expect(entry.memory.of("a").refusal).toBeUndefined();
});

test("a ref of elsewhere is asked for again when the clock was set back", async () => {
  let time = 10 * HOUR;
  let polls = 0;
  const store = {
    poll: async () => void polls++,
    resolve: async () => ({ revision: "r" }),
    snapshot: async () => ({}),
  } as unknown as SourceStore;
  const remote = createRemoteSources({ store, allowed: ["https://git.example/base"], now: () => time });
  const clone = () => remote.clone({ url: "https://git.example/base", ref: "" });
  await clone();
  await clone();
  time -= HOUR;
  await clone();
  expect(polls).toBe(2);
});
