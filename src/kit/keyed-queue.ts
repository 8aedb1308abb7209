export interface KeyedQueueOptions<T> {
  /** Keys that work at once; those that rest do not count. */
  readonly concurrency: number;
  /** Two requests for one key that wait together become one. */
  readonly merge: (waiting: T, added: T) => T;
  /** Of those that wait, the lower ones go first: 0, 1, 2. Default: 0 for all. */
  readonly rankOf?: (request: T) => number;
  /** Must not throw: whoever works here reports its own failures. What it throws all the same goes to `onError`. */
  readonly work: (key: string, request: T, place: Place) => Promise<void>;
  readonly onError: (key: string, error: unknown) => void;
}

/** A run's place among those that work at once. */
export interface Place {
  /** The run only waits from here on, but for what it does by `use`: its place goes to somebody who works. */
  rest(): void;
  /** Does one piece of the work of a run that may be resting. It waits for a place, before those that have not begun. */
  use<T>(work: () => Promise<T>): Promise<T>;
  /** The end of the rest: resolves when the run has a place again. */
  wake(): Promise<void>;
}

/** Of so many starts one is for whoever waits longest, whatever its rank: nobody waits for ever behind those who keep coming. */
const STARTS_A_TURN = 8;

/**
 * One run a key at a time, first come first served, those of a lower rank before the others. A request for a key that waits joins it; a request for a key that
 * runs causes exactly one more run after it, however many come. So the last request is always followed by a whole run.
 * A run that rests keeps its key and gives its place away, so that runs which wait for long keep nobody from working.
 */
export class KeyedQueue<T> {
  readonly #options: KeyedQueueOptions<T>;
  /** In the order of asking: a Map keeps it. */
  readonly #waiting = new Map<string, T>();
  /** By rank the keys whose request has it or a lower one, but for the last rank; each in the order of getting there. */
  readonly #before: readonly Set<string>[] = [new Set(), new Set()];
  readonly #running = new Map<string, Promise<void>>();
  /** Runs that want their place back. */
  readonly #returning: (() => void)[] = [];
  #placesTaken = 0;
  #starts = 0;
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
    const wanted = waiting === undefined ? request : this.#options.merge(waiting, request);
    this.#waiting.set(key, wanted);
    const rank = this.#options.rankOf?.(wanted) ?? 0;
    if (this.#options.rankOf !== undefined) this.#before[rank]?.add(key);
    this.#startWhatCan();
  }

  /** Takes a key that has not started out of the line. */
  drop(key: string): void {
    this.#waiting.delete(key);
    for (const line of this.#before) line.delete(key);
  }

  /** Takes nothing more, forgets what waits, and resolves when nothing runs. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#waiting.clear();
    for (const line of this.#before) line.clear();
    await Promise.all(this.#running.values());
  }

  #startWhatCan(): void {
    for (let began = true; began && this.#placesTaken < this.#options.concurrency; ) began = this.#startOne();
  }

  #startOne(): boolean {
    const key = this.#next();
    if (key === undefined) return false;
    this.#starts++;
    this.#placesTaken++;
    this.#running.set(key, this.#run(key));
    return true;
  }

  #next(): string | undefined {
    const isTurnOfOldest = this.#starts % STARTS_A_TURN === STARTS_A_TURN - 1;
    for (const line of isTurnOfOldest ? [] : this.#before) {
      const key = this.#firstAtRest(line);
      if (key !== undefined) return key;
    }
    return this.#firstAtRest(this.#waiting.keys());
  }

  #firstAtRest(keys: Iterable<string>): string | undefined {
    for (const key of keys) if (!this.#running.has(key)) return key;
    return undefined;
  }

  async #run(key: string): Promise<void> {
    const place = new HeldPlace({ take: () => this.#take(), giveBack: () => this.#giveBack() });
    // Off the caller's stack, and behind what has come in meanwhile: a long line of short work must not keep answers waiting.
    await new Promise<void>((resolve) => setImmediate(resolve));
    try {
      // Taken only now: what was asked since the start was granted joins it, and what was dropped is not done.
      const request = this.#waiting.get(key);
      this.drop(key);
      if (request !== undefined) await this.#options.work(key, request, place);
    } catch (error) {
      this.#options.onError(key, error);
    } finally {
      this.#running.delete(key);
      place.rest();
      this.#startWhatCan();
    }
  }

  async #take(): Promise<void> {
    if (this.#placesTaken < this.#options.concurrency) this.#placesTaken++;
    else await new Promise<void>((resolve) => this.#returning.push(resolve));
  }

  /** Somebody who comes back takes it over at once; else it is free. */
  #giveBack(): void {
    const next = this.#returning.shift();
    next?.();
    if (next === undefined) this.#placesTaken--;
    this.#startWhatCan();
  }
}

interface Places {
  readonly take: () => Promise<void>;
  readonly giveBack: () => void;
}

/** Held from the start; given back while the run rests and nothing of it is in use. */
export class HeldPlace implements Place {
  readonly #places: Places;
  #resting = false;
  #inUse = 0;
  /** Resolved while the place is held; undefined while it is not. */
  #held: Promise<void> | undefined = Promise.resolve();

  constructor(places: Places) {
    this.#places = places;
  }

  rest(): void {
    this.#resting = true;
    this.#giveBackIfIdle();
  }

  async use<T>(work: () => Promise<T>): Promise<T> {
    this.#inUse++;
    try {
      await this.#hold();
      return await work();
    } finally {
      this.#inUse--;
      this.#giveBackIfIdle();
    }
  }

  async wake(): Promise<void> {
    this.#resting = false;
    await this.#hold();
  }

  #hold(): Promise<void> {
    this.#held ??= this.#places.take();
    return this.#held;
  }

  #giveBackIfIdle(): void {
    if (!this.#resting || this.#inUse > 0 || this.#held === undefined) return;
    this.#held = undefined;
    this.#places.giveBack();
  }
}
