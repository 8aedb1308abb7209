import { printable } from "../kit/printable.ts";
import { isJsonObject, type Json } from "../model/index.ts";
import { isList } from "./field-path.ts";

const LONGEST_VALUE = 80;
/** Of what two long values have in common, so much is shown ahead of where they part. */
const AHEAD = 24;

/** Two values on one line, either cut so that the place where they part is seen. */
export function printPair(from: Json | undefined, to: Json | undefined, wide: boolean): [string, string] {
  const [left, right] = [textOf(from), textOf(to)];
  if (wide || Math.max(left.length, right.length) <= LONGEST_VALUE) return [printable(left), printable(right)];
  const start = Math.max(0, commonHead(left, right) - AHEAD);
  return [windowOn(left, start), windowOn(right, start)];
}

export function printValue(value: Json | undefined, wide = false): string {
  const text = textOf(value);
  return wide ? printable(text) : windowOn(text, 0);
}

/** Bare where nobody can take it for anything but this text. */
function textOf(value: Json | undefined): string {
  if (value === undefined) return "(absent)";
  const isBare = typeof value === "string" && /^[\w./:@%+()=,-][\w./:@%+()=, -]*$/.test(value) && !isAmbiguous(value);
  return isBare ? value : JSON.stringify(value);
}

function isAmbiguous(text: string): boolean {
  return text === "(absent)" || /^(true|false|null|[-+]?\.?\d[\d_.]*(e[-+]?\d+)?)$/i.test(text);
}

function windowOn(text: string, start: number): string {
  const head = start === 0 ? "" : "...";
  const rest = text.slice(start);
  const fits = rest.length <= LONGEST_VALUE - head.length;
  return printable(fits ? `${head}${rest}` : `${head}${rest.slice(0, LONGEST_VALUE - head.length - 3)}...`);
}

function commonHead(left: string, right: string): number {
  const most = Math.min(left.length, right.length);
  let length = 0;
  while (length < most && left[length] === right[length]) length++;
  return length;
}

/** Too much for a line: a text of several lines, or an object or list that is long. */
export function needsLines(value: Json | undefined): boolean {
  if (typeof value === "string") return value.trimEnd().includes("\n");
  return typeof value === "object" && value !== null && JSON.stringify(value).length > LONGEST_VALUE;
}

/** Nothing that people read is deeper. */
const DEEPEST = 40;

/** A value as lines: a text as it is, an object or list in the form of YAML. */
export function valueLines(value: Json | undefined): string[] {
  if (value === undefined) return [];
  if (typeof value === "string" && needsLines(value)) return textLines(value);
  return blockLines(value, 0);
}

function textLines(text: string): string[] {
  return text.endsWith("\n") ? text.slice(0, -1).split("\n") : [...text.split("\n"), "\\ no line end"];
}

function blockLines(value: Json, depth: number): string[] {
  if (depth < DEEPEST && isList(value) && value.length > 0) {
    return value.flatMap((item) => indented("- ", blockLines(item, depth + 1)));
  }
  if (depth < DEEPEST && isJsonObject(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([name, part]) => (part === undefined ? [] : entryLines(name, part, depth)));
  }
  return [textOf(value)];
}

function entryLines(name: string, value: Json, depth: number): string[] {
  const label = `${textOf(name)}:`;
  if (typeof value === "string" && needsLines(value)) {
    return [`${label} |`, ...textLines(value).map((line) => `  ${line}`)];
  }
  const lines = blockLines(value, depth + 1);
  const isNested = typeof value === "object" && value !== null && Object.keys(value).length > 0 && depth + 1 < DEEPEST;
  return isNested ? [label, ...lines.map((line) => `  ${line}`)] : [`${label} ${lines[0]}`];
}

function indented(bullet: string, [first = "", ...rest]: readonly string[]): string[] {
  return [`${bullet}${first}`, ...rest.map((line) => `  ${line}`)];
}
