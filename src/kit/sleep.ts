import { setTimeout as timer } from "node:timers/promises";

/** Resolves after `ms`, or rejects with the signal's reason as soon as it is aborted. Does not keep the process alive. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  try {
    await timer(ms, undefined, signal === undefined ? { ref: false } : { signal, ref: false });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
