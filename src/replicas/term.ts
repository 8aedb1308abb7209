import { PlumblineError } from "../model/index.ts";
import type { Tenure } from "./types.ts";

/** Both in milliseconds. `monotonic` decides; `wall` goes on where a machine that was put to sleep lets the other stand still. */
export interface Clocks {
  readonly monotonic: () => number;
  readonly wall: () => number;
}

export interface Moment {
  readonly monotonic: number;
  readonly wall: number;
}

export function momentOf({ monotonic, wall }: Clocks): Moment {
  return { monotonic: monotonic(), wall: wall() };
}

/** One unbroken time in which a replica was heard of by all others often enough to write. Once it has lapsed it never comes back. */
export class Term {
  readonly token: string;
  readonly #clocks: Clocks;
  readonly #lastsMs: number;
  readonly #tenures = new Map<string, { readonly tenure: Tenure; readonly lost: AbortController }>();
  #since: Moment;
  #ended = false;

  constructor(token: string, { clocks, lastsMs, since }: { clocks: Clocks; lastsMs: number; since: Moment }) {
    this.token = token;
    this.#clocks = clocks;
    this.#lastsMs = lastsMs;
    this.#since = since;
  }

  isValid(): boolean {
    if (this.#ended) return false;
    const { monotonic, wall } = momentOf(this.#clocks);
    const elapsed = Math.max(monotonic - this.#since.monotonic, wall - this.#since.wall);
    if (elapsed < this.#lastsMs) return true;
    this.#ended = true;
    return false;
  }

  /** A sign of life that was begun at `since` has arrived. False where that is too late. */
  renew(since: Moment): boolean {
    if (!this.isValid()) return false;
    this.#since = since;
    return true;
  }

  lapsesAt(): number {
    return this.#since.monotonic + this.#lastsMs;
  }

  tenureOf(key: string): Tenure {
    const known = this.#tenures.get(key);
    if (known !== undefined) return known.tenure;
    const lost = new AbortController();
    const { token } = this;
    const tenure = { token, isValid: () => !lost.signal.aborted && this.isValid(), signal: lost.signal };
    this.#tenures.set(key, { tenure, lost });
    return tenure;
  }

  /** Keys that fall to another. Gives how many of them there were. */
  revoke(isLost: (key: string) => boolean, why: (key: string) => string): number {
    let revoked = 0;
    for (const [key, { lost }] of this.#tenures) {
      if (!isLost(key)) continue;
      this.#tenures.delete(key);
      revoked++;
      lost.abort(new PlumblineError("PL-PASS-CANCELLED", { message: why(key) }));
    }
    return revoked;
  }

  end(why: string): void {
    this.#ended = true;
    this.revoke(
      () => true,
      () => why,
    );
  }
}
