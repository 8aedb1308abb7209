import fc from "fast-check";
import { expect, test } from "vitest";
import { isNewerVersion } from "../../src/cluster/resource-version.ts";
import { parseWarnings } from "../../src/cluster/warnings.ts";

test("versions are compared as numbers, however long", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n }), fc.bigInt({ min: 0n }), (a, b) => {
      expect(isNewerVersion(String(a), String(b))).toBe(a > b);
    }),
  );
});

test.each([
  ["abc", "12", true],
  ["12", "abc", true],
  ["abc", "abc", false],
  ["", "", false],
  ["5", "", true],
])("%j after %j, which cannot be compared as numbers: newer is %j", (one, other, newer) => {
  expect(isNewerVersion(one, other)).toBe(newer);
});

test.each([
  [undefined, []],
  ['299 - "v1 Endpoints is deprecated"', ["v1 Endpoints is deprecated"]],
  [
    ['299 - "one"', '299 - "two"', '299 - "one"'],
    ["one", "two"],
  ],
  ['299 - "one, with comma", 299 - "two"', ["one, with comma", "two"]],
  ['299 - "a \\"quoted\\" \\\\ word"', ['a "quoted" \\ word']],
  ["299 -", []],
])("the warnings of %j", (header, texts) => {
  expect(parseWarnings(header)).toEqual(texts);
});
