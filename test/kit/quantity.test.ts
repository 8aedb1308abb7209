import { expect, test } from "vitest";
import {
  compareQuantities,
  isFinerThanMilli,
  milliQuantity,
  parseQuantity,
  sameQuantity,
} from "../../src/kit/quantity.ts";

test.for([
  ["1000m", "1"],
  ["0.5", "500m"],
  [0.5, "500m"],
  ["1024Mi", "1Gi"],
  ["1.5Gi", "1536Mi"],
  ["1e3", "1k"],
  ["1E3", "1k"],
  ["1E", "1000P"],
  [".5", "0.50"],
  ["5.", "+5"],
  ["0", "-0m"],
  ["100n", "0.1u"],
  ["9007199254740993", "9007199254740993000m"],
] as const)("%s and %s are the same quantity", ([one, other]) => {
  expect(sameQuantity(one, other)).toBe(true);
});

test.for([
  ["1", "1m"],
  ["1G", "1Gi"],
  ["-1", "1"],
  ["9007199254740993", "9007199254740992"],
] as const)("%s and %s are two quantities", ([one, other]) => {
  expect(sameQuantity(one, other)).toBe(false);
});

test.for(["", ".", "1x", "1 Gi", "Mi", "1ki", "0x1", "1e", "1e99999", null, {}, "9".repeat(300)])(
  "%j is no quantity",
  (value) => {
    expect(parseQuantity(value)).toBeUndefined();
    expect(sameQuantity(value, value)).toBeUndefined();
  },
);

test("what is finer than a thousandth may be rounded", () => {
  expect([isFinerThanMilli("0.0001"), isFinerThanMilli("100u"), isFinerThanMilli("100.0m")]).toEqual([
    true,
    true,
    false,
  ]);
});

test.each([
  ["1500u", "2m"],
  ["-1500u", "-2m"],
  [0.0001, "1m"],
  ["1000m", "1"],
])("%s in whole thousandths, away from zero, is %s", (value, expected) => {
  expect(milliQuantity(value)).toBe(expected);
});

test.each([
  ["1", "1000m", 0],
  ["1Gi", "1G", 1],
  [-1, "0", -1],
  ["many", 1, undefined],
])("%s compared with %s is %s", (one, other, expected) => {
  expect(compareQuantities(one, other)).toBe(expected);
});
