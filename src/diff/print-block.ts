import { diffLines, type Hunk, hunksOf } from "../kit/line-diff.ts";
import { printable } from "../kit/printable.ts";
import type { ChangeClass, Json } from "../model/index.ts";
import { valueLines } from "./print-value.ts";

/** What a piece of printed text is, for whoever gives it a colour. */
export type Tone = ChangeClass | "object" | "added" | "removed" | "quiet";

export interface BlockOptions {
  /** No colours unless given. */
  readonly paint?: (tone: Tone, text: string) => string;
  /** Everything: nothing is folded or cut. */
  readonly wide?: boolean;
}

const CONTEXT = 2;
/** Of one field. */
const MOST_LINES = 60;
const LONGEST_LINE = 160;

/** Two values line by line: what goes with `-`, what comes with `+`, and a few lines around them. What is left out is counted. */
export function printBlock(from: Json | undefined, to: Json | undefined, options: BlockOptions): string[] {
  const { wide = false, paint = (_tone, text) => text } = options;
  const [before, after] = [valueLines(from), valueLines(to)];
  const hunks = hunksOf(diffLines(before, after), wide ? Number.POSITIVE_INFINITY : CONTEXT);
  const lines = hunks.flatMap((hunk, index) => {
    const last = hunks[index - 1];
    const gap = hunk.before.start - (last === undefined ? 0 : last.before.start + last.before.count);
    return [...unchanged(gap), ...hunkLines(hunk)];
  });
  const end = hunks.at(-1);
  if (end !== undefined) lines.push(...unchanged(before.length - end.before.start - end.before.count));
  return bounded(lines, wide).map(({ tone, text }) => `      ${paint(tone, text)}`);
}

interface Line {
  readonly tone: Tone;
  readonly text: string;
}

function unchanged(count: number): Line[] {
  return count === 0 ? [] : [{ tone: "quiet", text: `… ${count} unchanged ${count === 1 ? "line" : "lines"}` }];
}

const SIGNS = { same: " ", removed: "-", added: "+" } as const;
const TONES = { same: "quiet", removed: "removed", added: "added" } as const;

function hunkLines({ runs }: Hunk): Line[] {
  return runs.flatMap(({ kind, lines }) =>
    lines.map((line) => ({ tone: TONES[kind], text: line === "" ? SIGNS[kind] : `${SIGNS[kind]} ${line}` })),
  );
}

function bounded(lines: readonly Line[], wide: boolean): Line[] {
  const shown = wide ? lines : lines.slice(0, MOST_LINES);
  const printed = shown.map(({ tone, text }) => ({
    tone,
    text: printable(wide ? text : clipped(text), { lines: true }),
  }));
  const rest = lines.length - shown.length;
  return rest === 0 ? printed : [...printed, { tone: "quiet", text: `… ${rest} more lines: -o wide shows them` }];
}

function clipped(line: string): string {
  return line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE - 3)}...`;
}
