import { type Sides, withoutServersPart } from "../../diff/index.ts";
import { diffLines, type Hunk, hunksOf } from "../../kit/line-diff.ts";
import { printable } from "../../kit/printable.ts";
import { groupKindKey, isJsonObject, type Json, type JsonObject, type Ref } from "../../model/index.ts";
import type { DiffPaint } from "./colour.ts";
import { printYaml } from "./data.ts";

const CONTEXT = 3;
/** Nothing that people write is deeper, and what is only made to be has no end in YAML. */
const DEEPEST = 100;

/** A unified diff of one object as YAML, from live to what a sync would make of it, keys in the order of the alphabet; "" where they are the same.
 *  Left out is what the server notes of every object: status, and its part of metadata. */
export async function printUnified(ref: Ref, { before, after }: Sides, paint: DiffPaint): Promise<string> {
  const hunks = hunksOf(diffLines(await yamlLines(before), await yamlLines(after)), CONTEXT);
  if (hunks.length === 0) return "";
  const name = [groupKindKey(ref), ref.namespace, ref.name].filter((part) => part !== undefined).join("/");
  const heads = [
    `--- ${before === undefined ? "/dev/null" : `live/${name}`}`,
    `+++ ${after === undefined ? "/dev/null" : `git/${name}`}`,
  ];
  const lines = [
    ...heads.map((line) => paint("object", printable(line))),
    ...hunks.flatMap((hunk) => printHunk(hunk, paint)),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

async function yamlLines(side: JsonObject | undefined): Promise<string[]> {
  if (side === undefined) return [];
  return (await printYaml(inOrder(withoutServersPart(side), 0))).trimEnd().split("\n");
}

function inOrder(value: Json | undefined, depth: number): Json {
  if (typeof value !== "object" || value === null) return value ?? null;
  if (depth === DEEPEST) return "(deeper than is shown)";
  if (!isJsonObject(value)) return value.map((item) => inOrder(item, depth + 1));
  const names = Object.keys(value).filter((name) => value[name] !== undefined);
  return Object.fromEntries(names.sort().map((name) => [name, inOrder(value[name], depth + 1)]));
}

const SIGNS = { same: " ", removed: "-", added: "+" } as const;

function printHunk({ before, after, runs }: Hunk, paint: DiffPaint): string[] {
  const lines = runs.flatMap(({ kind, lines: texts }) =>
    texts.map((text) => {
      const line = printable(`${SIGNS[kind]}${text}`, { lines: true });
      return kind === "same" ? line : paint(kind, line);
    }),
  );
  return [paint("place", `@@ -${rangeOf(before)} +${rangeOf(after)} @@`), ...lines];
}

/** As POSIX has it: lines from 1; of no lines at all, the line behind which they would stand. */
function rangeOf({ start, count }: Hunk["before"]): string {
  return count === 1 ? `${start + 1}` : `${count === 0 ? start : start + 1},${count}`;
}
