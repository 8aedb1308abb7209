/**
 * The contract of the sandbox: the same requests to it and to the real kube-apiserver, and the same answers. In the project `cluster`
 * the goldens are shown to be what the real server says (UPDATE_GOLDEN=1 writes them anew); in the project `sandbox` the sandbox is
 * held to them, but for the listed exceptions.
 */
import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { describeCluster } from "../../controlplane/index.ts";
import { type Difference, differencesOf, printDifference } from "./differences.ts";
import { EXCEPTIONS, type Exception, excuses, type Place } from "./exceptions.ts";
import { type Goldens, readGoldens, UPDATE, writeGoldens } from "./golden.ts";
import { type GoldenAnswer, normalise } from "./normalise.ts";
import { play } from "./play.ts";
import type { Scenario, Theme } from "./scenario.ts";
import { THEMES } from "./scenarios/index.ts";
import { openTarget, type Target } from "./target.ts";

const IS_SANDBOX = inject("target") === "sandbox";
const used = new Set<Exception>();
let playedThemes = 0;

for (const theme of THEMES) describeTheme(theme);

test.runIf(IS_SANDBOX)("every exception is needed", ({ skip }) => {
  if (playedThemes < THEMES.length) skip("only some scenarios were played");
  expect(EXCEPTIONS.filter((exception) => !used.has(exception))).toEqual([]);
});

function describeTheme(theme: Theme): void {
  if (theme.scenarios.some(usesKubectl) && !hasKubectl()) {
    describe.skip(theme.name, () => test("needs kubectl 1.32 on the path", () => undefined));
  } else if (IS_SANDBOX) describe(theme.name, () => testTheme(theme));
  else describeCluster(theme.name, () => testTheme(theme), { controllers: theme.controllers ?? false });
}

function testTheme(theme: Theme): void {
  const goldens = readGoldens(theme.name);
  const fresh = new Map<string, readonly GoldenAnswer[]>();
  let target: Target;
  beforeAll(async () => {
    target = await openTarget(theme);
  });
  afterAll(async () => {
    await target[Symbol.asyncDispose]();
    if (fresh.size === theme.scenarios.length) playedThemes++;
    if (UPDATE && !IS_SANDBOX) writeGoldens(theme.name, inOrder(theme, { ...goldens, ...Object.fromEntries(fresh) }));
  });
  test.for(theme.scenarios)("$name", { concurrent: theme.alone !== true }, async (scenario, { expect: expectHere }) => {
    const answers = normalise(await play(target, scenario), scenario);
    fresh.set(scenario.name, answers);
    if (UPDATE && !IS_SANDBOX) return;
    const golden = goldens[scenario.name];
    expectHere(golden, "golden answers: UPDATE_GOLDEN=1 with --project cluster writes them").toBeDefined();
    const place = { theme: theme.name, scenario: scenario.name };
    const differences = differencesOf(golden ?? [], answers).filter((difference) => !isExcused(place, difference));
    expectHere(differences.map(printDifference).join("\n")).toBe("");
  });
}

function isExcused(place: Place, difference: Difference): boolean {
  if (!IS_SANDBOX) return false;
  const excuse = EXCEPTIONS.filter((exception) => excuses(exception, place, difference));
  for (const exception of excuse) used.add(exception);
  return excuse.length > 0;
}

/** A golden whose scenario is gone goes too. */
function inOrder(theme: Theme, goldens: Goldens): Goldens {
  return Object.fromEntries(theme.scenarios.map(({ name }) => [name, goldens[name] ?? []]));
}

function usesKubectl({ steps }: Scenario): boolean {
  return steps.some(({ kind }) => kind === "kubectl");
}

/** What kubectl prints is its own, too: the goldens were written with this version of it. */
function hasKubectl(): boolean {
  const { stdout } = spawnSync("kubectl", ["version", "--client"], { encoding: "utf8" });
  return / v1\.32\./.test(stdout ?? "");
}
