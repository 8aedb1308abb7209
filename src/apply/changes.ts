import type { LiveStore } from "../cluster/index.ts";
import { type LiveObject, refKey } from "../model/index.ts";

/** What the watch has told of one object since somebody began to look. */
export interface Followed {
  /** Resolves at the next change, at once where one came since the last call, and after `ms` at the latest. Errors: the signal's reason. */
  next(ms: number, signal: AbortSignal): Promise<void>;
  /** As it was when it went. */
  readonly gone: LiveObject | undefined;
}

interface Follower {
  changed: boolean;
  gone: LiveObject | undefined;
  wake: () => void;
}

/** Wakes those who wait for objects when the watch tells of them, so that nothing is polled that is followed. */
export class Changes {
  readonly #live: Pick<LiveStore, "onChange">;
  readonly #followers = new Map<string, Set<Follower>>();
  #unsubscribe: (() => void) | undefined;

  constructor(live: Pick<LiveStore, "onChange">) {
    this.#live = live;
  }

  /** `work` with the changes of one object, for as long as it takes. */
  async follow<T>(key: string, work: (followed: Followed) => Promise<T>): Promise<T> {
    this.#unsubscribe ??= this.#live.onChange(({ ref, type, object }) => {
      for (const one of this.#followers.get(refKey(ref)) ?? []) {
        one.gone = type === "gone" ? object : undefined;
        one.changed = true;
        one.wake();
      }
    });
    const follower: Follower = { changed: false, gone: undefined, wake: () => {} };
    const same = this.#followers.get(key) ?? new Set();
    this.#followers.set(key, same.add(follower));
    try {
      return await work({
        next: (ms, signal) => nextOf(follower, ms, signal),
        get gone() {
          return follower.gone;
        },
      });
    } finally {
      same.delete(follower);
      if (same.size === 0) this.#followers.delete(key);
    }
  }

  close(): void {
    this.#unsubscribe?.();
  }
}

async function nextOf(follower: Follower, ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (!follower.changed) {
    const { promise, resolve } = Promise.withResolvers<void>();
    follower.wake = resolve;
    const timer = setTimeout(resolve, ms).unref();
    const end = (): void => resolve();
    signal.addEventListener("abort", end, { once: true });
    await promise;
    signal.removeEventListener("abort", end);
    clearTimeout(timer);
    signal.throwIfAborted();
  }
  follower.changed = false;
}
