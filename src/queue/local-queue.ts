import { KeyedQueue } from "../kit/keyed-queue.ts";
import { KeyedTimers } from "../kit/keyed-timers.ts";
import type { Problem } from "../model/index.ts";
import type { Again, QueueOptions, WorkQueue } from "./types.ts";

/** In this process: a line in memory, and a timer a key. */
export class LocalQueue<T> implements WorkQueue<T> {
  readonly #line: KeyedQueue<T>;
  readonly #timers = new KeyedTimers();
  #closed = false;

  constructor({ work, ...options }: QueueOptions<T>) {
    this.#line = new KeyedQueue({
      ...options,
      work: (key, request, place) => {
        this.#timers.clear(key);
        return work(key, request, place);
      },
    });
  }

  get depth(): number {
    return this.#line.depth;
  }

  isWaiting(key: string): boolean {
    return this.#line.isWaiting(key);
  }

  isRunning(key: string): boolean {
    return this.#line.isRunning(key);
  }

  add(key: string, request: T): void {
    this.#line.add(key, request);
  }

  again(key: string, { inMs, request }: Again<T>): number {
    if (!this.#closed) this.#timers.set(key, inMs, () => this.add(key, request));
    return inMs;
  }

  rest(key: string): void {
    this.#timers.clear(key);
  }

  drop(key: string): void {
    this.rest(key);
    this.#line.drop(key);
  }

  problems(): readonly Problem[] {
    return [];
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timers.clearAll();
    await this.#line.close();
  }
}
