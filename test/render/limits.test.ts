import { expect, test } from "vitest";
import { configMap, decodeText, findings } from "./decoding.ts";

const MIB = 1024 * 1024;

test("a file of 20 MB is refused unread", () => {
  expect(findings(decodeText("a: [".repeat(5 * MIB)))).toEqual(["PL-YAML-TOO-LARGE web.yaml"]);
});

test("a document beyond what the API server takes is refused", () => {
  expect(findings(decodeText(`${configMap()}---\na: ${"x".repeat(5 * MIB)}`))).toEqual([
    "PL-YAML-TOO-LARGE web.yaml:6",
  ]);
  expect(findings(decodeText(`{"a":"${"x".repeat(5 * MIB)}"}`, { file: "a.json" }))).toHaveLength(1);
});

test("100,000 documents are counted, not parsed", () => {
  expect(findings(decodeText(`${configMap("  b: [")}---\n`.repeat(100_000).slice(0, 9 * MIB)))).toEqual([
    "PL-YAML-TOO-MANY web.yaml",
  ]);
});

test("items of lists count as documents", () => {
  const items = "- { apiVersion: v1, kind: ConfigMap, metadata: { name: a } }\n".repeat(11);
  const text = `apiVersion: v1\nkind: List\nitems:\n${items}`;
  expect(findings(decodeText(text, { limits: { documents: 10 } }))).toEqual(["PL-YAML-TOO-MANY web.yaml"]);
});

test("an alias bomb is charged with what it stands for", () => {
  const levels = Array.from(
    { length: 9 },
    (_, i) => `  a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(", ")}]`,
  );
  const bomb = configMap(`  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n${levels.join("\n")}`);
  expect(findings(decodeText(bomb))).toEqual(["PL-YAML-ALIASES web.yaml:10"]);
});

test("aliases of all documents of a file are charged together, and their number is bounded", () => {
  const document = configMap("  a: &a [1, 2, 3, 4]\n  b: *a");
  expect(findings(decodeText(`${document}---\n${document}`, { limits: { nodes: 9 } }))).toEqual([
    "PL-YAML-ALIASES web.yaml:13",
  ]);
  const many = configMap(`  a: &a 1\n${Array.from({ length: 4 }, (_, i) => `  b${i}: *a`).join("\n")}`);
  expect(findings(decodeText(many, { limits: { aliases: 3 } }))).toEqual(["PL-YAML-ALIASES web.yaml:9"]);
});

test("depth is bounded, by way of aliases too", () => {
  const limits = { depth: 10 };
  const nested = (levels: number): string => configMap(`  a: ${"[".repeat(levels)}${"]".repeat(levels)}`);
  expect(findings(decodeText(nested(8), { limits }))).toEqual([]);
  expect(findings(decodeText(nested(9), { limits }))).toEqual(["PL-YAML-TOO-DEEP web.yaml:5"]);
  expect(findings(decodeText(nested(30), { limits }))).toEqual(["PL-YAML-TOO-DEEP web.yaml:5"]);
  const byAlias = configMap("  a: &a [[[[[1]]]]]\n  b: &b [[[*a]]]\n  c: [[[*b]]]");
  expect(findings(decodeText(byAlias, { limits }))).toEqual(["PL-YAML-TOO-DEEP web.yaml:7"]);
});

test.each([
  ["brackets", "["],
  ["braces", "{a: "],
  ["dashes", "- "],
  ["question marks", "? "],
  ["anchors", "&a ["],
])("100,000 nested %s overflow no stack", (_, opener) => {
  expect(decodeText(`a: ${opener.repeat(100_000)}`).problems).toHaveLength(1);
  expect(decodeText(opener.repeat(100_000)).problems).toHaveLength(1);
});

test.each(["[", '{"a":'])("100,000 nested %s of JSON overflow no stack", (opener) => {
  expect(findings(decodeText(opener.repeat(100_000), { file: "a.json" }))).toEqual(["PL-YAML-TOO-DEEP a.json:1"]);
});
