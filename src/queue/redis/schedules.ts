import { createHash } from "node:crypto";
import { KeyedTimers } from "../../kit/keyed-timers.ts";

export interface SchedulesParts {
  /** Tells Redis that a key's turn comes every so often, `offset` after the full interval. */
  readonly upsert: (key: string, every: { readonly everyMs: number; readonly offsetMs: number }) => Promise<void>;
  readonly remove: (key: string) => Promise<void>;
  /** A key's turn has come while Redis was away. */
  readonly onTurn: (key: string) => void;
  readonly onError: (error: unknown) => void;
  readonly now: () => number;
}

const AT_ONCE = 100;

/**
 * The intervals: of each key, how often. Redis keeps the time; while it is away this process does, for the same moments. The moment within the interval follows from
 * the key, so that a thousand do not start together and every process says the same.
 */
export class Schedules {
  readonly #parts: SchedulesParts;
  readonly #wanted = new Map<string, number>();
  /** What Redis was told since it was last known to be empty. */
  readonly #told = new Map<string, number>();
  readonly #timers = new KeyedTimers();
  #isUp = false;

  constructor(parts: SchedulesParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#wanted.size;
  }

  get keys(): ReadonlySet<string> {
    return new Set(this.#wanted.keys());
  }

  /** Returns in how many milliseconds the key's next turn is. */
  want(key: string, everyMs: number): number {
    const wasOther = this.#wanted.get(key) !== everyMs;
    this.#wanted.set(key, everyMs);
    if (this.#isUp) this.#tell(key, everyMs).catch(this.#parts.onError);
    else if (wasOther) this.#keepTime(key);
    return this.#untilNext(key, everyMs);
  }

  forget(key: string): void {
    this.#timers.clear(key);
    if (!this.#wanted.delete(key)) return;
    this.#told.delete(key);
    if (this.#isUp) this.#parts.remove(key).catch(this.#parts.onError);
  }

  /** Redis has lost these, and is told them again. */
  missing(keys: readonly string[]): void {
    for (const key of keys) {
      this.#told.delete(key);
      const everyMs = this.#wanted.get(key);
      if (this.#isUp && everyMs !== undefined) this.#tell(key, everyMs).catch(this.#parts.onError);
    }
  }

  /** Redis keeps the time from now on, and is told everything again. */
  async seed(): Promise<void> {
    this.#isUp = true;
    this.#timers.clearAll();
    this.#told.clear();
    const all = [...this.#wanted];
    for (let i = 0; i < all.length && this.#isUp; i += AT_ONCE)
      await Promise.all(all.slice(i, i + AT_ONCE).map(([key, everyMs]) => this.#tell(key, everyMs)));
  }

  /** This process keeps the time. */
  away(): void {
    this.#isUp = false;
    this.#told.clear();
    for (const key of this.#wanted.keys()) this.#keepTime(key);
  }

  close(): void {
    this.#isUp = false;
    this.#timers.clearAll();
    this.#wanted.clear();
  }

  async #tell(key: string, everyMs: number): Promise<void> {
    if (this.#told.get(key) === everyMs) return;
    this.#told.set(key, everyMs);
    await this.#parts.upsert(key, { everyMs, offsetMs: offsetOf(key, everyMs) });
  }

  #keepTime(key: string): void {
    const everyMs = this.#wanted.get(key);
    if (everyMs === undefined) return;
    this.#timers.set(key, this.#untilNext(key, everyMs), () => {
      this.#parts.onTurn(key);
      this.#keepTime(key);
    });
  }

  #untilNext(key: string, everyMs: number): number {
    const past = (this.#parts.now() - offsetOf(key, everyMs)) % everyMs;
    return everyMs - past;
  }
}

/** Never 0, which would mean "as it comes" to BullMQ. */
function offsetOf(key: string, everyMs: number): number {
  const part = createHash("sha256").update(key).digest().readUInt32BE(0) / 2 ** 32;
  return 1 + Math.floor(part * Math.max(1, everyMs - 1));
}
