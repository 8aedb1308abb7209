import type { YAMLException } from "js-yaml";
import { type ErrorCode, PlumblineError, type Problem, toProblem } from "../model/index.ts";
import type { Piece, Reading } from "./reading.ts";

/** A value, an item or a line that begins with two braces: what a template leaves before it is rendered. Braces inside of text are none. */
const TEMPLATE = /(?:^|[:[,-])[ \t]*\{\{/;
const COMMENT = /^\s*#/;
/** Bounds of the search, so that a file of nothing but braces costs no more than another. */
const LOOKED_AT = 200;
const MOST_BRACES = 1000;

/**
 * Why js-yaml stopped, as a problem with a code of ours. Its sentence is kept without the text it quotes: that may be a Secret's.
 * The code comes from what stands where it stopped, never from that sentence.
 */
export function syntaxProblem(reading: Reading, piece: Piece, error: YAMLException): Problem {
  const at = Math.min(error.mark?.position ?? 0, piece.text.length);
  const template = templateBefore(piece.text, at);
  if (template >= 0) return problem(reading, "PL-YAML-TEMPLATE", piece.at(template), "a template stands here");
  const tab = tabAt(piece.text, at);
  if (tab >= 0) {
    return problem(reading, "PL-YAML-TAB", piece.at(tab), "a tab where YAML wants spaces");
  }
  const reason = error.reason
    .replaceAll(/"[^"]*"/g, "")
    .replace(/: .*$/s, "")
    .trim();
  const { column } = reading.positionOf(piece.at(at));
  return problem(reading, "PL-YAML-SYNTAX", piece.at(at), `${reason} (column ${column})`);
}

function problem(reading: Reading, code: ErrorCode, offset: number, message: string): Problem {
  return toProblem(new PlumblineError(code, { message, where: reading.where(offset) }));
}

/** Offset of the first template, up to the line of the error, that stands where a value was expected; -1 without. */
function templateBefore(text: string, at: number): number {
  const newline = text.indexOf("\n", at);
  const end = newline < 0 ? text.length : newline;
  let looked = 0;
  for (let found = text.indexOf("{{"); found >= 0 && found < end; found = text.indexOf("{{", found + 2)) {
    const start = text.lastIndexOf("\n", found) + 1;
    const isComment = COMMENT.test(text.slice(start, start + LOOKED_AT));
    if (!isComment && TEMPLATE.test(text.slice(Math.max(start, found - LOOKED_AT), found + 2))) return found;
    if (++looked >= MOST_BRACES) return -1;
  }
  return -1;
}

/** Offset of the tab that the parser stumbled over: right there, or in the indentation of its line or of the line above; -1 without. */
function tabAt(text: string, at: number): number {
  if (text[at] === "\t") return at;
  const start = text.lastIndexOf("\n", at - 1) + 1;
  const here = tabInIndent(text, start);
  if (here >= 0) return here;
  return start === 0 ? -1 : tabInIndent(text, text.lastIndexOf("\n", start - 2) + 1);
}

function tabInIndent(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    if (text[at] === "\t") return at;
    if (text[at] !== " ") return -1;
  }
  return -1;
}
