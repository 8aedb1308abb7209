import { type CronSchedule, readCron } from "../kit/cron.ts";
import { parseDuration } from "../kit/duration.ts";
import { PlumblineError, type Problem, type SyncWindow, toProblem } from "../model/index.ts";

/** May be written now, by what the windows say. */
export interface WindowVerdict {
  /** Which window is waited for, in a sentence; absent: it may be written. */
  readonly waiting?: string;
  /** Milliseconds until a window opens or closes. */
  readonly again?: number;
}

interface Standing {
  readonly window: SyncWindow;
  /** Milliseconds since the epoch; only while it is open. */
  readonly endsAt?: number;
  readonly opensAt?: number;
}

/**
 * What the clock says, and nothing else: deny wins over allow; where there are windows that allow, nothing is written outside of all of them. A person's sync
 * is done in spite where each window that denies, or one of those that would allow, says `manual`. Errors: those that `windowProblems` tells before.
 */
export function judgeWindows(
  windows: readonly SyncWindow[],
  { now, manual }: { readonly now: number; readonly manual: boolean },
): WindowVerdict {
  if (windows.length === 0) return {};
  const standings = windows.map((window) => standingOf(window, now));
  const edges = standings.flatMap(({ endsAt, opensAt }) => [endsAt, opensAt]).filter((at) => at !== undefined);
  const again = edges.length === 0 ? {} : { again: Math.max(1, Math.min(...edges) - now) };
  const waiting = blocker(standings, manual);
  return waiting === undefined ? again : { ...again, waiting };
}

function blocker(standings: readonly Standing[], manual: boolean): string | undefined {
  const denying = standings.filter(({ window, endsAt }) => window.kind === "deny" && endsAt !== undefined);
  const stops = denying.filter(({ window }) => !(manual && window.manual));
  const [last] = stops.toSorted((a, b) => (b.endsAt ?? 0) - (a.endsAt ?? 0));
  if (last !== undefined) return `inside of ${nameOf(last.window)}: ends ${whenOf(last.window, last.endsAt)}`;
  const allowing = standings.filter(({ window }) => window.kind === "allow");
  if (allowing.length === 0 || allowing.some(({ endsAt }) => endsAt !== undefined)) return undefined;
  if (manual && allowing.some(({ window }) => window.manual)) return undefined;
  const never = Number.POSITIVE_INFINITY;
  const [next] = allowing.toSorted((a, b) => (a.opensAt ?? never) - (b.opensAt ?? never));
  return next && `outside of ${nameOf(next.window)}: opens ${whenOf(next.window, next.opensAt)}`;
}

function standingOf(window: SyncWindow, now: number): Standing {
  const cron = readCron(window.schedule, window.timeZone);
  const last = cron.lastAt(now);
  const endsAt = last === undefined ? undefined : last + (parseDuration(window.duration) ?? 0);
  const opensAt = cron.nextAfter(now);
  return {
    window,
    ...(endsAt === undefined || endsAt <= now ? {} : { endsAt: lastEnd(endsAt, cron, window) }),
    ...(opensAt === undefined ? {} : { opensAt }),
  };
}

/** Windows that follow each other without a gap are one; beyond a few nobody needs to know the end to the minute. */
const MOST_JOINED = 10;

function lastEnd(endsAt: number, cron: CronSchedule, { duration }: SyncWindow): number {
  let end = endsAt;
  for (let joined = 0; joined < MOST_JOINED; joined++) {
    const start = cron.lastAt(end);
    const next = (start ?? Number.NEGATIVE_INFINITY) + (parseDuration(duration) ?? 0);
    if (next <= end) return end;
    end = next;
  }
  return end;
}

/** `allow window "0 8 * * 1-5" 8h Europe/Berlin (office hours)` */
function nameOf({ kind, schedule, duration, timeZone, reason }: SyncWindow): string {
  return `${kind} window "${schedule}" ${duration} ${timeZone}${reason === undefined ? "" : ` (${reason})`}`;
}

/** A time and not a duration: a sentence that changes by itself would be news at every look. */
function whenOf({ timeZone }: SyncWindow, at: number | undefined): string {
  if (at === undefined) return "never";
  const parts = new Intl.DateTimeFormat("en-GB", {
    ...{ timeZone, weekday: "short", year: "numeric", month: "2-digit", day: "2-digit" },
    ...{ hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  }).formatToParts(at);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  return `${part("weekday")} ${part("year")}-${part("month")}-${part("day")} ${part("hour")}:${part("minute")}`;
}

/** Windows that cannot be read. Until they can, nothing is written. */
export function windowProblems(windows: readonly SyncWindow[]): Problem[] {
  return windows.flatMap(({ schedule, timeZone, duration }, position) => {
    const where = `spec.sync.windows[${position}]`;
    try {
      readCron(schedule, timeZone);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const message = `"${schedule}" in the time zone ${timeZone} cannot be read: ${why}`;
      return [toProblem(new PlumblineError("PL-WINDOW-INVALID", { message, where }))];
    }
    if ((parseDuration(duration) ?? 0) > 0) return [];
    return [toProblem(new PlumblineError("PL-WINDOW-INVALID", { message: `it is open for ${duration}`, where }))];
  });
}
