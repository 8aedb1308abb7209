import type { LiveStore } from "../cluster/index.ts";
import { Bell } from "../kit/bell.ts";
import { type LiveObject, refKey } from "../model/index.ts";

/** What the watch has told of one object since somebody began to look. */
export interface Followed {
  /** Resolves at the next change, at once where one came since the last call, and after `ms` at the latest. Errors: the signal's reason. */
  next(ms: number, signal: AbortSignal): Promise<void>;
  /** As it was when it went. */
  readonly gone: LiveObject | undefined;
}

interface Follower {
  readonly bell: Bell;
  gone: LiveObject | undefined;
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
        one.bell.ring();
      }
    });
    const follower: Follower = { bell: new Bell(), gone: undefined };
    const same = this.#followers.get(key) ?? new Set();
    this.#followers.set(key, same.add(follower));
    try {
      return await work({
        next: (ms, signal) => nextOf(follower.bell, ms, signal),
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

async function nextOf(bell: Bell, ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  signal.addEventListener("abort", bell.ring, { once: true });
  await bell.heard(ms);
  signal.removeEventListener("abort", bell.ring);
  signal.throwIfAborted();
}
