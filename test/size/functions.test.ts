import { expect, test } from "vitest";
import { functionsOf } from "./functions.ts";

const names = (source: string) => functionsOf("a.ts", source).map(({ name, line, lines }) => [name, line, lines]);

test("a declared function is measured from its first line to its last", () => {
  expect(names("\nexport function a(): void {\n  b();\n}\n")).toEqual([["a", 2, 3]]);
});

test("methods, accessors, fields and constructors are functions", () => {
  const source = "class A {\n  constructor() {}\n  get b() {\n    return 1;\n  }\n  #c = () => 2;\n  d = 3;\n}";
  expect(names(source)).toEqual([
    ["constructor", 2, 1],
    ["b", 3, 3],
    ["#c", 6, 1],
  ]);
});

test("a nested function counts, and its lines count for the function around it too", () => {
  expect(names("function a() {\n  const b = () => {\n    c();\n  };\n}")).toEqual([
    ["a", 1, 5],
    ["b", 2, 3],
  ]);
});

test("a callback without a name is a part of the function it stands in", () => {
  expect(names("function a(b: number[]) {\n  return b.map((c) => {\n    return c;\n  });\n}")).toEqual([["a", 1, 5]]);
});

test("functions that are the values of an object's properties are measured", () => {
  expect(names("const a = { b() {}, c: () => 1, d: 2, e: function () {} };").map(([name]) => name)).toEqual([
    "b",
    "c",
    "e",
  ]);
});

test("a file that cannot be parsed is an error, not an empty file", () => {
  expect(() => functionsOf("a.ts", "function {")).toThrow(/^a\.ts: /);
});
