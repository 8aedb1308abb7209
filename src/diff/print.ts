import { formatField } from "../kit/format-field.ts";
import { type FieldChange, formatAuthor, formatRef, type Json, type Ref } from "../model/index.ts";
import type { Comparison } from "./types.ts";

export interface PrintOptions {
  /** Milliseconds since the epoch: ages are counted from it. */
  readonly now: number;
  /** The object goes: removed in Git. */
  readonly prune?: boolean;
}

const LONGEST_VALUE = 80;
const WIDEST_PATH = 72;

/** One object's part of a diff: a line with the object, one below for each field; "" where there is nothing to say.
 *  `~` changes, `+` comes, `-` goes. drift: Git's value -> the cluster's; pending: the cluster's -> Git's. */
export function printComparison(ref: Ref, comparison: Pick<Comparison, "changes">, options: PrintOptions): string {
  const { changes } = comparison;
  if (options.prune === true) return `- ${formatRef(ref)}\n`;
  const whole = changes.find(({ path }) => path === "");
  if (whole !== undefined)
    return `+ ${formatRef(ref)}   ${whole.class === "pending" ? "pending" : `${whole.class}, deleted`}\n`;
  if (changes.length === 0) return "";
  const width = Math.min(WIDEST_PATH, Math.max(...changes.map((change) => printable(formatField(change)).length)));
  const lines = changes.map(
    (change) => `    ${printable(formatField(change)).padEnd(width)}  ${printChange(change, options.now)}`,
  );
  return `~ ${formatRef(ref)}\n${lines.join("\n")}\n`;
}

function printChange(change: FieldChange, now: number): string {
  const isNamed = change.manager !== undefined || change.likely !== undefined;
  const by = isNamed ? formatAuthor(change) : undefined;
  const author = by === undefined ? "" : `, ${printable(by)}`;
  const age = author === "" || change.time === undefined ? "" : ageOf(change.time, now);
  return `${values(change)}   ${change.class}${author}${age}`;
}

function values({ class: kind, desired, live, base }: FieldChange): string {
  if (isOrder(desired) && isOrder(live)) {
    const [from, to] = kind === "drift" ? [desired, live] : [live, desired];
    return `order ${from.map(printable).join(" ")} -> ${to.map(printable).join(" ")}`;
  }
  if (kind === "foreign") return printValue(live);
  if (kind === "conflict") {
    const before = base === undefined ? "" : `was ${printValue(base)}, `;
    return `${before}Git ${printValue(desired)}, live ${printValue(live)}`;
  }
  const [from, to] = kind === "drift" ? [desired, live] : [live, desired];
  return `${printValue(from)} -> ${printValue(to)}`;
}

/** Only a list's order has items' labels for values. */
function isOrder(value: Json | undefined): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length > 1 &&
    value.every((one) => typeof one === "string" && /^\[.*=.*\]$/s.test(one))
  );
}

function printValue(value: Json | undefined): string {
  if (value === undefined) return "(absent)";
  const text =
    typeof value === "string" && /^[\w./:@%+()-][\w./:@%+() -]*$/.test(value) ? value : JSON.stringify(value);
  return printable(text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 3)}...` : text);
}

/** Names and values come from the cluster: nothing of them may steer a terminal. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "?");
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
