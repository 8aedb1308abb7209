import { type ErrorCode, PlumblineError, type Problem, toProblem } from "../../model/index.ts";
import type { KeptVersion, KeptVersions } from "./kept-versions.ts";
import { rangeOf } from "./pick-version.ts";
import type { ChartRepository, FoundVersion, ResolvedChart } from "./types.ts";

export interface ChartWatchOptions {
  readonly repository: ChartRepository;
  readonly href: string;
  readonly chart: string;
  readonly kept: KeptVersions;
  readonly now: () => number;
}

type KnownVersion = Pick<KeptVersion, "digest" | "created">;

/** With these nobody knows what the repository has. With others, it said. */
const UNKNOWING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "PL-CHART-UNREACHABLE",
  "PL-CHART-TIMEOUT",
  "PL-CHART-DENIED",
  "PL-CHART-INDEX",
  "PL-CHART-TOO-LARGE",
  "PL-CONFIG-UNREADABLE",
]);

/** An unchanged answer is written again after so long, so that its age on disk is not far off. */
const SAVE_AGAIN_MS = 3_600_000;

/** What the ranges of one chart mean: the last good answer for as long as there is no newer one, and whether it is news. */
export class ChartWatch {
  readonly #options: ChartWatchOptions;
  readonly #last = new Map<string, KeptVersion>();
  readonly #savedAt = new Map<string, number>();
  /** What `poll` told its callers last, by range. */
  readonly #told = new Map<string, string>();
  #toldOnce = false;
  #polling: Promise<{ changed: boolean; problem?: Problem }> | undefined;
  readonly #versions = new Map<string, KnownVersion>();
  #failingSince: number | undefined;

  constructor(options: ChartWatchOptions) {
    this.#options = options;
  }

  /** Callers at the same moment get the same answer. */
  async poll(withinMs = 0): Promise<{ changed: boolean; problem?: Problem }> {
    this.#polling ??= this.#poll(withinMs).finally(() => {
      this.#polling = undefined;
    });
    return this.#polling;
  }

  /** Errors: PL-CHART-*, when no answer was ever good. */
  async resolve(version: string): Promise<ResolvedChart> {
    const range = rangeOf(version);
    const resolved = await this.#resolve(range);
    if (!this.#told.has(range)) this.#told.set(range, meaningOf(resolved));
    return resolved;
  }

  /** Of a version that was resolved before. */
  known(version: string): KnownVersion {
    return this.#versions.get(version) ?? {};
  }

  /** An archive came, with or without an index that names its digest. That is no news. */
  measured(version: string, digest: string): void {
    this.#versions.set(version, { ...this.known(version), digest });
    for (const [range, meaning] of this.#told)
      if (meaning === meaningOf({ version })) this.#told.set(range, meaningOf({ version, digest }));
  }

  async #poll(withinMs: number): Promise<{ changed: boolean; problem?: Problem }> {
    const { repository, chart } = this.#options;
    const problem = await repository.refresh(chart, withinMs).catch(toProblem);
    if (problem !== undefined) return { changed: false, problem };
    let changed = !this.#toldOnce;
    for (const range of this.#told.keys()) {
      const meaning = await this.#resolve(range).then(meaningOf, (error: unknown) => toProblem(error).code);
      if (this.#told.get(range) !== meaning) changed = true;
      this.#told.set(range, meaning);
    }
    this.#toldOnce = true;
    return { changed };
  }

  async #resolve(range: string): Promise<ResolvedChart> {
    const { repository, chart } = this.#options;
    let found: FoundVersion;
    try {
      found = await repository.find(chart, range);
    } catch (error) {
      return this.#lastGood(range, error);
    }
    this.#failingSince = undefined;
    return this.#good(range, found);
  }

  #good(range: string, { found, at, failing }: FoundVersion): ResolvedChart {
    const { version, created, deprecated } = found;
    const digest = found.digest ?? this.known(version).digest;
    const known = { ...(digest === undefined ? {} : { digest }), ...(created === undefined ? {} : { created }) };
    this.#versions.set(version, known);
    this.#keep(range, { version, ...known, at });
    return {
      version,
      ...known,
      ...(deprecated === undefined ? {} : { deprecated }),
      checkedAt: new Date(at).toISOString(),
      ...(failing === undefined ? {} : { stale: staleOf(failing.since, failing.problem) }),
    };
  }

  /** Not waited for: the disk may be slow. */
  #keep(range: string, kept: KeptVersion): void {
    const { href, chart, now } = this.#options;
    const before = this.#last.get(range);
    this.#last.set(range, kept);
    const same = before?.version === kept.version && before.digest === kept.digest;
    if (same && now() - (this.#savedAt.get(range) ?? Number.NEGATIVE_INFINITY) < SAVE_AGAIN_MS) return;
    this.#savedAt.set(range, now());
    this.#options.kept.save({ href, chart, range }, kept);
  }

  async #lastGood(range: string, error: unknown): Promise<ResolvedChart> {
    const { href, chart, kept, now } = this.#options;
    if (!(error instanceof PlumblineError) || !UNKNOWING.has(error.code)) throw error;
    const last = this.#last.get(range) ?? (await kept.load({ href, chart, range }));
    if (last === undefined) throw error;
    this.#last.set(range, last);
    this.#failingSince ??= now();
    const { at, version, ...known } = last;
    this.#versions.set(version, known);
    return {
      version,
      ...known,
      checkedAt: new Date(at).toISOString(),
      stale: staleOf(this.#failingSince, toProblem(error)),
    };
  }
}

function meaningOf({ version, digest }: Pick<ResolvedChart, "version" | "digest">): string {
  return `${version} ${digest ?? ""}`;
}

function staleOf(since: number, problem: Problem): { since: string; problem: Problem } {
  return { since: new Date(since).toISOString(), problem };
}
