import { backoffDelay } from "../kit/backoff.ts";
import { sameRepository } from "../kit/git-url.ts";
import { KeyedQueue } from "../kit/keyed-queue.ts";
import type { Log, TriggerKind } from "../model/index.ts";
import type { SourceStore } from "../source/index.ts";
import { intervalOf, jittered } from "./schedule.ts";
import { type Sourced, type SourceName, sourceKey, sourcesOf } from "./source-names.ts";

export interface RepositoriesOptions {
  readonly source: SourceStore;
  readonly log: Log;
  readonly jitter: number;
  readonly random: () => number;
  /** The repository (by sourceKey, like everywhere here) says something new, or is away, or is back. */
  readonly onPolled: (repo: string, kind: TriggerKind) => void;
}

/**
 * One poll a repository an interval, that of its most impatient application; sooner, with backoff, while it does not answer. A poll that is asked for while one runs is done
 * once more after it: an answer that began before a push says nothing of the push.
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
  readonly #queue: KeyedQueue<TriggerKind>;

  constructor(options: RepositoriesOptions) {
    this.#options = options;
    this.#queue = new KeyedQueue<TriggerKind>({
      concurrency: 8,
      merge: (waiting, added) => (waiting === "commit" ? added : waiting),
      work: (repo, kind) => this.#poll(repo, kind),
      onError: (repo, error) => options.log.error({ err: error, repo }, "a poll failed on a fault of its own"),
    });
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
      this.#queue.add(repo, kind);
    });
  }

  /** A pass could not learn what a ref means: the repository is asked again soon, and not only after the interval. */
  unanswered(repo: string): void {
    if (this.#failures.has(repo) || !this.#intervals.has(repo)) return;
    this.#failures.set(repo, 1);
    this.#schedule(repo);
  }

  async close(): Promise<void> {
    this.#closing.abort();
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
      setTimeout(() => this.#queue.add(repo, "commit"), inMs),
    );
  }

  async #poll(repo: string, kind: TriggerKind): Promise<void> {
    const waiters = this.#waiters.get(repo) ?? [];
    this.#waiters.delete(repo);
    try {
      const { changed, problem } = await this.#options.source.poll(this.#names.get(repo) ?? repo, this.#closing.signal);
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
