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

export interface Asking {
  readonly signal?: AbortSignal | undefined;
  /** Ahead of all that wait. */
  readonly first?: boolean;
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
  readonly #first: Set<Waiter> = new Set();
  #taken = 0;

  constructor(settings: SlotsSettings) {
    this.#settings = settings;
  }

  get waiting(): number {
    return this.#waiting.size + this.#first.size;
  }

  /** A place, to be given back; undefined where it is there at once. Errors: PL-KUBE-TIMEOUT, the signal's reason. */
  take(asking: Asking): Promise<void> | undefined {
    if (this.#taken >= this.#settings.total) return this.#wait(asking);
    this.#taken++;
    return undefined;
  }

  give(): void {
    for (const line of [this.#first, this.#waiting]) {
      for (const next of line) {
        line.delete(next);
        next.begin();
        return;
      }
    }
    this.#taken--;
  }

  async #wait({ signal, first = false }: Asking): Promise<void> {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const line = first ? this.#first : this.#waiting;
    const waiter: Waiter = { begin: resolve };
    const ended = (): void => {
      if (line.delete(waiter)) reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      if (line.delete(waiter)) reject(this.#tooLong());
    }, this.#settings.longestWaitMs);
    line.add(waiter);
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
