import { formatDuration } from "../kit/duration.ts";
import { PlumblineError } from "../model/index.ts";

export interface SlotsSettings {
  /** At once. */
  readonly total: number;
  /** Nobody waits longer for a place than this. */
  readonly longestWaitMs: number;
  /** Where to, for messages. */
  readonly server: string;
}

interface Waiter {
  readonly begin: () => void;
}

/**
 * The bulkhead of one server: so many of its requests are under way at once, and the others wait here, in the order in which they came. In the client
 * library's own queue who waits could neither be ended nor counted, and would wait for a server that does not answer without an end.
 */
export class Slots {
  readonly #settings: SlotsSettings;
  readonly #waiting: Set<Waiter> = new Set();
  #taken = 0;

  constructor(settings: SlotsSettings) {
    this.#settings = settings;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** A place, to be given back; undefined where it is there at once. Errors: PL-KUBE-TIMEOUT, the signal's reason. */
  take(signal?: AbortSignal): Promise<void> | undefined {
    if (this.#taken >= this.#settings.total) return this.#wait(signal);
    this.#taken++;
    return undefined;
  }

  give(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#taken--;
    else {
      this.#waiting.delete(next);
      next.begin();
    }
  }

  async #wait(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = { begin: resolve };
    const ended = (): void => {
      if (this.#waiting.delete(waiter)) reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      if (this.#waiting.delete(waiter)) reject(this.#tooLong());
    }, this.#settings.longestWaitMs);
    this.#waiting.add(waiter);
    signal?.addEventListener("abort", ended, { once: true });
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", ended);
    }
  }

  #tooLong(): PlumblineError {
    const { total, longestWaitMs, server } = this.#settings;
    const message = `no request to ${server} could begin within ${formatDuration(longestWaitMs)}: ${total} are under way, ${this.waiting} more wait`;
    return new PlumblineError("PL-KUBE-TIMEOUT", { message, where: server });
  }
}
