import { PlumblineError, type Problem, toProblem } from "../../model/index.ts";
import type { Failing } from "./types.ts";

export interface LastGoodOptions<T> {
  /** `previous` is the last good answer, for conditional requests. */
  readonly ask: (previous: T | undefined) => Promise<T>;
  readonly now: () => number;
  /** It stopped answering (a problem) or answers again (undefined). Called once a turn. */
  readonly onTurn: (problem: Problem | undefined) => void;
}

/** The last good answer of somebody who can be away, for as long as there is no newer one. One question at a time. */
export class LastGood<T> {
  readonly #options: LastGoodOptions<T>;
  #known: { readonly value: T; readonly at: number } | undefined;
  #failing: Failing | undefined;
  #triedAt: number | undefined;
  #asking: Promise<Problem | undefined> | undefined;

  constructor(options: LastGoodOptions<T>) {
    this.#options = options;
  }

  async refresh(): Promise<Problem | undefined> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /** Whether it was old enough to be asked. */
  async refreshOlder({ good, failed }: { good: number; failed: number }): Promise<boolean> {
    const age = this.#options.now() - (this.#triedAt ?? Number.NEGATIVE_INFINITY);
    // Less than nothing: the clock was set back.
    const old = age < 0 || age >= (this.#failing === undefined ? good : failed);
    if (old) await this.refresh();
    return old;
  }

  /** Asks when nobody has yet. Errors: the problem, when no answer was ever good. */
  async read(): Promise<{ readonly value: T; readonly at: number; readonly failing?: Failing }> {
    if (this.#triedAt === undefined || (this.#known === undefined && this.#failing === undefined)) await this.refresh();
    const failing = this.#failing;
    if (this.#known !== undefined) return failing === undefined ? this.#known : { ...this.#known, failing };
    throw asError(failing?.problem ?? toProblem(new Error("no answer")));
  }

  async #ask(): Promise<Problem | undefined> {
    const { ask, now, onTurn } = this.#options;
    try {
      this.#known = { value: await ask(this.#known?.value), at: now() };
      if (this.#failing !== undefined) onTurn(undefined);
      this.#failing = undefined;
      return undefined;
    } catch (error) {
      const problem = toProblem(error);
      if (this.#failing === undefined) onTurn(problem);
      this.#failing = { since: this.#failing?.since ?? now(), problem };
      return problem;
    } finally {
      this.#triedAt = now();
    }
  }
}

function asError({ code, message, where, next }: Problem): PlumblineError {
  return new PlumblineError(code, { message, next, ...(where === undefined ? {} : { where }) });
}
