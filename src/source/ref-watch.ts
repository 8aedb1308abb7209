import { PlumblineError, type Problem, toProblem } from "../model/index.ts";
import { prefixesOfAll, type ResolvedRef, resolveRef } from "./ref-spec.ts";
import type { RefTable, ServerRef } from "./server-ref.ts";
import type { Resolution } from "./types.ts";

export interface KnownRefs {
  readonly table: RefTable;
  /** Milliseconds since the epoch: when the repository gave it. */
  readonly at: number;
}

export interface RefWatchOptions {
  readonly repo: string;
  readonly now: () => number;
  readonly list: (prefixes: readonly string[]) => Promise<ServerRef[]>;
  /** What an earlier process was told; undefined when nothing is left of it. */
  readonly load: () => Promise<KnownRefs | undefined>;
  /** Not waited for: the disk may be busy with a clone. Never throws. */
  readonly save: (known: KnownRefs) => void;
  /** The repository stopped answering (a problem) or answers again (undefined). Called once a turn. */
  readonly onTurn: (problem: Problem | undefined) => void;
}

interface Round {
  readonly asked: ReadonlySet<string>;
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
  #loaded = false;
  #failing: { readonly since: number; readonly problem: Problem } | undefined;
  #round: Round | undefined;
  /** What `poll` told its callers last, by ref. */
  readonly #told = new Map<string, string>();
  #toldOnce = false;

  constructor(options: RefWatchOptions) {
    this.#options = options;
  }

  async poll(): Promise<{ changed: boolean; problem?: Problem }> {
    const round = this.#round ?? this.#start();
    const problem = await round.done;
    return problem === undefined ? { changed: this.#tell(round) } : { changed: false, problem };
  }

  /** Errors: those of resolveRef, or the repository's problem when no answer of it was ever good. */
  async resolve(ref: string): Promise<Resolution> {
    this.#refs.add(ref);
    while (!this.#asked.has(ref)) await (this.#round ?? this.#start()).done;
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

  #start(): Round {
    const asked = new Set(this.#refs);
    const round: Round = { asked, done: this.#ask(asked) };
    this.#round = round;
    return round;
  }

  async #ask(asked: ReadonlySet<string>): Promise<Problem | undefined> {
    try {
      const list = await this.#options.list(prefixesOfAll(asked));
      this.#known = { table: new Map(list.map((one) => [one.ref, one])), at: this.#options.now(), asked };
      if (this.#failing !== undefined) this.#options.onTurn(undefined);
      this.#failing = undefined;
      this.#options.save(this.#known);
      return undefined;
    } catch (error) {
      return await this.#failed(toProblem(error));
    } finally {
      this.#asked = asked;
      this.#round = undefined;
    }
  }

  async #failed(problem: Problem): Promise<Problem> {
    if (this.#failing === undefined) this.#options.onTurn(problem);
    this.#failing = { since: this.#failing?.since ?? this.#options.now(), problem };
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
