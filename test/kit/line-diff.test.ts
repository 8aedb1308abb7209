import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffLines, hunksOf, type LineRun } from "../../src/kit/line-diff.ts";

const SIGNS = { same: " ", removed: "-", added: "+" } as const;
const picture = (runs: readonly LineRun[]) =>
  runs.map(({ kind, lines }) => lines.map((line) => `${SIGNS[kind]}${line}`).join(" ")).join(" ");
const words = (text: string) => text.split(" ").filter((word) => word !== "");
const side = (runs: readonly LineRun[], but: LineRun["kind"]) =>
  runs.filter(({ kind }) => kind !== but).flatMap(({ lines }) => lines);

describe("the difference of two texts", () => {
  test.for<readonly [string, string, string]>([
    ["", "", ""],
    ["a b", "a b", " a  b"],
    ["", "a b", "+a +b"],
    ["a b", "", "-a -b"],
    ["a b c", "a x c", " a -b +x  c"],
    ["a b c d", "a c d e", " a -b  c  d +e"],
    ["a b c a b b a", "c b a b a c", "-a -b  c +b  a  b -b  a +c"],
  ])("%s -> %s", ([before, after, expected]) => {
    expect(picture(diffLines(words(before), words(after)))).toBe(expected);
  });

  const text = fc.array(fc.constantFrom("a", "b", "c", ""), { maxLength: 30 });
  test("has both texts in it, and as many lines in common as any difference can have", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const runs = diffLines(before, after);
        expect(side(runs, "added")).toEqual(before);
        expect(side(runs, "removed")).toEqual(after);
        expect(runs.filter(({ kind }) => kind === "same").flatMap(({ lines }) => lines)).toHaveLength(
          longestCommon(before, after),
        );
      }),
    );
  });

  test("of texts made to take long is whole, and found in bounded steps", () => {
    const unlike = Array.from({ length: 100_000 }, (_, line) => `${line}`);
    const sprinkled = Array.from({ length: 500_000 }, (_, line) => (line % 400 === 0 ? `x${line}` : ""));
    const otherwise = Array.from({ length: 500_000 }, (_, line) => (line % 390 === 7 ? `y${line}` : ""));
    for (const [before, after] of [
      [unlike, unlike.toReversed()],
      [sprinkled, otherwise],
    ] as const) {
      const runs = diffLines(before, after);
      expect(side(runs, "added").length).toBe(before.length);
      expect(side(runs, "removed").length).toBe(after.length);
    }
  });
});

function longestCommon(one: readonly string[], other: readonly string[]): number {
  let row = new Array<number>(other.length + 1).fill(0);
  for (const line of one) {
    const next = [0];
    other.forEach((candidate, at) => {
      next.push(line === candidate ? (row[at] ?? 0) + 1 : Math.max(row[at + 1] ?? 0, next[at] ?? 0));
    });
    row = next;
  }
  return row.at(-1) ?? 0;
}

describe("hunks", () => {
  const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `${from + at}`);
  const hunks = (before: readonly string[], after: readonly string[]) =>
    hunksOf(diffLines(before, after), 2).map(({ before: old, after: now, runs }) => {
      return `${old.start},${old.count} ${now.start},${now.count}: ${picture(runs)}`;
    });

  test("of equal texts are none", () => {
    expect(hunks(lines(0, 9), lines(0, 9))).toEqual([]);
  });

  test("hold what stands around a change and no more", () => {
    expect(hunks(lines(0, 20), ["x", ...lines(1, 9), "y", ...lines(10, 20)])).toEqual([
      "0,3 0,3: -0 +x  1  2",
      "7,5 7,5:  7  8 -9 +y  10  11",
    ]);
  });

  test("that touch are one", () => {
    expect(hunks(lines(0, 7), ["x", ...lines(1, 5), "y", "6"])).toEqual(["0,7 0,7: -0 +x  1  2  3  4 -5 +y  6"]);
  });

  test("say where additions and removals stand in either text", () => {
    expect(hunks(lines(0, 9), [...lines(0, 4), "x", ...lines(4, 9)])).toEqual(["2,4 2,5:  2  3 +x  4  5"]);
    expect(hunks([], ["a"])).toEqual(["0,0 0,1: +a"]);
  });
});
