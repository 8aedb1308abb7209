import { expect, test } from "vitest";
import { isRollback } from "../../src/sync/instructions.ts";

const pin = { revision: "a", by: "ada", at: "2026-01-01T00:00:00.000Z", reason: "it broke" };

test("a pin takes back what was applied until its revision is applied whole", () => {
  expect(isRollback({ pin }, { revision: "a", newest: "c", applied: "c" })).toBe(true);
  expect(isRollback({ pin }, { revision: "a", newest: "d", applied: "c" })).toBe(true);
  expect(isRollback({ pin }, { revision: "a", newest: undefined, applied: "c" })).toBe(true);
  expect(isRollback({ pin }, { revision: "a", newest: "c", applied: "a" })).toBe(false);
});

test("nothing is taken back without a pin, where nothing was applied, or where the pin is to the newest", () => {
  expect(isRollback({}, { revision: "b", newest: undefined, applied: "a" })).toBe(false);
  expect(isRollback({ pin }, { revision: "a", newest: "c", applied: undefined })).toBe(false);
  expect(isRollback({ pin }, { revision: "a", newest: "a", applied: "c" })).toBe(false);
});
