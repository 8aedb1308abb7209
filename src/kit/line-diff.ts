import { diffArrays } from "diff";

/** Lines that both texts have, that only the first has, or that only the second has. */
export interface LineRun {
  readonly kind: "same" | "removed" | "added";
  readonly lines: readonly string[];
}

/** A part of two texts in which they differ, with what stands around it. Numbers are of lines, from 0. */
export interface Hunk {
  readonly before: { readonly start: number; readonly count: number };
  readonly after: { readonly start: number; readonly count: number };
  readonly runs: readonly LineRun[];
}

/** Most lines that differ in a script that is looked for: the search takes time by the square of this, whatever the texts are made for. */
const MOST_EDITS = 1_000;

/** A shortest script from one text to the other. Where that takes too long to find, what stands between their common beginning and end
 *  is one removal and one addition. */
export function diffLines(before: readonly string[], after: readonly string[]): LineRun[] {
  const head = commonHead(before, after);
  const tail = commonTail(before, after, Math.min(before.length, after.length) - head);
  const [old, now] = [before.slice(head, before.length - tail), after.slice(head, after.length - tail)];
  const changed = script(old, now) ?? [
    { kind: "removed", lines: old },
    { kind: "added", lines: now },
  ];
  const runs: LineRun[] = [
    { kind: "same", lines: before.slice(0, head) },
    ...changed,
    { kind: "same", lines: before.slice(before.length - tail) },
  ];
  return runs.filter(({ lines }) => lines.length > 0);
}

function commonHead(before: readonly string[], after: readonly string[]): number {
  const most = Math.min(before.length, after.length);
  let length = 0;
  while (length < most && before[length] === after[length]) length++;
  return length;
}

function commonTail(before: readonly string[], after: readonly string[], most: number): number {
  let length = 0;
  while (length < most && before.at(-1 - length) === after.at(-1 - length)) length++;
  return length;
}

function script(before: readonly string[], after: readonly string[]): LineRun[] | undefined {
  const changes = diffArrays([...before], [...after], { maxEditLength: MOST_EDITS });
  return changes?.map(({ added, removed, value }) => ({
    kind: added ? "added" : removed ? "removed" : "same",
    lines: value,
  }));
}

/** The changes with at most `context` lines around each; between two hunks at least one line is left out. */
export function hunksOf(runs: readonly LineRun[], context: number): Hunk[] {
  const hunks: Growing[] = [];
  let open: Growing | undefined;
  let [before, after] = [0, 0];
  for (const { kind, lines } of piecesOf(runs, context)) {
    const old = kind === "added" ? 0 : lines.length;
    const now = kind === "removed" ? 0 : lines.length;
    if (kind === "gap") open = undefined;
    else {
      if (open === undefined) {
        open = { before: { start: before, count: 0 }, after: { start: after, count: 0 }, runs: [] };
        hunks.push(open);
      }
      open.runs.push({ kind, lines });
      open.before.count += old;
      open.after.count += now;
    }
    before += old;
    after += now;
  }
  return hunks;
}

interface Growing extends Hunk {
  readonly before: { start: number; count: number };
  readonly after: { start: number; count: number };
  readonly runs: LineRun[];
}

interface Piece {
  readonly kind: LineRun["kind"] | "gap";
  readonly lines: readonly string[];
}

/** Of what is the same, what stands too far from a change is a gap. */
function piecesOf(runs: readonly LineRun[], context: number): Piece[] {
  const pieces = runs.flatMap(({ kind, lines }, index): Piece[] => {
    const behind = index === 0 ? 0 : context;
    const ahead = index === runs.length - 1 ? 0 : context;
    if (kind !== "same" || (lines.length <= behind + ahead && runs.length > 1)) return [{ kind, lines }];
    const end = lines.length - ahead;
    return [
      { kind, lines: lines.slice(0, behind) },
      { kind: "gap", lines: lines.slice(behind, end) },
      { kind, lines: lines.slice(end) },
    ];
  });
  return pieces.filter(({ lines }) => lines.length > 0);
}
