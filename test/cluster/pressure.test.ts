import { expect, test } from "vitest";
import { Pressure } from "../../src/cluster/pressure.ts";

test("a server that is not busy holds nobody", () => {
  expect([0, 0, 5].map((now) => new Pressure().hold(now))).toEqual([0, 0, 0]);
});

test("one that was told to wait speaks for all, and they come back one by one", () => {
  const pressure = new Pressure();
  pressure.busy(100, 1000);
  const holds = Array.from({ length: 512 }, () => pressure.hold(100));
  expect(holds.slice(0, 3)).toEqual([1000, 1020, 1040]);
  expect(holds.filter((hold) => hold <= 2000)).toHaveLength(51);
  expect(Math.max(...holds)).toBe(10_000);
});

test("two seconds after what it asked for the server is as before", () => {
  const pressure = new Pressure();
  pressure.busy(0, 1000);
  expect(pressure.hold(2900)).toBe(0);
  expect(pressure.hold(2900)).toBe(20);
  expect(pressure.hold(3000)).toBe(0);
  expect(pressure.hold(3000)).toBe(0);
});

test("a shorter time does not shorten a longer one", () => {
  const pressure = new Pressure();
  pressure.busy(0, 5000);
  pressure.busy(10, 1000);
  expect(pressure.hold(10)).toBe(4990);
});
