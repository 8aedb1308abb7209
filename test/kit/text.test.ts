import fc from "fast-check";
import { expect, test } from "vitest";
import { compareText } from "../../src/kit/compare-text.ts";
import { globMatches } from "../../src/kit/glob.ts";
import { canonicalJson, hashJson, sha256 } from "../../src/kit/hash.ts";
import { formatPointer, parsePointer, valueAt } from "../../src/kit/json-pointer.ts";
import { parseJson } from "../../src/kit/parse-json.ts";

test.each([
  ["web", "web", true],
  ["web", "webs", false],
  ["web-*", "web-", true],
  ["*-web", "a-b-web", true],
  ["a*b*c", "a-b-b-c", true],
  ["a*b*c", "a-c-b", false],
  ["we?", "web", true],
  ["we?", "we", false],
  ["*", "", true],
  ["", "", true],
  ["", "a", false],
  ["a.c", "abc", false],
  ["*a", "b*a", true],
])("%j against %j: %j", (pattern, text, matches) => {
  expect(globMatches(pattern, text)).toBe(matches);
});

test("globs say what the regular expression of the same meaning says", () => {
  const words = (letters: string) => fc.string({ unit: fc.constantFrom(...letters), maxLength: 8 });
  fc.assert(
    fc.property(words("ab*?"), words("ab*?"), (pattern, text) => {
      const source = pattern.replaceAll("*", ".*").replaceAll("?", ".");
      expect(globMatches(pattern, text)).toBe(new RegExp(`^${source}$`, "s").test(text));
    }),
    { numRuns: 500 },
  );
});

test("a pattern made to be slow comes to its end", () => {
  expect(globMatches("*a".repeat(50), `${"a".repeat(5000)}b`)).toBe(false);
});

test("equal values have one text and one hash, whatever the order of their keys", () => {
  expect(canonicalJson({ b: [1, { d: null, c: undefined }], a: "x" })).toBe('{"a":"x","b":[1,{"d":null}]}');
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const turned = Object.fromEntries(Object.entries(value).reverse());
      expect(hashJson(turned)).toBe(hashJson(value));
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("the order of items, and what stands where, count", () => {
  const values = [[1, 2], [2, 1], ["1", 2], [[1], 2], { "0": 1, "1": 2 }, [], {}, null, ""];
  expect(new Set(values.map(hashJson)).size).toBe(values.length);
});

test("sha256 is that of everybody else", () => {
  expect(sha256("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});

test("pointers and tokens are two spellings of one thing", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (tokens) => {
      expect(parsePointer(formatPointer(tokens))).toEqual(tokens);
    }),
  );
  expect(formatPointer(["a/b", "m~n", 0])).toBe("/a~1b/m~0n/0");
  expect(parsePointer("/~01")).toEqual(["~1"]);
  expect(parsePointer("a/b")).toBeUndefined();
});

test("a value is found by its own properties alone", () => {
  const root = { a: [{ b: 1 }], none: null };
  expect(valueAt(root, [])).toBe(root);
  expect(valueAt(root, ["a", 0, "b"])).toBe(1);
  expect(valueAt(root, ["a", "0", "b"])).toBe(1);
  for (const way of [["a", 1], ["none", "x"], ["a", 0, "b", "c"], ["constructor"], ["__proto__"]])
    expect(valueAt(root, way)).toBeUndefined();
});

test("texts are put in order by their code units, which is no language's order", () => {
  expect(["b", "ä", "a", "Z", "b", ""].sort(compareText)).toEqual(["", "Z", "a", "b", "b", "ä"]);
  fc.assert(
    fc.property(fc.array(fc.string()), (texts) => {
      expect(texts.toSorted(compareText)).toEqual(texts.toSorted());
    }),
  );
});

test("what is no JSON is undefined, and what is JSON is what it says", () => {
  expect(["", "{", "a: 1", "undefined"].map(parseJson)).toEqual([undefined, undefined, undefined, undefined]);
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseJson(text)).toEqual(JSON.parse(text));
    }),
  );
});
