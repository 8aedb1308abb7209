import { formatField } from "../kit/format-field.ts";
import { printable } from "../kit/printable.ts";
import { type FieldChange, formatAuthor, formatRef, type Json, type LeftField, type Ref } from "../model/index.ts";
import { describeMoves, isOrder } from "./moves.ts";
import { type BlockOptions, printBlock } from "./print-block.ts";
import { needsLines, printPair, printValue } from "./print-value.ts";

export interface PrintOptions extends BlockOptions {
  /** Milliseconds since the epoch: ages are counted from it. */
  readonly now: number;
}

interface Printed {
  readonly changes: readonly FieldChange[];
  readonly left?: readonly LeftField[];
}

const WIDEST_PATH = 72;

/** One object's part of a diff: a line with the object, below it one for each field, or several where its values have several; "" where
 *  there is nothing to say. `~` changes, `+` comes, `-` goes, `=` is left to somebody.
 *  drift: Git's value -> the cluster's; pending: the cluster's -> Git's. */
export function printComparison(ref: Ref, { changes, left = [] }: Printed, options: PrintOptions): string {
  const whole = changes.find(({ path }) => path === "");
  if (whole !== undefined) return printWhole(ref, whole, options);
  if (changes.length + left.length === 0) return "";
  const width = widthOf([...changes, ...left]);
  const lines = [
    ...changes.flatMap((change) => printChange(change, width, options)),
    ...left.map((one) => `    ${fieldOf(one).padEnd(width)}  ${printLeft(one, options)}`),
  ];
  return `${heading(changes.length > 0 ? "~" : "=", ref, options)}\n${lines.join("\n")}\n`;
}

function heading(sign: string, ref: Ref, { paint = plain }: PrintOptions): string {
  return paint("object", printable(`${sign} ${formatRef(ref)}`));
}

/** Of the column of fields; one that is far too long for it moves nobody else. */
function widthOf(places: readonly Pick<FieldChange, "path" | "pointer">[]): number {
  return places.reduce((width, place) => {
    const { length } = fieldOf(place);
    return length > WIDEST_PATH ? width : Math.max(width, length);
  }, 0);
}

function plain(_tone: string, text: string): string {
  return text;
}

function fieldOf(place: Pick<FieldChange, "path" | "pointer">): string {
  return printable(formatField(place));
}

/** `+`: an apply would make it. `-`: it would go. */
function printWhole(ref: Ref, change: FieldChange, options: PrintOptions): string {
  const { paint = plain, wide = false } = options;
  const goes = change.desired === undefined;
  const why = goes ? "removed in Git" : change.class === "pending" ? "new" : "deleted in the cluster";
  const line = `${heading(goes ? "-" : "+", ref, options)}   ${paint(change.class, `${change.class}, ${why}`)}\n`;
  if (!wide) return line;
  const block = goes ? printBlock(change.live, undefined, options) : printBlock(undefined, change.desired, options);
  return `${line}${block.join("\n")}\n`;
}

function printChange(change: FieldChange, width: number, options: PrintOptions): string[] {
  const { paint = plain, wide = false } = options;
  const { from, to, legend } = directionOf(change);
  const field = fieldOf(change);
  const verdict = paint(change.class, verdictOf(change, options.now));
  if (isOrder(from) && isOrder(to))
    return [`    ${field.padEnd(width)}  ${printable(describeMoves(from, to))}   ${verdict}`];
  if (needsLines(from) || needsLines(to)) {
    return [`    ${field.padEnd(width)}  ${verdict}${paint("quiet", legend)}`, ...printBlock(from, to, options)];
  }
  const [left, right] = printPair(from, to, wide);
  return [`    ${field.padEnd(width)}  ${values(change, left, right)}   ${verdict}`];
}

/** What an apply does to a field, on one line: "spec.replicas  5 -> 2  drift". */
export function printApplied(change: FieldChange): string {
  const { desired, live, class: kind } = change;
  const [from, to] = printPair(live, desired, false);
  const what = isOrder(live) && isOrder(desired) ? printable(describeMoves(live, desired)) : `${from} -> ${to}`;
  return `${fieldOf(change)}  ${what}  ${kind}`;
}

interface Direction {
  readonly from: Json | undefined;
  readonly to: Json | undefined;
  /** What the signs of a block mean. */
  readonly legend: string;
}

/** From what was to what has become of it: in the cluster by drift, in Git by a commit. */
function directionOf({ class: kind, desired, live }: FieldChange): Direction {
  if (kind === "foreign") return { from: undefined, to: live, legend: "" };
  if (kind === "drift") return { from: desired, to: live, legend: "   (- Git, + cluster)" };
  return { from: live, to: desired, legend: "   (- cluster, + Git)" };
}

function values({ class: kind, base }: FieldChange, from: string, to: string): string {
  if (kind === "foreign") return to;
  if (kind !== "conflict") return `${from} -> ${to}`;
  const before = base === undefined ? "" : `was ${printValue(base)}, `;
  return `${before}Git ${to}, live ${from}`;
}

function verdictOf(change: FieldChange, now: number): string {
  const { class: kind, policy, manager, likely, time } = change;
  const words = policy === undefined ? kind : `${kind}, ${POLICIES[policy]}`;
  const author = manager === undefined && likely === undefined ? undefined : formatAuthor(change);
  if (author === undefined) return words;
  return `${words}, ${printable(author)}${time === undefined ? "" : ageOf(time, now)}`;
}

/** What spec.foreign makes of a field of somebody else's. */
const POLICIES = { count: "counts as drift", prune: "to be removed" } as const;

function printLeft({ desired, live, to, reason }: LeftField, { paint = plain, wide = false }: PrintOptions): string {
  const [git, there] = printPair(desired, live, wide);
  const value = desired === undefined || git === there ? there : `Git ${git}, live ${there}`;
  return `${value}   ${paint("quiet", printable(`left to ${to}: ${reason}`))}`;
}

const UNITS = [
  ["d", 86_400],
  ["h", 3_600],
  ["m", 60],
  ["s", 1],
] as const;

/** " 3m ago"; "" for a time that cannot be read. */
function ageOf(time: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(time)) / 1_000));
  if (Number.isNaN(seconds)) return "";
  const [unit, size] = UNITS.find(([, length]) => seconds >= length) ?? (["s", 1] as const);
  return ` ${Math.floor(seconds / size)}${unit} ago`;
}
