export interface KeyedQueueOptions<T> {
  /** Keys at once. */
  readonly concurrency: number;
  /** Two requests for one key that wait together become one. */
  readonly merge: (waiting: T, added: T) => T;
  /** Must not throw: whoever works here reports its own failures. What it throws all the same goes to `onError`. */
  readonly work: (key: string, request: T) => Promise<void>;
  readonly onError: (key: string, error: unknown) => void;
}

/**
 * One run a key at a time, first come first served. A request for a key that waits joins it; a request for a key that
 * runs causes exactly one more run after it, however many come. So the last request is always followed by a whole run.
 */
export class KeyedQueue<T> {
  readonly #options: KeyedQueueOptions<T>;
  /** In the order of asking: a Map keeps it. */
  readonly #waiting = new Map<string, T>();
  readonly #running = new Map<string, Promise<void>>();
  #closed = false;

  constructor(options: KeyedQueueOptions<T>) {
    this.#options = options;
  }

  /** Keys that wait, those that run and will run again included. */
  get depth(): number {
    return this.#waiting.size;
  }

  isRunning(key: string): boolean {
    return this.#running.has(key);
  }

  isWaiting(key: string): boolean {
    return this.#waiting.has(key);
  }

  add(key: string, request: T): void {
    if (this.#closed) return;
    const waiting = this.#waiting.get(key);
    this.#waiting.set(key, waiting === undefined ? request : this.#options.merge(waiting, request));
    this.#startWhatCan();
  }

  /** Takes a key that has not started out of the line. */
  drop(key: string): void {
    this.#waiting.delete(key);
  }

  /** Takes nothing more, forgets what waits, and resolves when nothing runs. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#waiting.clear();
    await Promise.all(this.#running.values());
  }

  #startWhatCan(): void {
    for (const key of this.#waiting.keys()) {
      if (this.#running.size >= this.#options.concurrency) return;
      if (!this.#running.has(key)) this.#running.set(key, this.#run(key));
    }
  }

  async #run(key: string): Promise<void> {
    // Off the caller's stack, and behind what has come in meanwhile: a long line of short work must not keep answers waiting.
    await new Promise<void>((resolve) => setImmediate(resolve));
    try {
      // Taken only now: what was asked since the start was granted joins it, and what was dropped is not done.
      const request = this.#waiting.get(key);
      this.#waiting.delete(key);
      if (request !== undefined) await this.#options.work(key, request);
    } catch (error) {
      this.#options.onError(key, error);
    } finally {
      this.#running.delete(key);
      this.#startWhatCan();
    }
  }
}
