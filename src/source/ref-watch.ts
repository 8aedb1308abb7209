import { PlumblineError, type Problem, toProblem } from "../model/index.ts";
import { prefixesOfAll, type ResolvedRef, resolveRef } from "./ref-spec.ts";
import type { RefTable } from "./server-ref.ts";
import type { RefAnswer } from "./shared/shared-refs.ts";
import type { Resolution } from "./types.ts";

export interface KnownRefs {
  readonly table: RefTable;
  /** Milliseconds since the epoch: when the repository gave it. */
  readonly at: number;
}

export interface RefWatchOptions {
  readonly repo: string;
  readonly now: () => number;
  /** `withinMs`: see SourceStore.poll. Errors: why nobody knows. */
  readonly list: (prefixes: readonly string[], withinMs: number) => Promise<RefAnswer>;
  /** The same for a ref that was not asked for before. Default 0. */
  readonly firstWithinMs?: number;
  /** What an earlier process was told; undefined when nothing is left of it. */
  readonly load: () => Promise<KnownRefs | undefined>;
  /** Not waited for: the disk may be busy with a clone. Never throws. */
  readonly save: (known: KnownRefs) => void;
  /** The repository stopped answering (a problem) or answers again (undefined). Called once a turn. */
  readonly onTurn: (problem: Problem | undefined) => void;
}

interface Round {
  readonly asked: ReadonlySet<string>;
  readonly withinMs: number;
  readonly done: Promise<Problem | undefined>;
}

/** What one repository's refs mean: one question at a time for everybody's refs, and the last good answer for as long as there is no newer one. */
export class RefWatch {
  readonly #options: RefWatchOptions;
  /** Every ref that was ever asked for. */
  readonly #refs = new Set<string>();
  /** Those that the last round, good or bad, asked for. */
  #asked: ReadonlySet<string> = new Set();
  /** Those that the last good round asked for; undefined: the answer is of an earlier process. */
  #known: (KnownRefs & { readonly asked?: ReadonlySet<string> }) | undefined;
  /** What `known` was made of. */
  #listed: RefAnswer["refs"];
  #loaded = false;
  #failing: { readonly since: number; readonly problem: Problem } | undefined;
  #round: Round | undefined;
  /** What `poll` told its callers last, by ref. */
  readonly #told = new Map<string, string>();
  #toldOnce = false;

  constructor(options: RefWatchOptions) {
    this.#options = options;
  }

  /** Nobody has asked for any ref yet. */
  get isIdle(): boolean {
    return this.#refs.size === 0;
  }

  async poll(withinMs = 0): Promise<{ changed: boolean; problem?: Problem }> {
    while (this.#round !== undefined && this.#round.withinMs > withinMs) await this.#round.done;
    const round = this.#round ?? this.#start(withinMs);
    const problem = await round.done;
    return problem === undefined ? { changed: this.#tell(round) } : { changed: false, problem };
  }

  /** Errors: those of resolveRef, or the repository's problem when no answer of it was ever good. */
  async resolve(ref: string): Promise<Resolution> {
    this.#refs.add(ref);
    const { firstWithinMs = 0 } = this.#options;
    while (!this.#asked.has(ref)) await (this.#round ?? this.#start(firstWithinMs)).done;
    const { known, resolved } = this.#read(ref);
    if (!this.#told.has(ref)) this.#told.set(ref, resolved.revision);
    const stale = this.#failing;
    return {
      ...resolved,
      checkedAt: new Date(known.at).toISOString(),
      ...(stale === undefined ? {} : { stale: { since: new Date(stale.since).toISOString(), problem: stale.problem } }),
    };
  }

  /** The object to ask the server for: the tag itself where the commit is known by an annotated tag, as some servers give out nothing else. */
  wantOf({ revision, resolvedRef }: ResolvedRef): string {
    const found = this.#known?.table.get(resolvedRef);
    return found?.peeled === revision ? found.oid : revision;
  }

  get known(): KnownRefs | undefined {
    return this.#known;
  }

  #read(ref: string): { known: KnownRefs; resolved: ResolvedRef } {
    const { repo } = this.#options;
    const known = this.#known;
    const failure = this.#failing === undefined ? undefined : asError(this.#failing.problem);
    if (known === undefined) throw failure ?? new PlumblineError("PL-INTERNAL", { message: "no answer", where: repo });
    try {
      return { known, resolved: resolveRef(ref, { table: known.table, repo }) };
    } catch (error) {
      // A ref that the last good answer was not asked for is not missing: nobody knows.
      if (failure !== undefined && known.asked?.has(ref) !== true) throw failure;
      throw error;
    }
  }

  #start(withinMs: number): Round {
    const asked = new Set(this.#refs);
    const round: Round = { asked, withinMs, done: this.#ask(asked, withinMs) };
    this.#round = round;
    return round;
  }

  async #ask(asked: ReadonlySet<string>, withinMs: number): Promise<Problem | undefined> {
    try {
      const { refs, at, failing } = await this.#options.list(prefixesOfAll(asked), withinMs);
      if (refs !== undefined) this.#note({ refs, at, asked });
      if (failing !== undefined) return await this.#failed(failing.problem, failing.since);
      if (this.#failing !== undefined) this.#options.onTurn(undefined);
      this.#failing = undefined;
      return undefined;
    } catch (error) {
      return await this.#failed(toProblem(error), this.#options.now());
    } finally {
      this.#asked = asked;
      this.#round = undefined;
    }
  }

  #note({ refs, at, asked }: Required<Pick<RefAnswer, "refs" | "at">> & { asked: ReadonlySet<string> }): void {
    const isSame = this.#listed === refs;
    const table = isSame && this.#known !== undefined ? this.#known.table : new Map(refs.map((one) => [one.ref, one]));
    this.#listed = refs;
    this.#known = { table, at, asked };
    this.#options.save(this.#known);
  }

  async #failed(problem: Problem, since: number): Promise<Problem> {
    if (this.#failing === undefined) this.#options.onTurn(problem);
    this.#failing = { since: Math.min(since, this.#failing?.since ?? since), problem };
    if (!this.#loaded && this.#known === undefined) this.#known = await this.#options.load();
    this.#loaded = true;
    return problem;
  }

  /** Callers of one round get the same answer, as the first tells for all: what differs is worked out once a round. */
  #tell(round: Round): boolean {
    const seen = this.#answers.get(round);
    if (seen !== undefined) return seen;
    let changed = !this.#toldOnce;
    for (const ref of round.asked) {
      const meaning = this.#meaningOf(ref);
      if (this.#told.get(ref) !== meaning) changed = true;
      this.#told.set(ref, meaning);
    }
    this.#toldOnce = true;
    this.#answers.set(round, changed);
    return changed;
  }

  readonly #answers = new WeakMap<Round, boolean>();

  #meaningOf(ref: string): string {
    try {
      return this.#read(ref).resolved.revision;
    } catch (error) {
      return toProblem(error).code;
    }
  }
}

function asError({ code, message, where, next }: Problem): PlumblineError {
  return new PlumblineError(code, { message, next, ...(where === undefined ? {} : { where }) });
}
