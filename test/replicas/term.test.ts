import { expect, test } from "vitest";
import { Term } from "../../src/replicas/term.ts";

function term() {
  const time = { monotonic: 0, wall: 1_000_000 };
  const clocks = { monotonic: () => time.monotonic, wall: () => time.wall };
  return { time, one: new Term("a.1", { clocks, lastsMs: 6500, since: { ...time } }) };
}

test("a tenure lasts from when the last sign of life was begun, and does not come back", () => {
  const { time, one } = term();
  const tenure = one.tenureOf("shop/web");
  time.monotonic = 6499;
  expect(tenure.isValid()).toBe(true);
  time.monotonic = 6500;
  expect(tenure.isValid()).toBe(false);
  expect(one.renew({ monotonic: 6400, wall: 1_000_000 })).toBe(false);
  expect(tenure.isValid()).toBe(false);
});

test("a machine that slept while its monotonic clock stood still has lost its tenure; a wall clock that is set back changes nothing", () => {
  const slept = term();
  slept.time.wall += 3_600_000;
  expect(slept.one.isValid()).toBe(false);
  const setBack = term();
  setBack.time.wall -= 3_600_000;
  setBack.time.monotonic = 6000;
  expect(setBack.one.isValid()).toBe(true);
});

test("one key can be taken away, with the reason, and the others stay", () => {
  const { one } = term();
  const [lost, kept] = [one.tenureOf("shop/web"), one.tenureOf("shop/cart")];
  one.revoke(
    (key) => key === "shop/web",
    (key) => `${key} falls to b`,
  );
  expect(lost.isValid()).toBe(false);
  expect(lost.signal.reason).toMatchObject({ code: "PL-PASS-CANCELLED", message: "shop/web falls to b" });
  expect(kept.isValid()).toBe(true);
});
