import type { DiffPage } from "../../api/index.ts";
import { printComparison, type Sides } from "../../diff/index.ts";
import { groupKindKey, isDifference, type SyncStatus } from "../../model/index.ts";
import type { Host } from "../host.ts";
import type { DiffOutput } from "../settings/client.ts";
import { diffPaint } from "./colour.ts";
import { printJson } from "./data.ts";
import { printListing } from "./listing.ts";
import { printUnified } from "./unified.ts";

type Answer = DiffPage["items"][number];
type Fields = Pick<Answer, "ref" | "sync" | "origin" | "changes" | "left" | "unconfirmed">;

/** An object of a diff, with what the format asks for beside its fields. */
export interface DiffRow extends Fields, Sides {
  readonly patch?: Answer["patch"];
}

export interface Differences {
  readonly rows: readonly DiffRow[];
  /** What was compared, in words that fit behind "no difference". */
  readonly what: string;
  /** Show what others have and Git does not mention, too. */
  readonly foreign: boolean;
}

/** Prints a diff in the format that was asked for. True: something differs. */
export async function printDifferences(host: Host, output: DiffOutput, all: Differences): Promise<boolean> {
  const differing = all.rows.filter(({ changes }) => changes.some(isDifference));
  if (output === "patch") {
    host.out(printJson({ items: differing.map(({ ref, patch }) => ({ ref, patch })) }));
  } else if (output === "unified") {
    const paint = diffPaint(host);
    for (const row of differing) host.out(await printUnified(row.ref, row, paint));
    if (differing.length === 0) host.err(`no difference ${all.what}\n`);
  } else await printFields(host, output, all);
  return differing.length > 0;
}

type FieldOutput = Exclude<DiffOutput, "patch" | "unified">;

async function printFields(host: Host, output: FieldOutput, { rows, what, foreign }: Differences): Promise<void> {
  const shown = rows.flatMap((row) => (foreign ? [row] : withoutForeign(row)));
  const hidden = foreign ? 0 : rows.reduce((count, { changes }) => count + changes.filter(isHidden).length, 0);
  const options = { now: host.now(), paint: diffPaint(host), wide: output === "wide" };
  await printListing(host, output, {
    items: shown.filter((row) => isListed(row, output)),
    name: ({ ref }) => `${groupKindKey(ref)}/${ref.namespace ?? ""}/${ref.name}`,
    text: () => `${shown.map((row) => printComparison(row.ref, row, options)).join("")}${summary(shown, hidden)}\n`,
    none: `no difference ${what}${hiddenNote(hidden)}`,
  });
}

/** Data has every row; a name stands for a difference, and so does a printed object, or for a field that is left. */
function isListed({ changes, left }: DiffRow, output: FieldOutput): boolean {
  if (output === "json" || output === "yaml") return true;
  return changes.length > 0 || (output !== "name" && left !== undefined);
}

function isHidden(change: Answer["changes"][number]): boolean {
  return !isDifference(change);
}

function withoutForeign(row: DiffRow): readonly DiffRow[] {
  const changes = row.changes.filter(isDifference);
  const isSaid = changes.length > 0 || row.left !== undefined || row.unconfirmed !== undefined;
  return isSaid ? [{ ...row, changes }] : [];
}

const WORDS: readonly (readonly [SyncStatus, string])[] = [
  ["Drifted", "drifted"],
  ["Pending", "pending"],
  ["Diverged", "diverged"],
  ["Unknown", "unknown"],
];

/** "3 objects differ: 2 drifted, 1 pending; 1 field is left to others; 4 fields of other managers are not shown (--foreign)" */
function summary(rows: readonly DiffRow[], hidden: number): string {
  const differing = rows.filter(({ changes }) => changes.some(isDifference));
  const counts = WORDS.flatMap(([status, word]) => {
    const count = differing.filter(({ sync }) => sync === status).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  const left = rows.reduce((count, row) => count + (row.left?.length ?? 0), 0);
  const leftNote = left === 0 ? "" : `; ${left} ${left === 1 ? "field is" : "fields are"} left to others`;
  const who = differing.length === 1 ? "1 object differs" : `${differing.length} objects differ`;
  return `${differing.length === 0 ? "no object differs" : `${who}: ${counts.join(", ")}`}${leftNote}${hiddenNote(hidden)}`;
}

function hiddenNote(hidden: number): string {
  if (hidden === 0) return "";
  return `; ${hidden} ${hidden === 1 ? "field of another manager is" : "fields of other managers are"} not shown (--foreign)`;
}
