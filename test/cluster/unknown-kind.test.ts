import fc from "fast-check";
import { expect, test } from "vitest";
import { editDistance } from "../../src/cluster/unknown-kind.ts";

test.each([
  ["deployment", "deployment", 0],
  ["deploymnt", "deployment", 1],
  ["dpeloyment", "deployment", 1],
  ["deploymentt", "deployment", 1],
  ["pod", "node", 2],
])("from %s to %s it is %i", (one, other, distance) => {
  expect(editDistance(one, other, 3)).toBe(distance);
});

test("the distance is the same both ways, and above the limit it only has to be above it", () => {
  const word = fc.string({ maxLength: 8, unit: fc.constantFrom("a", "b", "c") });
  fc.assert(
    fc.property(word, word, (one, other) => {
      expect(editDistance(one, other, 9)).toBe(editDistance(other, one, 9));
      const distance = editDistance(one, other, 9);
      expect(editDistance(one, other, 2) > 2).toBe(distance > 2);
    }),
  );
});
