import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { abortable } from "../../src/kit/abortable.ts";
import { backoffDelay } from "../../src/kit/backoff.ts";
import { formatDuration, parseDuration } from "../../src/kit/duration.ts";
import { sleep } from "../../src/kit/sleep.ts";

afterEach(() => void vi.useRealTimers());

test("backoff doubles up to the cap and lies anywhere in the upper half", () => {
  const at = (failures: number, random: number) =>
    backoffDelay(failures, { baseMs: 100, capMs: 1000, random: () => random });
  expect([1, 2, 3, 4, 5, 6].map((failures) => at(failures, 1))).toEqual([100, 200, 400, 800, 1000, 1000]);
  expect(at(3, 0)).toBe(200);
});

test("backoff is never below half of the first wait nor above the cap, after any number of failures", () => {
  fc.assert(
    fc.property(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
      const wait = backoffDelay(failures, { baseMs: 10, capMs: 5000, random: () => random });
      expect(wait).toBeGreaterThanOrEqual(5);
      expect(wait).toBeLessThanOrEqual(5000);
    }),
  );
});

test.each([
  ["90s", 90_000],
  ["1h30m", 5_400_000],
  ["250ms", 250],
  ["1m1ms", 60_001],
  ["0s", 0],
])("%s is %i milliseconds", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(["", "5", "s", "1d", "-1s", "1.5h", "1 s", "1s ", "1S"])("%j is no duration", (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test.each([
  [250, "250ms"],
  [1000, "1s"],
  [90_500, "1m30s"],
  [3_600_000, "1h"],
  [3_720_000, "1h2m"],
  [3_601_000, "1h"],
  [90_061_000, "1d1h"],
])("%i milliseconds are said as %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test("sleep ends after its time", async () => {
  const began = performance.now();
  await sleep(15);
  expect(performance.now() - began).toBeGreaterThanOrEqual(14);
});

test("sleep rejects with the signal's own reason, at once when it was aborted before and soon when it is later", async () => {
  const reason = new Error("enough");
  await expect(sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
  const cancel = new AbortController();
  const sleeping = expect(sleep(60_000, cancel.signal)).rejects.toBe(reason);
  cancel.abort(reason);
  await sleeping;
});

test("a promise is given up at the signal, without which it is waited for, and its own end comes first", async () => {
  const reason = new Error("enough");
  const never = new Promise<number>(() => {});
  await expect(abortable(never, AbortSignal.abort(reason))).rejects.toBe(reason);
  await expect(abortable(Promise.resolve(1), new AbortController().signal)).resolves.toBe(1);
  await expect(abortable(Promise.resolve(1), undefined)).resolves.toBe(1);
  await expect(abortable(Promise.reject(reason), new AbortController().signal)).rejects.toBe(reason);
});
