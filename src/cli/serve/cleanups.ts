import type { Logger } from "pino";
import { formatDuration } from "../../kit/duration.ts";
import { sleep } from "../../kit/sleep.ts";

/** Longest wait for the passes that run to come to a safe point. */
const STOP_MS = 10_000;

/** Undoes what was begun, the last first. Each is given its turn, whatever the others do. */
export type Cleanup = () => Promise<void> | void;

export async function cleanUp(cleanups: readonly Cleanup[], log: Logger): Promise<void> {
  const inTurn = async (): Promise<boolean> => {
    for (const cleanup of cleanups.toReversed()) {
      try {
        await cleanup();
      } catch (error) {
        log.error({ err: error }, "something did not end as it should");
      }
    }
    return true;
  };
  const limit = new AbortController();
  const late = sleep(STOP_MS, limit.signal).then(
    () => false,
    () => true,
  );
  const inTime = await Promise.race([inTurn(), late]);
  limit.abort();
  if (!inTime)
    log.warn({}, `not everything had ended after ${formatDuration(STOP_MS)}; the next start takes up what is left`);
}
