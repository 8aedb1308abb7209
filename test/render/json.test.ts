import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeText, findings } from "./decoding.ts";

const file = "web.json";
const object = (data: string): string =>
  `{\n  "apiVersion": "v1",\n  "kind": "ConfigMap",\n  "metadata": { "name": "a" },\n  "data": ${data}\n}`;

test("a file of JSON holds one value after the other, as kubectl reads it", () => {
  const { manifests, problems } = decodeText(`${object("1")}\n${object("[]")}`, { file });
  expect(problems).toEqual([]);
  expect(manifests.map(({ object: { data }, origin }) => [data, origin.line])).toEqual([
    [1, 1],
    [[], 7],
  ]);
});

test("items of a JSON list know their lines", () => {
  const text = `{"apiVersion":"v1","kind":"List","items":[\n${object("1")},\n${object("2")}]}`;
  expect(decodeText(text, { file }).manifests.map(({ origin }) => origin.line)).toEqual([2, 8]);
});

test("whatever JSON.stringify writes is read back", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), fc.nat(4), (value, indent) => {
      const text = object(JSON.stringify(value, null, indent));
      const { manifests, problems } = decodeText(text, { file });
      const isRefused = problems.some(({ code }) => code === "PL-YAML-NUMBER" || code === "PL-YAML-KEY");
      if (!isRefused) expect(manifests[0]?.object["data"]).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("JSON in a YAML file is read as JSON, with its escapes", () => {
  expect(decodeText(object('"\\ud83d\\ude00 \\/"')).manifests[0]?.object["data"]).toBe("😀 /");
  expect(decodeText('{"apiVersion": v1, kind: Pod, metadata: {name: a}}').manifests).toHaveLength(1);
});

test("YAML in a JSON file is read as YAML, as kubectl does", () => {
  expect(decodeText("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n", { file }).manifests).toHaveLength(1);
});

describe("broken JSON is one problem with its line", () => {
  test.each([
    ["a comma too many", object('{"a": 1,}'), "PL-YAML-SYNTAX", 5],
    ["a text without end", object('"a'), "PL-YAML-SYNTAX", 5],
    ["an unknown escape", object('"\\x"'), "PL-YAML-SYNTAX", 5],
    ["a line end in a text", object('"a\nb"'), "PL-YAML-SYNTAX", 5],
    ["a word", object("yes"), "PL-YAML-SYNTAX", 5],
    ["a missing end", object("1").slice(0, -1), "PL-YAML-SYNTAX", 6],
    ["a key without quotes", object("{a: 1}"), "PL-YAML-SYNTAX", 5],
    ["a number that begins with nought", object("01"), "PL-YAML-SYNTAX", 5],
    ["a template", object("{{ .a }}"), "PL-YAML-TEMPLATE", 5],
    ["a key given twice", object('{"a": 1,\n"a": 2}'), "PL-YAML-DUPLICATE-KEY", 6],
    ["the key __proto__", object('{"__proto__": 1}'), "PL-YAML-KEY", 5],
    ["an integer that a double cannot hold", object("9007199254740993"), "PL-YAML-NUMBER", 5],
    ["a number beyond all", object("1e999"), "PL-YAML-NUMBER", 5],
  ])("%s", (_, text, code, line) => {
    expect(findings(decodeText(text, { file }))).toEqual([`${code} ${file}:${line}`]);
  });
});
