import { PlumblineError } from "../../model/index.ts";

interface Held {
  /** BullMQ's: aborted when the lock is lost. */
  readonly signal: AbortSignal | undefined;
  readonly release: () => void;
}

/** The locks of a run, while it runs. */
export interface RunLock {
  readonly signal: AbortSignal;
  /** What Redis gave for it is given back. */
  end(): void;
}

/** Jobs that this process has taken: each holds its key's lock until the run is over that is done for it. */
export class Locks {
  readonly #waiting = new Map<string, Held[]>();
  readonly #running = new Set<string>();

  /** Resolves when the run is over, or when there will be none. */
  add(key: string, signal: AbortSignal | undefined): Promise<void> {
    return new Promise<void>((release) => {
      const held = this.#waiting.get(key) ?? [];
      held.push({ signal, release });
      this.#waiting.set(key, held);
    });
  }

  /** Of a run that has none (Redis is away) the signal is never aborted. */
  begin(key: string): RunLock {
    const held = this.#waiting.get(key) ?? [];
    this.#waiting.delete(key);
    this.#running.add(key);
    const lost = new AbortController();
    // The newest counts: an older job for the same key was given before Redis lost its memory.
    const signal = held.at(-1)?.signal;
    const abort = (): void => lost.abort(lockLost(key, signal?.reason));
    if (signal?.aborted === true) abort();
    else signal?.addEventListener("abort", abort, { once: true });
    return {
      signal: lost.signal,
      end: () => {
        signal?.removeEventListener("abort", abort);
        this.#running.delete(key);
        for (const { release } of held) release();
      },
    };
  }

  /** Nothing will be done for the key's jobs. */
  release(key: string): void {
    for (const { release } of this.#waiting.get(key) ?? []) release();
    this.#waiting.delete(key);
  }

  releaseWaiting(): void {
    for (const key of [...this.#waiting.keys()]) this.release(key);
  }

  /** Whatever waits or runs here. */
  keys(): readonly string[] {
    return [...this.#waiting.keys(), ...this.#running];
  }
}

function lockLost(key: string, why: unknown): PlumblineError {
  return new PlumblineError("PL-PASS-CANCELLED", {
    message: `another process may work on ${key} by now: ${String(why ?? "its lock in Redis is gone")}`,
    where: key,
  });
}
