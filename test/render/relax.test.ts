import { expect, test } from "vitest";
import { configMap, dataOf, decodeText, findings } from "./decoding.ts";

test.each([
  ["a closing brace below its key", "  a: {\n    b: 1\n  }", { a: { b: 1 } }],
  ["a closing bracket at the margin", "  a: [\n    1,\n2\n]", { a: [1, 2] }],
  ["tabs inside of brackets", "  a: [\n\t1,\n\t2 ]", { a: [1, 2] }],
  ["a quoted text that goes on at the margin", "  a: \"x\ny\"\n  b: 'x\n\n\ty'", { a: "x y", b: "x\ny" }],
  ["an escaped line end", '  a: "x\\\n\ty\\"\n z"', { a: 'xy" z' }],
  [
    "brackets in a sequence of sequences",
    "  - - a: {\n\"b\":'c', d: e'f}\n  - [\n]",
    [[{ a: { b: "c", d: "e'f" } }], []],
  ],
  ["comments between brackets", "  a: [\n# it's {\n  1, # ]\n]", { a: [1] }],
])("%s is read as kubectl reads it", (_, data, value) => {
  expect(dataOf(configMap(data))).toEqual(value);
});

test("quotes and brackets inside of block scalars, plain texts and comments open nothing", () => {
  const data = "  a: |\n    \"it's {\n    [\n  b: it's\n   \"x\n  c: >-\n    'y\n  d: [ # it's [\n]";
  expect(dataOf(configMap(data))).toEqual({ a: "\"it's {\n[\n", b: "it's \"x", c: "'y", d: [] });
});

test("lines stay those of the file", () => {
  const text = `${configMap("  a: [\n]\n  a: {\n}")}---\n${configMap()}`;
  expect(findings(decodeText(text))).toEqual(["PL-YAML-DUPLICATE-KEY web.yaml:7"]);
  expect(decodeText(text).manifests[0]?.origin.line).toBe(10);
});

test("what is broken besides is reported where it is", () => {
  expect(findings(decodeText(configMap("  a: [\n]\n  b: c: d")))).toEqual(["PL-YAML-SYNTAX web.yaml:7"]);
  expect(findings(decodeText(configMap("  a: [1,\n2")))).toHaveLength(1);
});
