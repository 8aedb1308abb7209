/** Between two requests while the server is busy: fifty a second, whoever sends them. */
const PACE_MS = 20;
/** As long after what it asked for the server is still taken to be busy. */
const CALM_AFTER_MS = 2000;
/** No request is held longer for what others were told. */
const LONGEST_HOLD_MS = 10_000;

/** What one server has said of being busy, for all that want something of it: one that was told to wait speaks for all, and they come back one by one. */
export class Pressure {
  #until = Number.NEGATIVE_INFINITY;
  #slot = Number.NEGATIVE_INFINITY;

  /** Somebody was told to wait. Times in milliseconds, of one clock. */
  busy(now: number, waitMs: number): void {
    this.#until = Math.max(this.#until, now + waitMs);
  }

  /** Milliseconds before a request may go; 0: at once. Each call is one request. */
  hold(now: number): number {
    if (now >= this.#until + CALM_AFTER_MS) return 0;
    const at = Math.max(now, this.#until, this.#slot + PACE_MS);
    if (at - now > LONGEST_HOLD_MS) return LONGEST_HOLD_MS;
    this.#slot = at;
    return at - now;
  }
}
