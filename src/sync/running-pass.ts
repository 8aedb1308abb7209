import type { Place } from "../kit/keyed-queue.ts";
import { PlumblineError } from "../model/index.ts";
import type { Steps } from "./steps.ts";

/** What a pass, or a look, found Git to say: the same key, the same manifests. */
export interface RenderedAt {
  readonly revision: string;
  readonly key: string;
}

export interface RunningPassParts {
  readonly place: Place;
  readonly steps: Steps;
  /** What Git says by now; undefined where that cannot be told. */
  readonly newest: () => Promise<RenderedAt | undefined>;
}

/**
 * A pass while it runs, as the loop sees it. While it only waits, its place in the queue is somebody else's, and it ends as soon as there is
 * something newer to do; what is newer while it writes is remembered until it waits. So no commit waits for the deadline of the one before.
 */
export class RunningPass {
  readonly #parts: RunningPassParts;
  readonly #ending = new AbortController();
  /** What it applies, while it waits. */
  #waitsWith: RenderedAt | undefined;
  #moved = false;
  #newer: string | undefined;

  constructor(parts: RunningPassParts) {
    this.#parts = parts;
  }

  /** Its reason is PL-PASS-SUPERSEDED. */
  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  get place(): Place {
    return this.#parts.place;
  }

  waits(at: RenderedAt): void {
    const before = this.#waitsWith;
    this.#waitsWith = at;
    if (before !== undefined) return;
    this.#parts.place.rest();
    this.#endIfOutdated();
  }

  /** It waits for nothing any more; its place it has only for single writes, until it wakes. */
  goesOn(): void {
    this.#waitsWith = undefined;
  }

  async wake(): Promise<void> {
    this.goesOn();
    await this.#parts.place.wake();
  }

  /** A repository has another revision: what of it is this application's is looked at where it matters. */
  moved(): void {
    this.#moved = true;
    this.#endIfOutdated();
  }

  /** There is something newer to do for certain; `why` fits behind "since". */
  supersede(why: string): void {
    this.#newer = why;
    this.#endIfOutdated();
  }

  #endIfOutdated(): void {
    if (this.#waitsWith === undefined || this.#ending.signal.aborted) return;
    if (this.#newer !== undefined) this.#end(this.#waitsWith, this.#newer);
    else if (this.#moved) void this.#compare();
  }

  async #compare(): Promise<void> {
    this.#moved = false;
    const newest = await this.#parts.newest();
    const at = this.#waitsWith;
    if (newest === undefined || at === undefined || newest.key === at.key) return;
    this.#end(at, `revision ${shortened(newest.revision)} is known`);
  }

  #end({ revision }: RenderedAt, why: string): void {
    const message = `the pass of revision ${shortened(revision)} ended while ${this.#parts.steps.doing}, since ${why}; the next one goes on from here`;
    this.#ending.abort(new PlumblineError("PL-PASS-SUPERSEDED", { message }));
  }
}

function shortened(revision: string): string {
  return revision.slice(0, 12);
}
