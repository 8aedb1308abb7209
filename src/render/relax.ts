/** A chunk's text as js-yaml takes it, and where its offsets stand in the text as written. */
export interface Relaxed {
  readonly text: string;
  readonly originalOf: (offset: number) => number;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly spaces: number;
}

/** A column no human indents to. Beyond it nothing is mended, so that a long line cannot make a text many times its size. */
const FAR_COLUMN = 1000;
const BLANK = /[ \t]/;

/**
 * Indents the lines inside of quotes, brackets and braces as deep as YAML 1.2 wants them:
 * `args: [`, and `]` below the `a`, is what people write and kubectl reads, but js-yaml holds to the letter of the specification.
 * Blanks at the start of such lines mean nothing, so the values stay the same. undefined: nothing to mend.
 * Slow beside the parser, and so only asked when the parser has refused.
 */
export function relaxIndents(text: string): Relaxed | undefined {
  const edits = new IndentScanner(text).edits();
  if (edits.length === 0) return undefined;
  const parts: string[] = [];
  const marks: Mark[] = [{ relaxed: 0, original: 0 }];
  let last = 0;
  let length = 0;
  for (const { start, end, spaces } of edits) {
    parts.push(text.slice(last, start), " ".repeat(spaces));
    length += start - last + spaces;
    last = end;
    marks.push({ relaxed: length, original: end });
  }
  parts.push(text.slice(last));
  return { text: parts.join(""), originalOf: (offset) => originalOffset(marks, offset) };
}

/** After a mended indentation: where the two texts run alike again. */
interface Mark {
  readonly relaxed: number;
  readonly original: number;
}

function originalOffset(marks: readonly Mark[], offset: number): number {
  let low = 0;
  let high = marks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((marks[middle]?.relaxed ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const { relaxed, original } = marks[low] ?? { relaxed: 0, original: 0 };
  const next = marks[low + 1]?.original ?? Number.POSITIVE_INFINITY;
  return Math.min(original + offset - relaxed, next);
}

/** Reads just enough of YAML to know which lines begin inside of quotes or brackets. */
class IndentScanner {
  readonly #text: string;
  readonly #edits: Edit[] = [];
  #at = 0;
  #lineStart = 0;
  /** Column of the key or dash that owns what is being read: what belongs to it stands further right. */
  #owner = 0;

  constructor(text: string) {
    this.#text = text;
  }

  edits(): readonly Edit[] {
    while (this.#at < this.#text.length) this.#line();
    return this.#edits;
  }

  #line(): void {
    this.#skipBlanks();
    this.#owner = this.#column();
    while (this.#at < this.#text.length && this.#text[this.#at] !== "\n") {
      if (!this.#token()) this.#toLineEnd();
      this.#skipBlanks();
    }
    this.#nextLine();
  }

  /** One token where a value may begin. False when the rest of the line is of no interest. */
  #token(): boolean {
    const first = this.#text[this.#at] ?? "";
    const column = this.#column();
    if (first === "#") return false;
    if (first === "|" || first === ">") return this.#blockScalar();
    if ("-?:".includes(first) && this.#isSpaceAt(this.#at + 1)) {
      if (first !== ":") this.#owner = column;
      this.#at++;
      return true;
    }
    if ("&!*".includes(first)) return this.#word();
    if (first === '"' || first === "'") this.#quoted(first);
    else if (first === "[" || first === "{") this.#flow();
    else return this.#plain(column);
    return this.#colonAfter(column);
  }

  /** A quoted text or a bracket as a key: then a value follows. */
  #colonAfter(column: number): boolean {
    this.#skipBlanks();
    if (this.#text[this.#at] !== ":") return false;
    this.#owner = column;
    this.#at++;
    return true;
  }

  #word(): boolean {
    while (!this.#isSpaceAt(this.#at)) this.#at++;
    return true;
  }

  /** Up to the colon that makes it a key. Without one, lines further right go on with it, quotes in them being mere letters. */
  #plain(column: number): boolean {
    for (; this.#at < this.#text.length && this.#text[this.#at] !== "\n"; this.#at++) {
      if (this.#text[this.#at] === ":" && this.#isSpaceAt(this.#at + 1)) {
        this.#owner = column;
        this.#at++;
        return true;
      }
      if (this.#text[this.#at] === "#" && this.#isSpaceAt(this.#at - 1)) return false;
    }
    this.#skipLinesRightOf(this.#owner);
    return false;
  }

  #blockScalar(): boolean {
    this.#toLineEnd();
    this.#skipLinesRightOf(this.#owner);
    return false;
  }

  /** Stands at a line's end; goes to the end of the last line of those that follow and stand further right, or are empty. */
  #skipLinesRightOf(column: number): void {
    while (this.#at < this.#text.length) {
      const next = this.#at + 1;
      let at = next;
      while (this.#text[at] === " ") at++;
      const isEmpty = this.#text[at] === "\n" || at >= this.#text.length;
      if (!isEmpty && at - next <= column) return;
      this.#at = at;
      this.#toLineEnd();
      this.#lineStart = next;
    }
  }

  #quoted(quote: string): void {
    const pad = this.#owner + 1;
    this.#at++;
    for (; this.#at < this.#text.length; this.#at++) {
      const character = this.#text[this.#at];
      if (character === "\n") this.#mend(pad);
      else if (character === "\\" && quote === '"' && this.#text[this.#at + 1] !== "\n") this.#at++;
      else if (character === quote) {
        if (quote === '"' || this.#text[this.#at + 1] !== quote) break;
        this.#at++;
      }
    }
    this.#at++;
  }

  #flow(): void {
    const pad = this.#owner + 1;
    let depth = 0;
    /** Whether a value may begin here: a quote in the middle of a word opens nothing. */
    let fresh = true;
    do {
      const character = this.#text[this.#at] ?? "";
      if (character === "\n") this.#mend(pad);
      else if ((character === '"' || character === "'") && fresh) {
        this.#quoted(character);
        continue;
      } else if (character === "#" && this.#isSpaceAt(this.#at - 1)) {
        this.#toLineEnd();
        continue;
      } else if ("[{".includes(character)) depth++;
      else if ("]}".includes(character)) depth--;
      if (!BLANK.test(character) && character !== "\n") fresh = "[{,:?".includes(character);
      this.#at++;
    } while (depth > 0 && this.#at < this.#text.length);
  }

  /** Stands at a line's end inside of quotes or brackets: notes the blanks that the next line should have and has not. */
  #mend(pad: number): void {
    const start = this.#at + 1;
    let end = start;
    while (end < this.#text.length && BLANK.test(this.#text[end] ?? "")) end++;
    this.#lineStart = start;
    this.#at = end - 1;
    const isEmpty = this.#text[end] === "\n" || end >= this.#text.length;
    if (isEmpty || pad > FAR_COLUMN) return;
    const blanks = this.#text.slice(start, end);
    if (blanks.length < pad || blanks.includes("\t")) this.#edits.push({ start, end, spaces: pad });
  }

  #column(): number {
    return this.#at - this.#lineStart;
  }

  #isSpaceAt(at: number): boolean {
    const character = this.#text[at];
    return character === undefined || character === "\n" || BLANK.test(character);
  }

  #skipBlanks(): void {
    while (this.#text[this.#at] === " " || this.#text[this.#at] === "\t") this.#at++;
  }

  #toLineEnd(): void {
    const newline = this.#text.indexOf("\n", this.#at);
    this.#at = newline < 0 ? this.#text.length : newline;
  }

  #nextLine(): void {
    this.#at++;
    this.#lineStart = this.#at;
  }
}
