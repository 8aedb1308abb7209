/** A document of a stream: text between two `---` lines, and where it begins in the file. */
export interface Chunk {
  readonly start: number;
  readonly text: string;
}

export interface Split {
  readonly chunks: readonly Chunk[];
  /** Offsets of separators that are followed by text on their line. */
  readonly bad: readonly number[];
}

const SEPARATOR = "---";

/** Separators of a stream, counted up to `most`. Costs one search of the text and nothing else. */
export function countSeparators(text: string, most: number): number {
  let count = 0;
  for (let at = nextSeparator(text, 0); at >= 0 && count < most; at = nextSeparator(text, at + 3)) count++;
  return count;
}

/**
 * Cuts a YAML stream as kubectl does, at every line that begins with `---`: a broken document then spoils no other.
 * After the dashes only blanks and a comment may follow (kubectl 1.32: "invalid Yaml document separator").
 */
export function splitStream(text: string): Split {
  const chunks: Chunk[] = [];
  const bad: number[] = [];
  let start = 0;
  for (let at = nextSeparator(text, 0); at >= 0; at = nextSeparator(text, at + 3)) {
    pushChunk(chunks, text, start, at);
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline;
    const rest = text.slice(at + SEPARATOR.length, end).trim();
    if (rest !== "" && !rest.startsWith("#")) bad.push(at);
    start = end;
  }
  pushChunk(chunks, text, start, text.length);
  return { chunks, bad };
}

function pushChunk(chunks: Chunk[], text: string, start: number, end: number): void {
  if (end > start) chunks.push({ start, text: text.slice(start, end) });
}

function nextSeparator(text: string, from: number): number {
  if (from === 0 && text.startsWith(SEPARATOR)) return 0;
  const at = text.indexOf(`\n${SEPARATOR}`, from);
  return at < 0 ? -1 : at + 1;
}
