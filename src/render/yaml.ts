import { type Event, parseEvents, YAMLException } from "js-yaml";
import { composeDocuments } from "./compose.ts";
import type { Located, Piece, Reading } from "./reading.ts";
import { relaxIndents } from "./relax.ts";
import type { Chunk } from "./split.ts";
import { syntaxProblem } from "./syntax-problem.ts";

/** js-yaml counts a scalar as a level of its own, and a key as one below its mapping. */
const LEVELS_BESIDE = 2;

/** The documents of a chunk: one, or more where `...` ends one. What is wrong is reported; then they are not to be used. */
export function readYaml(reading: Reading, chunk: Chunk): Located[] {
  const asWritten: Piece = { text: chunk.text, at: (offset) => chunk.start + offset };
  const maxDepth = reading.limits.depth + LEVELS_BESIDE;
  try {
    const events = parsed(asWritten.text, maxDepth);
    if (Array.isArray(events)) return composeDocuments(reading, asWritten, events);
    const relaxed = relaxIndents(chunk.text);
    if (relaxed === undefined) return refused({ reading, piece: asWritten, error: events, maxDepth });
    const piece: Piece = { text: relaxed.text, at: (offset) => chunk.start + relaxed.originalOf(offset) };
    const again = parsed(piece.text, maxDepth);
    return Array.isArray(again)
      ? composeDocuments(reading, piece, again)
      : refused({ reading, piece, error: again, maxDepth });
  } catch (error) {
    reading.take(error, chunk.start);
    return [];
  }
}

function parsed(text: string, maxDepth: number): Event[] | YAMLException {
  try {
    return parseEvents(text, { maxDepth });
  } catch (error) {
    if (error instanceof YAMLException) return error;
    throw error;
  }
}

interface Refusal {
  readonly reading: Reading;
  readonly piece: Piece;
  readonly error: YAMLException;
  readonly maxDepth: number;
}

function refused({ reading, piece, error, maxDepth }: Refusal): Located[] {
  if (isTooDeep(piece.text, error, maxDepth)) {
    const offset = piece.at(error.mark?.position ?? 0);
    const message = `nested more than ${reading.limits.depth} levels deep`;
    reading.report({ code: "PL-YAML-TOO-DEEP", offset, message });
  } else reading.takeProblem(syntaxProblem(reading, piece, error));
  return [];
}

/** js-yaml's error does not say which kind it is. One of depth goes away, or comes later, when more depth is allowed. */
function isTooDeep(text: string, first: YAMLException, maxDepth: number): boolean {
  const again = parsed(text, maxDepth + LEVELS_BESIDE);
  return Array.isArray(again) || again.mark?.position !== first.mark?.position;
}
