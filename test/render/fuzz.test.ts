import fc from "fast-check";
import { expect, test } from "vitest";
import { isJsonObject } from "../../src/model/index.ts";
import { configMap, dataOf, decodeText } from "./decoding.ts";

const FILES = ["a.yaml", "a.json"] as const;
const TOKENS = [
  ..."\n\t -:?[]{},#&*!|>'\"%@`~<=ay01.é",
  "\n  ",
  "\n- ",
  ": ",
  "---\n",
  "...\n",
  "<<: ",
  "&a ",
  "*a ",
  "!!int ",
  "{{ ",
  "items:\n",
  "kind: List\n",
  "metadata: ",
  "__proto__: ",
  "\ufeff",
  "\0",
  "\r\n",
];

/** Nothing but findings: no throw, no fault of ours, every problem with a place. */
function checkAll(bytes: Uint8Array): void {
  for (const file of FILES) {
    const { problems, manifests } = decodeText(bytes, { file });
    expect(problems.filter(({ code, where }) => code === "PL-INTERNAL" || where === undefined)).toEqual([]);
    for (const { object } of manifests) expect(isJsonObject(JSON.parse(JSON.stringify(object)))).toBe(true);
  }
}

test("random bytes are only ever problems", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), checkAll), { numRuns: 2000 });
});

test("random mixtures of what YAML is made of are only ever problems", () => {
  const text = fc.array(fc.constantFrom(...TOKENS), { maxLength: 60 }).map((tokens) => Buffer.from(tokens.join("")));
  fc.assert(fc.property(text, checkAll), { numRuns: 5000 });
});

test("a manifest with something random in it is only ever a manifest or problems", () => {
  const tail = fc.array(fc.constantFrom(...TOKENS), { maxLength: 12 }).map((tokens) => tokens.join(""));
  const text = fc.tuple(tail, tail).map(([a, b]) => Buffer.from(configMap(`  a: ${a}\n  b:\n    - ${b}`)));
  fc.assert(fc.property(text, checkAll), { numRuns: 3000 });
});

test("any JSON in any indentation, in flow style, is the same value", () => {
  const value = fc.jsonValue({ maxDepth: 4, noUnicodeString: true });
  const blanks = fc.constantFrom("", " ", "\t", "      ");
  fc.assert(
    fc.property(value, blanks, (json, blank) => {
      if (/__proto__|\\u007f/.test(JSON.stringify(json)) || hasOddNumber(json)) return;
      const flow = JSON.stringify([json], null, 1).replaceAll(/^ */gm, blank).trimStart();
      expect(dataOf(configMap(`  a: ${flow}`))).toEqual({ a: JSON.parse(JSON.stringify([json])) });
    }),
  );
});

/** Integers that are refused, and numbers that YAML 1.1 reads as texts ("1e+400" cannot come of a double; "5e-324" can). */
function hasOddNumber(json: unknown): boolean {
  if (typeof json === "number")
    return !Number.isFinite(json) || (Number.isInteger(json) && !Number.isSafeInteger(json));
  return typeof json === "object" && json !== null && Object.values(json).some(hasOddNumber);
}
