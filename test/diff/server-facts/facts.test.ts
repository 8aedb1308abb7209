/**
 * The 26 facts of what kube-apiserver does, each with its tests. "Recorded" means scenarios of that number in owned.ts, moved.ts and
 * custom.ts: played to the real server (facts.cluster.test.ts), noted in recorded/, and judged here without it: verdict, changed paths
 * and owned fields are the server's, with no dry run where we are sure, and nothing remembered hides a change.
 *
 * Beyond the list, generated.cluster.test.ts plays random manifests with random edits to the real server and judges in the same way.
 *
 * | fact | test |
 * |---|---|
 * | 1 refusals without a reason | facts.cluster.test.ts "a refusal of what was applied is never tried again"; test/cluster/status-error.test.ts |
 * | 2 two forms of 409 | facts.cluster.test.ts "a conflict of owners is told from a stale version"; test/cluster/status-error.test.ts |
 * | 3 to 10 owned is not present, hidden drift | recorded; 7 also in test/diff/normalise.test.ts, 10 also in facts.cluster.test.ts "equal amounts" |
 * | 11, 12 blocked unions, co-owned fields | recorded |
 * | 13 rules of aggregated roles | recorded; test/diff/normalise.test.ts "empty rules are left out of an aggregated ClusterRole only" |
 * | 14 a Job's second apply | recorded |
 * | 15 selfLink | recorded; test/diff/normalise.test.ts "is left out with one warning each, without a value" |
 * | 16 status in a manifest | recorded; test/diff/normalise.test.ts, the same |
 * | 17 one apply that does not converge | recorded; "what an apply took with it is not remembered as untouched" below |
 * | 18 to 23 structure | recorded; 18 also in test/diff/lists.test.ts and kept.test.ts, 22 also in compare.test.ts |
 * | 24 terminating objects | recorded; facts.cluster.test.ts "an apply that drops the last finalizer" |
 * | 25 numbers, digits, duplicates | recorded |
 * | 26 what a dry run does not tell | recorded; facts.cluster.test.ts "what a dry run made up is never compared" |
 */
import { describe, expect, test } from "vitest";
import { compare, isUntouched, keptAfterApply } from "../../../src/diff/index.ts";
import type { KubeObject, LiveObject } from "../../../src/model/index.ts";
import { readCaseFolder, runSet, SSA } from "../../conformance/index.ts";
import { live, stamped } from "../server.ts";
import { WIDGET } from "../small-schema.ts";
import { FACTS, RECORDED, readRecorded } from "./facts.ts";

/** Facts about errors are no questions to a diff. */
const OF_ERRORS = [1, 2];

test("every fact that a diff must know has a scenario", () => {
  const numbers = Array.from({ length: 26 }, (_, at) => at + 1);
  const played = new Set(FACTS.map(({ fact }) => fact));
  expect(numbers.filter((number) => !played.has(number))).toEqual(OF_ERRORS);
});

describe("as the real server was recorded to do it", async () => {
  const { wrong, leftOut } = await runSet(SSA, readCaseFolder(RECORDED));
  const about = (name: string) => [...wrong, ...leftOut].filter((one) => one.name.startsWith(`${name} `));

  test.each(FACTS.map(({ fact, name, changes, refused }) => [fact, name, { changes, refused }] as const))(
    "fact %i, %s: the server changes what the fact says, and so do we",
    (_fact, name, { changes, refused = 200 }) => {
      const { steps, final } = readRecorded(name);
      expect(steps.filter(({ response }) => response.code >= 300)).toEqual([]);
      const changed = (final.changes ?? []).map(({ path }) => path);
      expect({ code: final.dryRun.code, changed: changed.sort() }).toEqual({
        code: refused,
        changed: changes.toSorted(),
      });
      expect(about(name)).toEqual([]);
    },
  );
});

test("what an apply took with it is not remembered as untouched: the server is asked, and its answer is drift", () => {
  const metadata = { name: "w", namespace: "n" };
  const desired: KubeObject = stamped({ apiVersion: "example.com/v1", kind: "Widget", metadata, spec: {} }, "one");
  const { spec: _lost, ...rest } = live(desired, { schema: WIDGET });
  const there: LiveObject = rest;
  const input = { desired, manifestHash: "one", live: there, schema: WIDGET, setApplied: true };
  expect(isUntouched(keptAfterApply(input), "one", there)).toBe(false);
  expect(compare(input)).toMatchObject({ doubtful: true, kept: undefined });
  const answered = compare({ ...input, dryRun: { ...there, spec: { on: true } } });
  expect(answered).toMatchObject({ status: "Drifted", changes: [{ path: "/spec", desired: { on: true } }] });
});
