import { expect, test } from "vitest";
import { PlumblineError, type Problem, toProblem } from "../../src/model/index.ts";
import { intervalOf, nextPassIn, timeoutOf } from "../../src/sync/schedule.ts";
import { application } from "./applications.ts";

const problem = (code: "PL-KUBE-UNREACHABLE" | "PL-YAML-TAB"): Problem =>
  toProblem(new PlumblineError(code, { message: "m" }));
const next = (rest: Partial<Parameters<typeof nextPassIn>[0]>) =>
  nextPassIn({
    spec: application("a").spec,
    problem: undefined,
    again: undefined,
    failures: 0,
    jitter: 0.1,
    random: () => 0.5,
    ...rest,
  });

test("the next pass is an interval away, moved by the jitter to either side", () => {
  expect(next({})).toBe(60_000);
  expect(next({ random: () => 0 })).toBe(54_000);
  expect(next({ random: () => 1 })).toBe(66_000);
});

test("what may pass by itself is tried again with backoff, never later than the interval", () => {
  const waits = [1, 2, 3, 20].map((failures) =>
    next({ problem: problem("PL-KUBE-UNREACHABLE"), failures, random: () => 1 }),
  );
  expect(waits).toEqual([1000, 2000, 4000, 66_000]);
});

test("what only a new revision mends waits for the interval", () => {
  expect(next({ problem: problem("PL-YAML-TAB"), failures: 3 })).toBe(60_000);
});

test("a pass that knows when to look again is heard, within the interval", () => {
  expect(next({ again: 5000 })).toBe(5000);
  expect(next({ again: 500_000 })).toBe(60_000);
  expect(next({ again: 10_000, problem: problem("PL-KUBE-UNREACHABLE"), failures: 1, random: () => 1 })).toBe(1000);
});

test("no interval and no deadline is below a second", () => {
  const { spec } = application("a");
  const hasty = { ...spec, sync: { ...spec.sync, interval: "1ms", timeout: "0s" } };
  expect([intervalOf(hasty), timeoutOf(hasty)]).toEqual([1000, 1000]);
});

test("no wait is longer than a timer can be, which would go off at once", () => {
  const { spec } = application("a");
  const patient = { ...spec, sync: { ...spec.sync, interval: "9999h", timeout: "9999h" } };
  const longest = 2 ** 31 - 1;
  expect([intervalOf(patient), timeoutOf(patient), next({ spec: patient, random: () => 1 })]).toEqual([
    longest,
    longest,
    longest,
  ]);
});
