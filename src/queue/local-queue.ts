import { KeyedQueue } from "../kit/keyed-queue.ts";
import type { Again, QueueOptions, WorkQueue } from "./types.ts";

/** In this process: a line in memory, and a timer a key. */
export class LocalQueue<T> implements WorkQueue<T> {
  readonly #line: KeyedQueue<T>;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #closed = false;

  constructor({ work, ...options }: QueueOptions<T>) {
    this.#line = new KeyedQueue({
      ...options,
      work: (key, request, place) => {
        this.rest(key);
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
    this.rest(key);
    if (!this.#closed)
      this.#timers.set(
        key,
        setTimeout(() => this.add(key, request), inMs),
      );
    return inMs;
  }

  rest(key: string): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
  }

  drop(key: string): void {
    this.rest(key);
    this.#line.drop(key);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    await this.#line.close();
  }
}
