import { PlumblineError } from "../../model/index.ts";

const LONGEST = 4096;
/** Of a name, a number or a text; patterns are sticky. */
const SPACES = /\s*/y;
const TEXT = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LABEL = /[^\]"'?*=\s]+=[^\]]*/y;
const NAME = /(?:\\.|[^\s.[\](){}'"?@&|!=<>,:*$\\])+/y;

/** Reads an expression from left to right, each character once. What it cannot read is PL-IGNORE-INVALID with the character's number, from 1. */
export class PathScanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    if (text.length > LONGEST) this.fail(`it is longer than ${LONGEST} characters`);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  startsWith(token: string): boolean {
    return this.#text.startsWith(token, this.#at);
  }

  take(token: string): boolean {
    if (!this.startsWith(token)) return false;
    this.#at += token.length;
    return true;
  }

  expect(token: string): void {
    if (!this.take(token)) this.fail(`here should be ${token}`);
  }

  skipSpaces(): void {
    this.#match(SPACES);
  }

  /** A text in quotes, without them; a backslash stands for the character behind it. */
  text(): string | undefined {
    const quoted = this.#match(TEXT);
    return quoted === undefined ? undefined : unescaped(quoted.slice(1, -1));
  }

  number(): number | undefined {
    const digits = this.#match(NUMBER);
    return digits === undefined ? undefined : Number(digits);
  }

  /** `name=web`: an item as paths are printed. */
  label(): string | undefined {
    return this.#match(LABEL);
  }

  /** A name without quotes; dots in it are escaped: `example\.com/owner`. */
  name(): string | undefined {
    const name = this.#match(NAME);
    return name === undefined ? undefined : unescaped(name);
  }

  fail(message: string): never {
    throw new PlumblineError("PL-IGNORE-INVALID", { message: `${message}, at character ${this.#at + 1}` });
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found === undefined) return undefined;
    this.#at += found.length;
    return found;
  }
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/gs, "$1");
}
