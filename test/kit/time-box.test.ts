import { expect, test } from "vitest";
import { OutOfTime, timeBoxed } from "../../src/kit/time-box.ts";

test("work within its time gives its result, or its own error", () => {
  expect(timeBoxed(() => [1, 2], 1000)).toEqual([1, 2]);
  expect(() =>
    timeBoxed(() => {
      throw new RangeError("of the work");
    }, 1000),
  ).toThrow(RangeError);
});

test.each<[string, () => unknown]>([
  [
    "a loop",
    () => {
      for (;;);
    },
  ],
  ["a regular expression", () => /^(a+)+$/.test(`${"a".repeat(60)}!`)],
  [
    "numbers that grow",
    () => {
      for (let n = 3n; ; n *= n);
    },
  ],
])("work that does not end is ended: %s", (_, work) => {
  expect(() => timeBoxed(work, 20)).toThrow(OutOfTime);
  expect(timeBoxed(() => "next", 1000)).toBe("next");
});
