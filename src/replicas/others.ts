import type { SeenNotice } from "./notice.ts";

interface Known {
  readonly notice: SeenNotice;
  /** When its last sign of life was seen, by this process's monotonic clock, in milliseconds. */
  readonly at: number;
}

/** What has ended stays to be seen: one that is gone from the board without a word counts as alive until it was silent for long enough. */
const REMEMBERED_MS = 60_000;

export interface Look {
  readonly notices: readonly SeenNotice[];
  /** When was asked, and when the answer was in. */
  readonly askedAt: number;
  readonly seenAt: number;
}

/** The other replicas, as this one has seen them. Pure: the time comes with each look. */
export class Others {
  readonly #self: string;
  /** So long after a sign of life was seen without another one a replica is dead. */
  readonly #deadAfterMs: number;
  readonly #known = new Map<string, Known>();

  constructor(self: string, deadAfterMs: number) {
    this.#self = self;
    this.#deadAfterMs = deadAfterMs;
  }

  /**
   * A sign of life is dated late (when the answer was in) and a silence early (when was asked), so that a pause of this process never makes another
   * one dead. Gives those that are dead or have ended for long enough that everybody knows it, and can be taken off the board.
   */
  look({ notices, askedAt, seenAt }: Look): readonly SeenNotice[] {
    for (const notice of notices) {
      const known = this.#known.get(notice.id);
      if (notice.id !== this.#self && known?.notice.version !== notice.version)
        this.#known.set(notice.id, { notice, at: seenAt });
    }
    const there = new Set(notices.map(({ id }) => id));
    const ended: SeenNotice[] = [];
    for (const [id, { notice, at }] of this.#known) {
      const isSilent = askedAt - at > this.#deadAfterMs;
      const isOver = isSilent || notice.released === true;
      if (isOver && there.has(id) && askedAt - at > REMEMBERED_MS) ended.push(notice);
      // What was taken off the board by hand may be writing still: only its silence tells.
      if (isOver && !there.has(id)) this.#known.delete(id);
    }
    this.#lastAskedAt = askedAt;
    return ended;
  }

  #lastAskedAt = Number.NEGATIVE_INFINITY;

  /** Those that may be writing. */
  alive(): readonly SeenNotice[] {
    return [...this.#known.values()].filter((known) => this.#isAlive(known)).map(({ notice }) => notice);
  }

  /** When the next of them is dead unless it is heard of, by the same clock. */
  nextDeathAt(): number {
    const alive = [...this.#known.values()].filter((known) => this.#isAlive(known));
    return Math.min(...alive.map(({ at }) => at + this.#deadAfterMs));
  }

  #isAlive({ notice, at }: Known): boolean {
    return notice.released !== true && this.#lastAskedAt - at <= this.#deadAfterMs;
  }
}
