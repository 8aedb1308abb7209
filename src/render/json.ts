import type { Json } from "../model/index.ts";
import type { Located, Reading } from "./reading.ts";

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
/** Characters for which a text is handed to JSON.parse: escapes, and those that it refuses. */
const NOT_PLAIN = /[^ -[\]-\uffff]/;
const QUOTE = 34;
const BACKSLASH = 92;
const SPACE = /[ \t\n\r]*/y;
const WORDS: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/**
 * JSON as kubectl reads a file of it: one value after the other. Our own reader and not JSON.parse, for the sake of lines, of keys
 * given twice and of integers that a double cannot hold. Nests only as deep as the limits allow.
 * Errors: PL-YAML-SYNTAX and PL-YAML-TOO-DEEP are thrown; keys and numbers are reported.
 */
export function readJson(reading: Reading, start: number, end: number): Located[] {
  const reader = new JsonReader(reading, start, end);
  const documents: Located[] = [];
  for (let document = reader.next(); document !== undefined; document = reader.next()) documents.push(document);
  return documents;
}

class JsonReader {
  readonly #reading: Reading;
  readonly #text: string;
  readonly #end: number;
  #at: number;
  #items = new Map<unknown, number>();

  constructor(reading: Reading, start: number, end: number) {
    this.#reading = reading;
    this.#text = end === reading.text.length ? reading.text : reading.text.slice(0, end);
    this.#end = end;
    this.#at = start;
  }

  next(): Located | undefined {
    this.#skipSpace();
    if (this.#at >= this.#end) return undefined;
    this.#items = new Map();
    const offset = this.#at;
    return { value: this.#value(0, ""), offset, items: this.#items };
  }

  #value(depth: number, under: string): Json {
    this.#skipSpace();
    const first = this.#text[this.#at];
    if (first === "{") return this.#object(depth + 1);
    if (first === "[") return this.#array(depth + 1, under === "items");
    if (first === '"') return this.#string();
    if (first === "-" || (first !== undefined && first >= "0" && first <= "9")) return this.#number();
    for (const [word, value] of WORDS) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    return this.#fail("a value was expected here");
  }

  #object(depth: number): Json {
    this.#enter(depth);
    const object: Record<string, Json> = {};
    const offsets = new Map<string, number>();
    if (this.#take("}")) return object;
    do {
      this.#skipSpace();
      const offset = this.#at;
      if (this.#text[offset] !== '"') this.#fail("a key in double quotes was expected here");
      const key = this.#string();
      this.#checkKey(key, offset, offsets);
      if (!this.#take(":")) this.#fail('":" was expected here');
      const value = this.#value(depth, key);
      if (key !== "__proto__") object[key] = value;
    } while (this.#take(","));
    if (!this.#take("}")) this.#fail('"," or "}" was expected here');
    return object;
  }

  #array(depth: number, tracked: boolean): Json {
    this.#enter(depth);
    const array: Json[] = [];
    if (this.#take("]")) return array;
    do {
      this.#skipSpace();
      const offset = this.#at;
      const value = this.#value(depth, "");
      if (tracked) this.#items.set(value, offset);
      array.push(value);
    } while (this.#take(","));
    if (!this.#take("]")) this.#fail('"," or "]" was expected here');
    return array;
  }

  #enter(depth: number): void {
    const { limits } = this.#reading;
    if (depth > limits.depth) {
      const message = `nested more than ${limits.depth} levels deep`;
      this.#reading.fail({ code: "PL-YAML-TOO-DEEP", offset: this.#at, message });
    }
    this.#at++;
  }

  #string(): string {
    const start = this.#at;
    const end = this.#closingQuote(start + 1);
    if (end < 0) this.#fail("a text that does not end");
    this.#at = end + 1;
    const token = this.#text.slice(start, end + 1);
    if (!NOT_PLAIN.test(token)) return token.slice(1, -1);
    try {
      const text: unknown = JSON.parse(token);
      if (typeof text === "string") return text;
    } catch (cause) {
      this.#at = start;
      this.#fail("a text with a control character or an unknown escape", cause);
    }
    return token;
  }

  /** The next quote that no backslash escapes; -1 without. Not a regular expression: those run out of stack on long texts. */
  #closingQuote(from: number): number {
    for (let at = from; at < this.#end; at++) {
      const character = this.#text.charCodeAt(at);
      if (character === QUOTE) return at;
      if (character === BACKSLASH) at++;
    }
    return -1;
  }

  #number(): number {
    const offset = this.#at;
    const token = this.#match(NUMBER);
    if (token === "") this.#fail("a number was expected here");
    const value = Number(token);
    const isWritten = /^-?[0-9]+$/.test(token) ? Number.isSafeInteger(value) : Number.isFinite(value);
    if (!isWritten) {
      const message = "an integer beyond 2^53 - 1, or a number beyond all; it cannot be held exactly";
      this.#reading.report({ code: "PL-YAML-NUMBER", offset, message });
    }
    return value === 0 ? 0 : value;
  }

  #checkKey(key: string, offset: number, offsets: Map<string, number>): void {
    const first = offsets.get(key);
    if (key === "__proto__") {
      this.#reading.report({ code: "PL-YAML-KEY", offset, message: 'the key "__proto__" is refused' });
    } else if (first === undefined) {
      offsets.set(key, offset);
    } else {
      this.#reading.reportTwice(key, first, offset);
    }
  }

  #skipSpace(): void {
    this.#match(SPACE);
  }

  /** Passes over one character, blanks before it included, when it stands here. */
  #take(character: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const token = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += token.length;
    return token;
  }

  #fail(message: string, cause?: unknown): never {
    const { column } = this.#reading.positionOf(this.#at);
    const isTemplate = this.#text.startsWith("{{", this.#at) || this.#text.startsWith("{{", this.#at - 1);
    const code = isTemplate ? "PL-YAML-TEMPLATE" : "PL-YAML-SYNTAX";
    return this.#reading.fail({ code, offset: this.#at, message: `${message} (column ${column})`, cause });
  }
}
