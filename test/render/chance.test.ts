import { expect, test } from "vitest";
import type { Manifest } from "../../src/model/index.ts";
import { chanceWarnings } from "../../src/render/chance.ts";
import { configMap, decodeText } from "./decoding.ts";

const once = (...data: string[]): readonly Manifest[] =>
  decodeText(data.map((lines, index) => configMap(lines, `m${index}`)).join("---\n")).manifests;

test("two renders that are the same need no words", () => {
  expect(chanceWarnings(once("  a: x"), once("  a: x"))).toEqual([]);
});

test("the first path that differs is named, and no value", () => {
  const [warning, ...others] = chanceWarnings(once("  a: same\n  b/c: hush-1"), once("  a: same\n  b/c: hush-2"));
  expect(others).toEqual([]);
  expect(warning).toContain("ConfigMap m0: /data/b~1c is another at each render");
  expect(warning).not.toContain("hush");
});

test("an object that only one of them has is another by its name", () => {
  const renamed = decodeText(configMap("", "other")).manifests;
  expect(chanceWarnings(once(""), renamed)[0]).toContain("its name is another at each render");
});

test("a value that is there once only is a difference", () => {
  expect(chanceWarnings(once("  a: x"), once("  b: x"))[0]).toContain("/data/a");
});

test("no more than twenty are said", () => {
  const many = (value: string) => once(...Array.from({ length: 30 }, () => `  a: ${value}`));
  expect(chanceWarnings(many("x"), many("y"))).toHaveLength(20);
});
