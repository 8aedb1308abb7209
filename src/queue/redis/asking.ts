import type { QueueOptions, Rank } from "../types.ts";
import { type Asked, AskedKeys } from "./asked.ts";
import type { Jobs } from "./jobs.ts";
import type { RedisLink } from "./link.ts";

export interface AskingParts<T> {
  readonly options: Pick<QueueOptions<T>, "merge" | "rankOf">;
  readonly jobs: Jobs;
  readonly link: RedisLink;
  readonly now: () => number;
  readonly risesAfterMs: number;
  /** Redis could not be told. */
  readonly onFailed: (key: string, asked: Asked<T>) => void;
}

/** Not yet in Redis, or just done, is what was asked for a moment ago. */
const SWEEP_MS = 5000;

/** What this process asks of Redis, from the request to the begin of a run. */
export class Asking<T> {
  readonly #parts: AskingParts<T>;
  readonly #asked: AskedKeys<T>;
  /** Keys that Redis is just told of, and whether they were asked for meanwhile. */
  readonly #putting = new Map<string, boolean>();
  readonly #sweep: NodeJS.Timeout;
  readonly #sweepMs: number;
  #closed = false;

  constructor(parts: AskingParts<T>) {
    this.#parts = parts;
    this.#asked = new AskedKeys(parts.options);
    this.#sweepMs = Math.min(SWEEP_MS, parts.risesAfterMs);
    this.#sweep = setInterval(() => void this.#lookAtWaiting(), this.#sweepMs);
    this.#sweep.unref();
  }

  get size(): number {
    return this.#asked.size;
  }

  has(key: string): boolean {
    return this.#asked.has(key);
  }

  add(key: string, request: T): void {
    this.#asked.add(key, request, this.#parts.now());
    void this.#put(key);
  }

  /** The run begins that everything of the key is for. */
  take(key: string): Asked<T> | undefined {
    return this.#asked.take(key);
  }

  takeAll(): readonly (readonly [string, Asked<T>])[] {
    return this.#asked.takeAll();
  }

  /** Redis has forgotten what it was told. */
  repeat(): void {
    for (const key of this.#asked.keys()) void this.#put(key);
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#sweep);
  }

  /** One word to Redis at a time about a key; where its run begins meanwhile, what was asked for is done by that. */
  async #put(key: string): Promise<void> {
    if (this.#putting.has(key)) return void this.#putting.set(key, true);
    try {
      for (let isNew = true; isNew && this.#asked.has(key); isNew = this.#putting.get(key) === true) {
        this.#putting.set(key, false);
        await this.#parts.jobs.put(key, this.#asked.rankOf(key));
      }
    } catch (error) {
      this.#failed(key, error);
    } finally {
      this.#putting.delete(key);
    }
  }

  #failed(key: string, error: unknown): void {
    if (this.#closed) return;
    this.#parts.link.failed(error);
    const asked = this.#asked.take(key);
    if (asked !== undefined) this.#parts.onFailed(key, asked);
  }

  /** What another process has done is forgotten, and who waits for long rises. */
  async #lookAtWaiting(): Promise<void> {
    const { link, now } = this.#parts;
    try {
      for (const [key, asked] of this.#asked.olderThan(now() - this.#sweepMs)) {
        if (!link.isUp || this.#closed) return;
        if (!this.#putting.has(key)) await this.#lookAt(key, asked);
      }
    } catch (error) {
      if (!this.#closed) link.failed(error);
    }
  }

  async #lookAt(key: string, asked: Asked<T>): Promise<void> {
    const { jobs, now, risesAfterMs } = this.#parts;
    const isThere = await jobs.isAsked(key);
    if (!this.#asked.isStill(key, asked) || this.#putting.has(key)) return;
    if (!isThere) this.#asked.take(key);
    else if (asked.rank > 0 && asked.since < now() - risesAfterMs) {
      this.#asked.raise(key);
      await jobs.raise(key);
    }
  }
}

/** What is asked of a process' own line: a request, or of a job only how much it hurries. */
export interface Turn<T> {
  readonly request?: T;
  readonly rank: Rank;
}

export function mergedTurns<T>(a: Turn<T>, b: Turn<T>, merge: (waiting: T, added: T) => T): Turn<T> {
  const rank = Math.min(a.rank, b.rank) as Rank;
  if (a.request === undefined) return { ...b, rank };
  return { request: b.request === undefined ? a.request : merge(a.request, b.request), rank };
}
