import type { FolderResult, SetResult } from "./run-sets.ts";
import type { LeftOut } from "./types.ts";

/** A line a set, and below it the cases that are wrong, that differ on purpose, and that are none. */
export function printResult(result: FolderResult): string {
  const { sets, skipped, unreadable, cases, right, wrong, onPurpose } = result;
  const lines = [
    ...sets.flatMap(setLines),
    ...skipped.map((name) => `${name}: none here, skipped`),
    ...unreadable.map(({ file, why }) => `unreadable: ${file}: ${why}`),
    `in all: ${counts({ cases, right, wrong, onPurpose })}`,
  ];
  return `${lines.join("\n")}\n`;
}

interface Counts {
  readonly cases: number;
  readonly right: number;
  readonly wrong: number;
  readonly onPurpose: number;
}

function counts({ cases, right, wrong, onPurpose }: Counts): string {
  return `${cases} cases, ${right} right, ${wrong} wrong${onPurpose > 0 ? `, ${onPurpose} otherwise on purpose` : ""}`;
}

function setLines({ name, cases, right, wrong, onPurpose, leftOut }: SetResult): string[] {
  return [
    `${name}: ${counts({ cases, right, wrong: wrong.length, onPurpose: onPurpose.length })}`,
    ...wrong.map((one) => `  wrong: ${one.name}: ${one.why}`),
    ...onPurpose.map((one) => `  on purpose: ${one.name}: ${one.why}`),
    ...byReason(leftOut).map(({ names, why }) => `  no case (${names}): ${why}`),
  ];
}

function byReason(all: readonly LeftOut[]): { readonly names: number; readonly why: string }[] {
  const reasons = Map.groupBy(all, ({ why }) => why);
  return [...reasons].map(([why, { length: names }]) => ({ names, why }));
}
