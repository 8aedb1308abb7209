import { expect, test } from "vitest";
import { nextTry, patiently } from "../../src/apply/patience.ts";
import { type ErrorCode, PlumblineError } from "../../src/model/index.ts";

const failing = (code: ErrorCode, retryAfter?: number) =>
  new PlumblineError(code, { message: "no", ...(retryAfter === undefined ? {} : { retryAfter }) });
const middle = () => 0.5;

test.each([
  ["PL-KUBE-BUSY", 5],
  ["PL-KUBE-UNREACHABLE", 5],
  ["PL-KUBE-CONFLICT", 3],
  ["PL-KUBE-TIMEOUT", 3],
  ["PL-KUBE-UNEXPECTED", 3],
  ["PL-KUBE-INVALID", 1],
  ["PL-KUBE-WEBHOOK", 1],
  ["PL-KUBE-FORBIDDEN", 1],
] as const)("%s is worth %i tries", (code, most) => {
  const waits = [1, 2, 3, 4, 5, 6].map((times) =>
    nextTry({ error: failing(code), times, elapsedMs: 0, random: middle }),
  );
  expect(waits.findIndex((wait) => typeof wait === "string") + 1).toBe(most);
});

test("waits grow, are never the same for all, and end at five seconds", () => {
  const wait = (times: number, random: number) =>
    nextTry({ error: failing("PL-KUBE-BUSY"), times, elapsedMs: 0, random: () => random });
  expect([1, 2, 3, 4].map((times) => wait(times, 1))).toEqual([200, 400, 800, 1600]);
  expect([1, 2, 3, 4].map((times) => wait(times, 0))).toEqual([100, 200, 400, 800]);
});

test("the time that the server names is kept, and some spread over", () => {
  const wait = (random: number) =>
    nextTry({ error: failing("PL-KUBE-BUSY", 2), times: 1, elapsedMs: 0, random: () => random });
  expect([wait(0), wait(1)]).toEqual([2000, 3000]);
});

test("an hour is not waited for, and what takes a minute in all ends", () => {
  const hour = failing("PL-KUBE-BUSY", 3600);
  expect(nextTry({ error: hour, times: 1, elapsedMs: 0, random: middle })).toBe(
    "the server asks to wait 1h, which a pass does not",
  );
  expect(nextTry({ error: failing("PL-KUBE-BUSY", 10), times: 4, elapsedMs: 55_000, random: middle })).toBe(
    "tried 4 times in 55s",
  );
});

test("the last failure says how often it was tried, and keeps its code and its place", async () => {
  let asked = 0;
  const where = "ConfigMap shop/a";
  const ask = () => {
    asked++;
    return Promise.reject(new PlumblineError("PL-KUBE-CONFLICT", { message: "somebody was quicker", where }));
  };
  await expect(patiently(new AbortController().signal, ask)).rejects.toMatchObject({
    code: "PL-KUBE-CONFLICT",
    message: expect.stringMatching(/^somebody was quicker \(tried 3 times in .*s\)$/),
    where,
  });
  expect(asked).toBe(3);
});

test("a pass that ends waits for no further try", async () => {
  const end = new AbortController();
  const ended = new PlumblineError("PL-PASS-CANCELLED", { message: "stop" });
  const asking = patiently(end.signal, () => {
    setImmediate(() => end.abort(ended));
    return Promise.reject(failing("PL-KUBE-BUSY", 15));
  });
  await expect(asking).rejects.toBe(ended);
});
