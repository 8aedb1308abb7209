import { backoffDelay } from "../kit/backoff.ts";
import { sameRepository } from "../kit/git-url.ts";
import { KeyedQueue } from "../kit/keyed-queue.ts";
import type { Log, TriggerKind } from "../model/index.ts";
import type { Division } from "../replicas/index.ts";
import type { SourceStore } from "../source/index.ts";
import { intervalOf, jittered } from "./schedule.ts";
import { type Sourced, type SourceName, sourceKey, sourcesOf } from "./source-names.ts";
import type { PolledCounts } from "./types.ts";

export interface RepositoriesOptions {
  readonly source: SourceStore;
  readonly log: Log;
  readonly jitter: number;
  readonly random: () => number;
  /** Absent: this process is the only one. */
  readonly division?: Pick<Division, "onChange"> | undefined;
  /** The repository (by sourceKey, like everywhere here) says something new, or is away, or is back. */
  readonly onPolled: (repo: string, kind: TriggerKind) => void;
}

interface Poll {
  readonly kind: TriggerKind;
  /** See SourceStore.poll. */
  readonly withinMs: number;
}

const TOLD: Poll = { kind: "commit", withinMs: Number.POSITIVE_INFINITY };

/** An answer of the replica that asks for all may be as old as so many intervals: it asks once in each, a little sooner or later. */
const INTERVALS = 2;

/**
 * One poll a repository an interval, that of its most impatient application; sooner, with backoff, while it does not answer. A poll that is asked for while one runs is done
 * once more after it: an answer that began before a push says nothing of the push. With several replicas one of them polls each repository, and for the others a poll is a
 * question to that one.
 */
export class Repositories {
  readonly #options: RepositoriesOptions;
  readonly #intervals = new Map<string, number>();
  readonly #names = new Map<string, SourceName>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** How often in a row a repository has failed to answer. */
  readonly #failures = new Map<string, number>();
  readonly #waiters = new Map<string, (() => void)[]>();
  readonly #closing = new AbortController();
  readonly #queue: KeyedQueue<Poll>;
  /** Of each, whose it was to ask it when that was looked at last: the id of a replica, "" for this one. */
  readonly #askedBy = new Map<string, string>();
  #unsubscribe: (() => void) | undefined;

