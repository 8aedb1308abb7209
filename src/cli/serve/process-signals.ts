import type { Log } from "../../model/index.ts";
import { EXIT } from "../exit-code.ts";

/** Resolves `asked` at the first SIGTERM or SIGINT; the second ends the process at once. */
export function stopSignal(log: Log): { readonly asked: Promise<void>; release(): void } {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  let first = true;
  const heed = (signal: NodeJS.Signals): void => {
    if (!first) process.exit(EXIT.interrupted);
    first = false;
    log.info({ signal }, "asked to stop; a second time ends at once");
    resolve();
  };
  process.on("SIGTERM", heed).on("SIGINT", heed);
  return {
    asked,
    release: () => {
      process.removeListener("SIGTERM", heed).removeListener("SIGINT", heed);
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
