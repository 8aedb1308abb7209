import { toProblem } from "../../model/index.ts";
import { coversPrefixes, mergedPrefixes } from "../ref-spec.ts";
import type { ServerRef } from "../server-ref.ts";
import { newness } from "./newness.ts";
import { withinPatience } from "./patience.ts";
import { printRefsAnswer, type ReadRefs, readRefsAnswer, type ToldRefs } from "./refs-answer.ts";
import { Rounds } from "./rounds.ts";
import { isNews, sameListed, sameRefs } from "./same-refs.ts";
import type { Sharing } from "./sharing.ts";
import type { FailingSince, RepositoryOwner, SourceAnswer, SourceQuestion } from "./types.ts";

/** What a repository's refs are, as far as that is known. */
export interface RefAnswer {
  /** Undefined: no good answer to that question is known. */
  readonly refs?: readonly ServerRef[];
  /** Milliseconds since the epoch: when the repository gave `refs`. */
  readonly at: number;
  readonly failing?: FailingSince;
}

export interface SharedRefsOptions {
  readonly repo: string;
  /** Of the repository, in the division. */
  readonly key: string;
  readonly sharing: Sharing;
  /** Asks the repository itself. */
  readonly list: (prefixes: readonly string[]) => Promise<readonly ServerRef[]>;
}

/** What this replica was told last. */
interface LastTold {
  /** Id of who told it; "" for this replica. */
  readonly by: string;
  readonly prefixes: readonly string[];
  readonly tag: number;
  readonly refs: readonly ServerRef[];
  /** The repository was not asked later than this, by this process's monotonic clock. */
  readonly before: number;
}

interface Noting extends Pick<LastTold, "by" | "prefixes"> {
  /** What an answer without refs means. */
  readonly same: LastTold["refs"];
}

type RefsQuestion = Extract<SourceQuestion, { ask: "refs" }>;

/**
 * The refs of one repository, which one of several replicas asks for all. That one joins the questions of all, and says when the answer is another one; the
 * others ask it, and where it does not answer, the repository. Nobody takes an answer that is older than what it has.
 */
export class SharedRefs {
  readonly #options: SharedRefsOptions;
  #rounds: Rounds<ToldRefs> | undefined;
  #last: LastTold | undefined;
  /** Whose it was when that was looked at last. */
  #known: string;

  constructor(options: SharedRefsOptions) {
    this.#options = options;
    this.#known = this.ownerId;
  }

