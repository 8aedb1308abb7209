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

/** Most lines that differ in a script that is looked for. Its trace takes memory by the square of this. */
const MOST_EDITS = 1_000;
/** Most steps of the search: some twenty milliseconds, whatever the texts are made for. */
const MOST_STEPS = 4_000_000;

/** A shortest script from one text to the other. Where that takes too long to find, what stands between their common beginning and end
 *  is one removal and one addition. Source: Myers, "An O(ND) Difference Algorithm and Its Variations" (1986). */
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

/** How far each diagonal has come, after each number of edits; index 0 is the lowest diagonal. */
type Trace = Int32Array[];

function script(before: readonly string[], after: readonly string[]): LineRun[] | undefined {
  if (before.length === 0 || after.length === 0) {
    return [
      { kind: "removed", lines: before },
      { kind: "added", lines: after },
    ];
  }
  const ids = new Map<string, number>();
  const trace = search(numbered(before, ids), numbered(after, ids));
  return trace && runsOf(before, after, trace);
}

function numbered(lines: readonly string[], ids: Map<string, number>): Int32Array {
  return Int32Array.from(lines, (line) => {
    const known = ids.get(line) ?? ids.size;
    ids.set(line, known);
    return known;
  });
}

function search(before: Int32Array, after: Int32Array): Trace | undefined {
  const trace: Trace = [];
  let steps = 0;
  for (let edits = 0; edits <= MOST_EDITS; edits++) {
    const reached = new Int32Array(2 * edits + 1);
    trace.push(reached);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const start = startOf(trace, edits, diagonal);
      let x = start;
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x++;
      reached[diagonal + edits] = x;
      steps += x - start + 1;
      if (x >= before.length && x - diagonal >= after.length) return trace;
    }
    if (steps > MOST_STEPS) return undefined;
  }
  return undefined;
}

/** Where a diagonal goes on: by a removal from the one below it, or by an addition from the one above, whichever came further. */
function startOf(trace: Trace, edits: number, diagonal: number): number {
  if (edits === 0) return 0;
  const below = reachedBy(trace, edits - 1, diagonal - 1);
  const above = reachedBy(trace, edits - 1, diagonal + 1);
  return Math.max(below + 1, above);
}

/** A diagonal that so few edits do not lead to is behind every other. */
function reachedBy(trace: Trace, edits: number, diagonal: number): number {
  return Math.abs(diagonal) > edits ? -2 : (trace[edits]?.[diagonal + edits] ?? -2);
}

/** The script, read from its end. */
function runsOf(before: readonly string[], after: readonly string[], trace: Trace): LineRun[] {
  const runs: LineRun[] = [];
  let [x, y] = [before.length, after.length];
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const start = startOf(trace, edits, x - y);
    note(runs, "same", before.slice(start, x));
    y -= x - start;
    x = start;
    if (edits === 0) break;
    const isRemoval = reachedBy(trace, edits - 1, x - y - 1) + 1 === x;
    note(runs, isRemoval ? "removed" : "added", isRemoval ? before.slice(x - 1, x) : after.slice(y - 1, y));
    if (isRemoval) x--;
    else y--;
  }
  return joined(runs.reverse());
}

function note(runs: LineRun[], kind: LineRun["kind"], lines: readonly string[]): void {
  if (lines.length > 0) runs.push({ kind, lines });
}

/** Runs of one kind as one, and of a place that changes first what goes, then what comes. */
function joined(runs: readonly LineRun[]): LineRun[] {
  const out: LineRun[] = [];
  let removed: string[] = [];
  let added: string[] = [];
  const settle = (): void => {
    note(out, "removed", removed);
    note(out, "added", added);
    [removed, added] = [[], []];
  };
  for (const { kind, lines } of runs) {
    if (kind === "removed") removed.push(...lines);
    else if (kind === "added") added.push(...lines);
    else {
      settle();
      note(out, "same", lines);
    }
  }
  settle();
  return out;
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
