import { isJsonObject, type JsonObject, type Log, PlumblineError, toProblem } from "../../model/index.ts";
import type { RepositoryOwner, SourceQuestion } from "./types.ts";

/** Who did not answer is not asked again before this. */
const AWAY_MS = 5000;
/** An owner that goes on waiting for longer is as good as away: two looks at a repository, of two requests each, have ended by then. */
const LONGEST_MS = 300_000;

/** Longer names, which only manifests of a repository can have, and more of them, another replica refuses to be asked. */
const LONGEST_NAME = 2048;
const MOST_NAMES = 10_000;

export interface OwnerLineOptions {
  readonly log: Log;
  /** Milliseconds of a clock that nobody sets. */
  readonly now: () => number;
}

/** The way to those who ask repositories for all. Whoever does not answer, or not as it should, is left out for a moment, and asked again after it. */
export class OwnerLine {
  readonly #options: OwnerLineOptions;
  /** By id: until when it is not asked. Those that are heard again are taken out. */
  readonly #away = new Map<string, number>();

  constructor(options: OwnerLineOptions) {
    this.#options = options;
  }

  /** What `read` makes of the answer. Undefined: whoever wants to know asks the repository himself. */
  async ask<T>(
    owner: RepositoryOwner,
    question: SourceQuestion,
    read: (answer: JsonObject) => T | undefined,
  ): Promise<T | undefined> {
    if ((this.#away.get(owner.id) ?? Number.NEGATIVE_INFINITY) > this.#options.now()) return undefined;
    if (!isAskable(question)) return undefined;
    try {
      const answer = await this.#whole(owner, question);
      const told = read(answer);
      if (told === undefined) throw awayError(owner, "its answer is none to this question");
      this.#heard(owner);
      return told;
    } catch (error) {
      this.#unheard(owner, error);
      return undefined;
    }
  }

  /** Waits for as long as the owner says that it waits, too. */
  async #whole(owner: RepositoryOwner, question: SourceQuestion): Promise<JsonObject> {
    const { now } = this.#options;
    const end = now() + LONGEST_MS;
    for (let asked = question; now() < end; ) {
      const answer = await owner.ask(asked);
      if (!isJsonObject(answer)) throw awayError(owner, "its answer is no object");
      const { pending } = answer;
      if (typeof pending !== "number") return answer;
      asked = { ...question, after: pending };
    }
    throw awayError(owner, `it has waited for the repository for more than ${LONGEST_MS / 1000} s`);
  }

  #heard({ id }: RepositoryOwner): void {
    if (this.#away.delete(id))
      this.#options.log.info({ replica: id }, "the replica that asks repositories for all answers again");
  }

  #unheard({ id }: RepositoryOwner, error: unknown): void {
    const { log, now } = this.#options;
    if (!this.#away.has(id))
      log.warn(
        { ...toProblem(error), replica: id },
        "the replica that asks repositories for all does not answer; until it does, this one asks them itself",
      );
    this.#away.set(id, now() + AWAY_MS);
  }
}

function isAskable(question: SourceQuestion): boolean {
  const names = question.ask === "refs" ? question.prefixes : [question.chart, ...question.ranges];
  return names.length <= MOST_NAMES && [question.repo, ...names].every(({ length }) => length <= LONGEST_NAME);
}

function awayError({ id }: RepositoryOwner, why: string): PlumblineError {
  return new PlumblineError("PL-REPLICA-AWAY", { message: `replica ${id} cannot be understood: ${why}` });
}
