const NEWLINE = 0x0a;

/** Cuts a stream of bytes into lines. Every byte is looked at once and copied at most once, however the chunks fall. */
export class WatchLines {
  #rest: Buffer[] = [];

  /** The lines that this chunk completes. Empty lines are left out. */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const line = this.#complete(chunk.subarray(start, end));
      if (line !== "") lines.push(line);
      start = end + 1;
    }
    if (start < chunk.length) this.#rest.push(chunk.subarray(start));
    return lines;
  }

  /** Characters are decoded line by line: a chunk may end within one. */
  #complete(tail: Buffer): string {
    if (this.#rest.length === 0) return tail.toString("utf8");
    const line = Buffer.concat([...this.#rest, tail]).toString("utf8");
    this.#rest = [];
    return line;
  }
}
