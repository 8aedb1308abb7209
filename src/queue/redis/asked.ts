import type { Rank } from "../types.ts";

/** What this process has asked Redis for, for one key, and what has not begun here. */
export interface Asked<T> {
  readonly request: T;
  /** In milliseconds since the epoch. */
  readonly since: number;
  /** The lowest that was asked for, or got by waiting. */
  readonly rank: Rank;
}

/** What a request carries beyond its key stays here: Redis is told the key alone. */
export class AskedKeys<T> {
  readonly #keys = new Map<string, Asked<T>>();
  readonly #merge: (waiting: T, added: T) => T;
  readonly #rank: (request: T) => Rank;

  constructor({ merge, rankOf }: { merge: (waiting: T, added: T) => T; rankOf: (request: T) => Rank }) {
    this.#merge = merge;
    this.#rank = rankOf;
  }

  get size(): number {
    return this.#keys.size;
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  /** Of all that is asked for the key by now. */
  rankOf(key: string): Rank {
    return this.#keys.get(key)?.rank ?? 2;
  }

  add(key: string, request: T, now: number): void {
    const before = this.#keys.get(key);
    const merged = before === undefined ? request : this.#merge(before.request, request);
    const rank = Math.min(this.#rank(merged), before?.rank ?? 2) as Rank;
    this.#keys.set(key, { request: merged, since: before?.since ?? now, rank });
  }

  take(key: string): Asked<T> | undefined {
    const asked = this.#keys.get(key);
    this.#keys.delete(key);
    return asked;
  }

  raise(key: string): void {
    const asked = this.#keys.get(key);
    if (asked !== undefined) this.#keys.set(key, { ...asked, rank: 0 });
  }

  /** Asked for before this time. */
  olderThan(time: number): readonly (readonly [string, Asked<T>])[] {
    return [...this.#keys].filter(([, { since }]) => since < time);
  }

  /** The same that was there before: nothing has been asked for the key since. */
  isStill(key: string, asked: Asked<T>): boolean {
    return this.#keys.get(key) === asked;
  }

  takeAll(): readonly (readonly [string, Asked<T>])[] {
    const all = [...this.#keys];
    this.#keys.clear();
    return all;
  }

  keys(): IterableIterator<string> {
    return this.#keys.keys();
  }
}
