import type { Log } from "../../model/index.ts";
import { EXIT } from "../exit-code.ts";

/** npm passes on what the terminal has sent to every process already: within this time the second is the first once more. */
const ECHO_MS = 300;

export interface StopSignal {
  /** Resolves at the first signal. */
  readonly asked: Promise<void>;
  /** Is aborted at the first signal. */
  readonly signal: AbortSignal;
  release(): void;
}

/** Waits for SIGTERM and SIGINT, or the signals that are named; the second ends the process at once. */
export function stopSignal(log: Log, names: readonly NodeJS.Signals[] = ["SIGTERM", "SIGINT"]): StopSignal {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  const asking = new AbortController();
  let first: number | undefined;
  const heed = (signal: NodeJS.Signals): void => {
    const now = performance.now();
    if (first !== undefined && now - first > ECHO_MS) process.exit(EXIT.interrupted);
    if (first !== undefined) return;
    first = now;
    log.info({ signal }, "asked to stop; a second time ends at once");
    asking.abort(new Error(`ended by ${signal}`));
    resolve();
  };
  for (const name of names) process.on(name, heed);
  return {
    asked,
    signal: asking.signal,
    release: () => {
      for (const name of names) process.removeListener(name, heed);
    },
  };
}

/** A promise that nobody awaited is a fault, and logged as one; a thrown error that nobody caught leaves unknown state, and ends the process. */
export function onFaults(log: Log): () => void {
  const rejected = (reason: unknown): void =>
    log.error({ code: "PL-INTERNAL", err: reason }, "a promise failed unheard");
  const thrown = (error: unknown): void => {
    log.error({ code: "PL-INTERNAL", err: error }, "a fault nobody foresaw; the process ends");
    process.exit(EXIT.failed);
  };
  process.on("unhandledRejection", rejected).on("uncaughtException", thrown);
  return () => {
    process.removeListener("unhandledRejection", rejected).removeListener("uncaughtException", thrown);
  };
}
