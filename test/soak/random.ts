import { createHash } from "node:crypto";

/** Numbers that a seed decides. Each stream is its own sequence, so that what one asks for does not move what another gets. */
export class Random {
  #state: number;

  constructor(seed: number, stream: string) {
    this.#state = createHash("sha256").update(`${seed} ${stream}`).digest().readUInt32LE();
  }

  /** From 0 up to and without 1. Source: mulberry32, public domain. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number below the limit. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  /** Throws where there is nothing to pick from. */
  pick<T>(from: readonly T[]): T {
    const [found] = from.slice(this.below(from.length));
    if (found === undefined) throw new Error("there is nothing to pick from");
    return found;
  }

  shuffled<T>(from: readonly T[]): T[] {
    return from
      .map((one) => ({ one, at: this.next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ one }) => one);
  }

  word(): string {
    return Math.floor(this.next() * 36 ** 6)
      .toString(36)
      .padStart(6, "0");
  }
}