  constructor(options: RepositoriesOptions) {
    this.#options = options;
    this.#queue = new KeyedQueue<Poll>({
      concurrency: 8,
      merge: (waiting, added) => ({
        kind: waiting.kind === "commit" ? added.kind : waiting.kind,
        withinMs: Math.min(waiting.withinMs, added.withinMs),
      }),
      work: (repo, poll) => this.#poll(repo, poll),
      onError: (repo, error) => options.log.error({ err: error, repo }, "a poll failed on a fault of its own"),
    });
  }

  /** Looks from now on at who asks what. */
  start(): void {
    this.#unsubscribe = this.#options.division?.onChange(() => this.#divided());
  }

  /** How many of those that are followed this process asks itself, and for how many it asks another one. */
  counts(): PolledCounts {
    const asked = [...this.#names.values()].map((name) => this.#options.source.askedBy(name));
    const own = asked.filter((id) => id === "").length;
    return { own, others: asked.length - own };
  }

  /** Polls these from now on, and no others, whose mirrors go. */
  follow(applications: readonly Sourced[]): void {
    const before = new Map(this.#intervals);
    this.#intervals.clear();
    this.#names.clear();
    for (const { spec } of applications) for (const name of sourcesOf(spec)) this.#followOne(name, intervalOf(spec));
    for (const [repo, timer] of this.#timers) {
      if (this.#intervals.has(repo)) continue;
      clearTimeout(timer);
      this.#timers.delete(repo);
    }
    for (const [repo, interval] of this.#intervals) if (before.get(repo) !== interval) this.#schedule(repo);
    if (this.#options.division !== undefined) this.#noteAskers();
    const { source, log } = this.#options;
    source.retain(applications.flatMap(({ spec }) => sourcesOf(spec))).catch((error: unknown) => {
      log.warn({ err: error }, "mirrors that nobody uses could not be removed");
    });
  }

  /** The followed repositories that one of these URLs means. */
  meant(urls: readonly string[]): string[] {
    return [...this.#names].filter(([, { repo }]) => urls.some((url) => sameRepository(repo, url))).map(([key]) => key);
  }

  /** Polls now; resolves when a poll that began after this call has ended, whatever it said. */
  async refresh(repo: string, kind: TriggerKind): Promise<void> {
    if (this.#closing.signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#waiters.set(repo, [...(this.#waiters.get(repo) ?? []), resolve]);
      this.#queue.add(repo, { kind, withinMs: 0 });
    });
  }

  /** Whoever asks this one for all was told something new. */
  told(source: SourceName): void {
    const { repo, chart } = source;
    const keys = chart === undefined ? this.meant([repo]) : [sourceKey(source)];
    for (const key of keys) if (this.#names.has(key)) this.#queue.add(key, TOLD);
  }

  /** A pass could not learn what a ref means: the repository is asked again soon, and not only after the interval. */
  unanswered(repo: string): void {
    if (this.#failures.has(repo) || !this.#intervals.has(repo)) return;
    this.#failures.set(repo, 1);
    this.#schedule(repo);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#unsubscribe?.();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    await this.#queue.close();
    for (const waiters of this.#waiters.values()) for (const resolve of waiters) resolve();
  }

  #followOne(name: SourceName, interval: number): void {
    const key = sourceKey(name);
    this.#names.set(key, name);
    this.#intervals.set(key, Math.min(this.#intervals.get(key) ?? Number.POSITIVE_INFINITY, interval));
  }

  #schedule(repo: string): void {
    clearTimeout(this.#timers.get(repo));
    const interval = this.#intervals.get(repo);
    if (interval === undefined || this.#closing.signal.aborted) return;
    const { jitter, random } = this.#options;
    const failures = this.#failures.get(repo) ?? 0;
    const usual = jittered(interval, jitter, random);
    const inMs =
      failures === 0 ? usual : Math.min(usual, backoffDelay(failures, { baseMs: 1000, capMs: 60_000, random }));
    this.#timers.set(
      repo,
      // What another replica asks in vain it asks again itself, as often as this one would.
      setTimeout(
        () => this.#queue.add(repo, { kind: "commit", withinMs: failures === 0 ? INTERVALS * interval : inMs }),
        inMs,
      ),
    );
  }

  /** What somebody else asks for all from now on is asked of him at once, and what falls to this one of the repository: nobody waits for an interval because another replica has died. */
  #divided(): void {
    const before = new Map(this.#askedBy);
    this.#noteAskers();
    const moved = [...this.#askedBy].filter(([key, id]) => before.get(key) !== id);
    for (const [key] of moved) this.#queue.add(key, TOLD);
    if (moved.length === 0) return;
    const { own, others } = this.counts();
    this.#options.log.info(
      { own, others },
      `this replica asks ${own} of ${own + others} repositories, for all replicas`,
    );
  }

  #noteAskers(): void {
    this.#askedBy.clear();
    for (const [key, name] of this.#names) this.#askedBy.set(key, this.#options.source.askedBy(name));
  }

  async #poll(repo: string, { kind, withinMs }: Poll): Promise<void> {
    const waiters = this.#waiters.get(repo) ?? [];
    this.#waiters.delete(repo);
    try {
      const { signal } = this.#closing;
      const { changed, problem } = await this.#options.source.poll(this.#names.get(repo) ?? repo, { signal, withinMs });
      const failures = this.#failures.get(repo) ?? 0;
      if (problem === undefined) this.#failures.delete(repo);
      else this.#failures.set(repo, failures + 1);
      if (changed || failures > 0 !== (problem !== undefined)) this.#options.onPolled(repo, kind);
    } finally {
      for (const resolve of waiters) resolve();
      this.#schedule(repo);
    }
  }
}
