import type { Run } from "../types.ts";

/** Tells when a run rests and when no more. */
export class RestingRun implements Run {
  readonly signal: AbortSignal;
  readonly #place: Run;
  readonly #onRest: (by: 1 | -1) => void;
  #isResting = false;

  constructor(place: Run, signal: AbortSignal, onRest: (by: 1 | -1) => void) {
    this.#place = place;
    this.signal = signal;
    this.#onRest = onRest;
  }

  rest(): void {
    this.#place.rest();
    if (!this.#isResting) this.#onRest(1);
    this.#isResting = true;
  }

  async use<V>(work: () => Promise<V>): Promise<V> {
    return await this.#place.use(work);
  }

  async wake(): Promise<void> {
    this.end();
    await this.#place.wake();
  }

  end(): void {
    if (this.#isResting) this.#onRest(-1);
    this.#isResting = false;
  }
}