  get #owner(): RepositoryOwner | undefined {
    return this.#options.sharing.sources.ownerOf(this.#options.key);
  }

  get ownerId(): string {
    return this.#owner?.id ?? "";
  }

  /** Another replica may ask now. What was asked before that is forgotten: others may have been told newer since. */
  divided(): void {
    if (this.ownerId === this.#known) return;
    this.#known = this.ownerId;
    this.#rounds = undefined;
  }

  /** `withinMs`: see Newness; who asks for all asks the repository, unless whatever is known is enough. Errors: PL-GIT-*. */
  async list(prefixes: readonly string[], withinMs: number): Promise<RefAnswer> {
    this.divided();
    const owner = this.#owner;
    if (owner === undefined) return await this.#own(prefixes, withinMs);
    return (await this.#theirs(owner, prefixes, withinMs)) ?? (await this.#alone(prefixes, withinMs));
  }

  /** For another replica. Asked by mistake, this one asks the repository, and nobody else. */
  async answer({ repo, prefixes, tag, withinMs, after }: RefsQuestion): Promise<SourceAnswer> {
    this.divided();
    const { now } = this.#options.sharing;
    const newest = this.#owner === undefined ? (withinMs ?? Number.POSITIVE_INFINITY) : 0;
    const wanted = { names: prefixes, withinMs: newest, ...(after === undefined ? {} : { after }) };
    const awaited = this.#asking().take(wanted);
    const round = await withinPatience(awaited.done);
    if (round === undefined) return { pending: awaited.after };
    return printRefsAnswer(round.value, { repo, prefixes, ...(tag === undefined ? {} : { tag }) }, now());
  }

  async #own(prefixes: readonly string[], withinMs: number): Promise<RefAnswer> {
    const newest = withinMs === Number.POSITIVE_INFINITY ? withinMs : 0;
    const { value } = await this.#asking().take({ names: prefixes, withinMs: newest }).done;
    const good = value.good !== undefined && coversPrefixes(value.good.asked, prefixes) ? value.good : undefined;
    if (good !== undefined) this.#last = { by: "", prefixes, tag: good.tag, refs: good.refs, before: good.at };
    return this.#answerOf({ ...(good && { good }), ...(value.failing && { failing: value.failing }) });
  }

  async #theirs(owner: RepositoryOwner, prefixes: readonly string[], withinMs: number): Promise<RefAnswer | undefined> {
    const { repo, sharing } = this.#options;
    const last = this.#last;
    const isSame = last?.by === owner.id && last.prefixes.join() === prefixes.join();
    const asked = { repo, prefixes, ...(isSame ? { tag: last.tag } : {}) };
    const newest =
      last === undefined || last.by === owner.id ? withinMs : Math.min(withinMs, sharing.now() - last.before);
    const question = { ask: "refs", ...asked, ...newness(newest) } as const;
    const told = await sharing.owners.ask(owner, question, (answer) => readRefsAnswer(answer, asked));
    return told === undefined ? undefined : this.#noted(told, { by: owner.id, prefixes, same: last?.refs ?? [] });
  }

  #noted({ good, failing }: ReadRefs, { same, ...told }: Noting): RefAnswer {
    const now = this.#options.sharing.now();
    const known = good && { refs: good.refs ?? same, at: now - good.ageMs };
    if (known !== undefined) this.#last = { ...told, tag: good?.tag ?? 0, refs: known.refs, before: known.at };
    return this.#answerOf({
      ...(known && { good: known }),
      ...(failing && { failing: { since: now - failing.forMs, problem: failing.problem } }),
    });
  }

  /** Whoever asks the repository tells all: who asks for it otherwise is away. */
  async #alone(prefixes: readonly string[], withinMs: number): Promise<RefAnswer> {
    const { sharing, list, repo } = this.#options;
    const before = sharing.now();
    const last = this.#last;
    const refs = await list(prefixes);
    this.#last = { by: "", prefixes, tag: sharing.draw(), refs, before };
    const isNew =
      last !== undefined && !sameListed({ refs: last.refs, asked: last.prefixes }, { refs, asked: prefixes });
    if (withinMs === 0 && isNew) sharing.sources.moved({ repo });
    return this.#answerOf({ good: { refs, at: before } });
  }

  /** Moments of the monotonic clock as those of the wall's. */
  #answerOf({
    good,
    failing,
  }: {
    good?: Pick<NonNullable<ToldRefs["good"]>, "refs" | "at">;
    failing?: FailingSince;
  }): RefAnswer {
    const { now, wall } = this.#options.sharing;
    const shift = wall() - now();
    return {
      at: shift + (good?.at ?? now()),
      ...(good === undefined ? {} : { refs: good.refs }),
      ...(failing === undefined ? {} : { failing: { since: shift + failing.since, problem: failing.problem } }),
    };
  }

  #asking(): Rounds<ToldRefs> {
    const { repo, sharing } = this.#options;
    const { now, draw } = sharing;
    this.#rounds ??= new Rounds({
      ...{ now, draw, merged: mergedPrefixes, covers: coversPrefixes },
      ask: (prefixes, before) => this.#told(prefixes, before),
      onEnd: (told, before) => before !== undefined && isNews(before, told) && sharing.sources.moved({ repo }),
    });
    return this.#rounds;
  }

  async #told(asked: readonly string[], before: ToldRefs | undefined): Promise<ToldRefs> {
    const { list, sharing } = this.#options;
    const at = sharing.now();
    try {
      const refs = await list(asked);
      const same = before?.good !== undefined && sameRefs(before.good.refs, refs) ? before.good : undefined;
      return { good: { refs: same?.refs ?? refs, asked, at, tag: same?.tag ?? sharing.draw() } };
    } catch (error) {
      const problem = toProblem(error);
      return { ...(before?.good && { good: before.good }), failing: { since: before?.failing?.since ?? at, problem } };
    }
  }
}
