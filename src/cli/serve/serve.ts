import type { Logger } from "pino";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import type { ServeSettings } from "../settings/serve.ts";
import { type Cleanup, cleanUp } from "./cleanups.ts";
import { createLog } from "./log.ts";
import { onFaults, stopSignal } from "./process-signals.ts";
import { type Say, startPlumbline } from "./start.ts";

/** Runs until it is told to stop. Errors: those of startPlumbline. */
export async function serve(settings: ServeSettings, host: Host): Promise<ExitCode> {
  const log = createLog(settings, host.err);
  const stop = stopSignal(log);
  const cleanups: Cleanup[] = [onFaults(log)];
  try {
    await startPlumbline(settings, { log, say: speaker(settings, host, log), cleanups });
    await stop.asked;
    log.info({}, "stopping");
  } finally {
    await cleanUp(cleanups, log);
    stop.release();
  }
  return EXIT.ok;
}

/** The first lines are for the person who starts it; in JSON they are records like all others. */
function speaker({ logFormat }: ServeSettings, host: Host, log: Logger): Say {
  return logFormat === "json" ? (fields, words) => log.info(fields, words) : (_fields, words) => host.err(`${words}\n`);
}
