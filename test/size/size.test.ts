import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { functionsOf } from "./functions.ts";

/** The limits of CONTRIBUTING.md. What people fear in a code base is its longest functions, not its usual ones. */
const LIMITS = { fileLines: 300, median: 12, ninetieth: 35, longest: 60 } as const;

const ROOT = join(import.meta.dirname, "../..");

function sources(pattern: string): { readonly file: string; readonly text: string }[] {
  const files = globSync(pattern, { cwd: ROOT, exclude: (name) => name === "node_modules" }).sort();
  return files.map((file) => ({ file, text: readFileSync(join(ROOT, file), "utf8") }));
}

const measured: readonly { readonly where: string; readonly lines: number }[] = sources("src/**/*.ts").flatMap(
  ({ file, text }) =>
    functionsOf(file, text).map(({ name, line, lines }) => ({ where: `${file}:${line} ${name}`, lines })),
);

/** The size that `share` of all functions keep within; 0 where there are none. */
function quantile(sizes: readonly number[], share: number): number {
  const sorted = sizes.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

function over(limit: number): string[] {
  return measured
    .filter(({ lines }) => lines > limit)
    .toSorted((a, b) => b.lines - a.lines)
    .map(({ where, lines }) => `${where}: ${lines} lines`);
}

test(`no file of src or test is longer than ${LIMITS.fileLines} lines`, () => {
  const long = sources("{src,test}/**/*.{ts,mjs}")
    .map(({ file, text }) => ({ file, lines: text.replace(/\n$/, "").split("\n").length }))
    .filter(({ lines }) => lines > LIMITS.fileLines)
    .map(({ file, lines }) => `${file}:${LIMITS.fileLines + 1}: ${lines} lines`);
  expect(long).toEqual([]);
});

test(`no function of src is longer than ${LIMITS.longest} lines`, () => {
  expect(over(LIMITS.longest)).toEqual([]);
});

test(`half of the functions of src have at most ${LIMITS.median} lines`, () => {
  const sizes = measured.map(({ lines }) => lines);
  expect(quantile(sizes, 0.5)).toBeLessThanOrEqual(LIMITS.median);
});

test(`nine in ten functions of src have at most ${LIMITS.ninetieth} lines`, () => {
  const sizes = measured.map(({ lines }) => lines);
  const longest = over(LIMITS.ninetieth).slice(0, 20).join("\n");
  expect(quantile(sizes, 0.9), `the longest:\n${longest}`).toBeLessThanOrEqual(LIMITS.ninetieth);
});
