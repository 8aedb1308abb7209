import { Cron } from "croner";

/** The starts of something that comes again, in milliseconds since the epoch. */
export interface CronSchedule {
  /** The last one that is not after this moment. */
  lastAt(ms: number): number | undefined;
  /** The first one after this moment. */
  nextAfter(ms: number): number | undefined;
}

/**
 * Reads the five fields of a cron line in a time zone. When clocks go forward, what falls into the hour that is left out comes with the first moment after it;
 * when they go back, what falls into the hour that comes twice comes the first time alone. Throws Error, whose message says what is wrong.
 */
export function readCron(line: string, timeZone: string): CronSchedule {
  // Asked first, since the library would notice an unknown zone only later.
  new Intl.DateTimeFormat("en", { timeZone });
  const cron = new Cron(line, { paused: true, timezone: timeZone, mode: "5-part" });
  return {
    // Starts are whole minutes, and the library looks before the second that it is given.
    lastAt: (ms) => cron.previousRuns(1, new Date(Math.floor(ms / 1000) * 1000 + 1000))[0]?.getTime(),
    nextAfter: (ms) => cron.nextRun(new Date(ms))?.getTime(),
  };
}
