import { describe, expect, test } from "vitest";
import { configMap, dataOf, decodeText, findings } from "./decoding.ts";
import { KEY_ANSWERS } from "./key-answers.ts";
import { SCALAR_ANSWERS } from "./scalar-answers.ts";

/** Integers that kubectl keeps as int64 or rounds, and a double cannot hold: refused here. */
const INEXACT = [
  "9007199254740992",
  "9007199254740993",
  "9223372036854775807",
  "9223372036854775808",
  "18446744073709551615",
  "18446744073709551616",
  "99999999999999999999999",
  "0xFFFFFFFFFFFFFFFF",
];
/** JSON's escapes, which YAML 1.2 has and kubectl's YAML 1.1 has not. */
const YAML_1_2: ReadonlyMap<string, string> = new Map([
  ['"\\ud83d\\ude00"', "😀"],
  ['"\\/"', "/"],
]);
/** Keys that kubectl makes ".inf" or ".nan" of, or an int64 that nobody writes; and minus nought. */
const ODD_KEYS = ["1e39", "-1e39", "-0.0", ".inf", ".nan", "9007199254740993"];

describe("a scalar is what kubectl makes of it", () => {
  const alike = SCALAR_ANSWERS.filter(([scalar]) => !INEXACT.includes(scalar) && !YAML_1_2.has(scalar));
  test.each(alike)("v: %s", (scalar, answer) => {
    const text = configMap(`  v: ${scalar}`);
    if (answer === "error") expect(decodeText(text).problems).not.toEqual([]);
    else expect(dataOf(text)).toStrictEqual({ v: JSON.parse(answer) });
  });

  test("the table has what people write", () => expect(SCALAR_ANSWERS.length).toBeGreaterThan(150));
});

describe("a key is the text that kubectl makes of it", () => {
  const alike = KEY_ANSWERS.filter(([key]) => !ODD_KEYS.includes(key));
  test.each(alike)("%s: v", (key, answer) => {
    const text = configMap(`  ${key}: v`);
    if (answer === "error") expect(decodeText(text).problems).not.toEqual([]);
    else expect(dataOf(text)).toStrictEqual({ [answer]: "v" });
  });
});

describe("where we differ from kubectl", () => {
  test.each(INEXACT)("%s is refused, as a double cannot hold it", (number) => {
    expect(findings(decodeText(configMap(`  v: ${number}`)))).toEqual(["PL-YAML-NUMBER web.yaml:5"]);
  });

  test.each([...YAML_1_2])("%s is read as YAML 1.2 and JSON read it", (scalar, value) => {
    expect(dataOf(configMap(`  v: ${scalar}`))).toEqual({ v: value });
  });

  test("a number as a key must be one that a double holds", () => {
    expect(findings(decodeText(configMap("  9007199254740993: v")))).toEqual(["PL-YAML-NUMBER web.yaml:5"]);
  });
});
