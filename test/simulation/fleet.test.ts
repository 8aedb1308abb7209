import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../cli/run-plumb.ts";
import type { Simulated } from "./run.ts";

const MAIN = join(import.meta.dirname, "main.ts");

/** A process of its own: it takes over clocks and timers. */
function simulated(
  size: Readonly<Record<string, number>>,
  interval: string,
): { readonly result: Simulated; readonly text: string } {
  const file = join(temporaryFolder(), "simulated.json");
  const flags = Object.entries(size).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [MAIN, ...flags, "--interval", interval, "--json", file],
    {
      encoding: "utf8",
    },
  );
  expect({ status, words: status === 0 ? "" : stderr }).toEqual({ status: 0, words: "" });
  return { result: JSON.parse(readFileSync(file, "utf8")), text: stdout };
}

test("three replicas on simulated clocks and clusters share what there is to do, ask each repository once, and replace one that dies", () => {
  const size = { applications: 96, clusters: 8, replicas: 3, loops: 3, repositories: 5 };
  const { result, text } = simulated(size, "60s");
  const { first, idle, commit, away, death } = result;
  // Who joins takes over what another one has begun, and says so on its parent.
  expect(first.kube["apply"]).toBeGreaterThanOrEqual(3 * size.applications);
  expect(first.kube["apply"]).toBeLessThanOrEqual(4 * size.applications);
  // By its interval everything has a pass, and each repository one question, a little sooner or later; Kubernetes has none.
  expect(idle.kube).toEqual({});
  expect(Object.keys(idle.passes)).toEqual(["interval"]);
  expect(Math.abs((idle.passes["interval"] ?? 0) - size.applications)).toBeLessThan(size.applications / 2);
  expect(idle.git["ls-refs"]).toBeLessThanOrEqual(2 * (size.repositories + 1));
  expect(commit).toMatchObject({ applications: 48, delays: { last: expect.any(Number) } });
  expect(commit.kube["apply"]).toBeLessThanOrEqual(3 * 48);
  expect(away.unknown).toBe((size.applications / size.clusters) * 5);
  expect(away.recovered).toBeLessThan(60);
  expect(death.moved).toBe(death.lost);
  expect(death.syncedAfter).toBeLessThan(15);
  expect(result.largestShare).toBeLessThan(size.applications);
  expect(text).toContain("| a minute with nothing to do |");
}, 150_000);
