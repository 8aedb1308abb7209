import { isUtf8 } from "node:buffer";
import { PlumblineError } from "../model/index.ts";

const NEWLINE = 10;

/** Where things stand in a file, for people: lines and columns count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * The file's text with "\n" for every line break, as YAML reads them (YAML 1.2, 5.4), and without a byte order mark.
 * Errors: PL-YAML-UTF8, with the line. kubectl puts U+FFFD in place of such bytes, which then goes to the cluster unseen.
 */
export function textOf(bytes: Uint8Array, file: string): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!isUtf8(buffer)) {
    const line = firstBadLine(buffer);
    throw new PlumblineError("PL-YAML-UTF8", {
      message: `line ${line} holds bytes that are not UTF-8`,
      where: `${file}:${line}`,
    });
  }
  const text = buffer.toString("utf8");
  const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  return plain.includes("\r") ? plain.replace(/\r\n?/g, "\n") : plain;
}

/** No byte of a longer UTF-8 sequence is a newline, so each line can be looked at by itself. */
function firstBadLine(buffer: Buffer): number {
  let line = 1;
  for (let start = 0; start < buffer.length; line++) {
    const newline = buffer.indexOf(NEWLINE, start);
    const end = newline < 0 ? buffer.length : newline;
    if (!isUtf8(buffer.subarray(start, end))) return line;
    start = end + 1;
  }
  return line;
}

/** Finds the line of an offset by halving; the table of line starts is made at the first question. */
export function createPositions(text: string): (offset: number) => Position {
  let starts: number[] | undefined;
  return (offset) => {
    starts ??= lineStarts(text);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}
