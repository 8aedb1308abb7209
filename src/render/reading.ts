import {
  type ErrorCode,
  type ErrorDetails,
  type Json,
  PlumblineError,
  type Problem,
  toProblem,
} from "../model/index.ts";
import { createPositions, type Position } from "./text.ts";
import type { RenderLimits } from "./types.ts";

/** More would help nobody, and a file of ten thousand broken documents would fill the status. */
const MOST_PROBLEMS = 100;

/** A value out of a file, with where it and the items of its lists (`items:`) stand. Offsets count from the start of the file. */
export interface Located {
  readonly value: Json;
  readonly offset: number;
  readonly items: ReadonlyMap<unknown, number>;
}

/** Text to parse, and where its offsets stand in the file. */
export interface Piece {
  readonly text: string;
  readonly at: (offset: number) => number;
}

export type Fault = ErrorDetails & { readonly code: ErrorCode; readonly offset: number };

export interface ReadingOptions {
  readonly text: string;
  readonly file: string;
  readonly limits: RenderLimits;
  /** A key given twice is a warning, and the later one counts. */
  readonly lenient?: boolean;
}

/** The reading of one file: where its problems are gathered, and what its aliases have cost so far. */
export class Reading {
  readonly text: string;
  readonly file: string;
  readonly limits: RenderLimits;
  readonly problems: Problem[] = [];
  readonly warnings: string[] = [];
  readonly positionOf: (offset: number) => Position;
  /** Values that aliases have stood for in the whole file. */
  expanded = 0;
  #more = 0;
  readonly #lenient: boolean;

  constructor({ text, file, limits, lenient = false }: ReadingOptions) {
    this.text = text;
    this.file = file;
    this.limits = limits;
    this.#lenient = lenient;
    this.positionOf = createPositions(text);
  }

  /** Problems so far; those beyond the listed ones count too. */
  get faults(): number {
    return this.problems.length + this.#more;
  }

  /** Whether what is reported from now on is only counted. */
  get isFull(): boolean {
    return this.problems.length >= MOST_PROBLEMS;
  }

  warn(offset: number, message: string): void {
    if (this.warnings.length < MOST_PROBLEMS) this.warnings.push(`${this.where(offset)}: ${message}`);
  }

  where(offset: number): string {
    return `${this.file}:${this.positionOf(offset).line}`;
  }

  /** For what makes the document worthless but leaves the rest of it readable. */
  report(fault: Fault): void {
    if (this.isFull) this.#more++;
    else this.takeProblem(toProblem(this.#errorOf(fault)));
  }

  /** A key given twice in one mapping. */
  reportTwice(key: string, first: number, again: number): void {
    const [one, other] = [first, again].map((offset) => this.positionOf(offset).line);
    const where = one === other ? `in line ${one}` : `in lines ${one} and ${other}`;
    const message = `the key ${JSON.stringify(key)} is given twice, ${where}`;
    if (this.#lenient) this.warn(again, `${message}; the later one counts`);
    else this.report({ code: "PL-YAML-DUPLICATE-KEY", offset: again, message });
  }

  takeProblem(problem: Problem): void {
    if (this.isFull) this.#more++;
    else this.problems.push(problem);
  }

  /** For what makes the rest of the document unreadable. */
  fail(fault: Fault): never {
    throw this.#errorOf(fault);
  }

  /** A thrown thing among the problems. `offset` is where the document begins, for errors that do not say where they are. */
  take(error: unknown, offset: number): void {
    const problem = toProblem(error);
    this.takeProblem({ ...problem, where: problem.where ?? this.where(offset) });
  }

  /** As if nothing had been reported after there were `count` faults: another reading of the same text comes. */
  takeBack(count: number): void {
    this.#more = Math.max(0, count - this.problems.length);
    this.problems.length = Math.min(count, this.problems.length);
  }

  /** Every problem, with a word about those that are too many to list. */
  listed(): Problem[] {
    const last = this.problems.at(-1);
    if (this.#more === 0 || last === undefined) return this.problems;
    const message = `${last.message} (and ${this.#more} more problems in this file)`;
    return [...this.problems.slice(0, -1), { ...last, message }];
  }

  #errorOf({ code, offset, ...details }: Fault): PlumblineError {
    return new PlumblineError(code, { where: this.where(offset), ...details });
  }
}
