import { backoffDelay } from "../kit/backoff.ts";
import { formatDuration } from "../kit/duration.ts";
import { sleep } from "../kit/sleep.ts";
import { type ErrorCode, PlumblineError } from "../model/index.ts";

/** Failures of the moment, and how often they are worth a try; all others stay failures until somebody changes something. */
const TRIES: ReadonlyMap<ErrorCode, number> = new Map([
  ["PL-KUBE-BUSY", 5],
  ["PL-KUBE-UNREACHABLE", 5],
  ["PL-KUBE-CONFLICT", 3],
  ["PL-KUBE-TIMEOUT", 3],
  ["PL-KUBE-UNEXPECTED", 3],
]);

/** Whoever is asked to wait longer is better served by the next pass, and this one by its end. */
const LONGEST_WAIT_MS = 20_000;
/** No try begins later than this after the first. */
const LONGEST_IN_ALL_MS = 60_000;

interface Tried {
  readonly error: PlumblineError;
  /** How often, this one included. */
  readonly times: number;
  /** Milliseconds since the first. */
  readonly elapsedMs: number;
  /** 0 to 1. */
  readonly random: () => number;
}

/** Milliseconds until the next try, or in words why there is none. The time that the server names is kept, and some spread over, lest all come back at once. */
export function nextTry({ error, times, elapsedMs, random }: Tried): number | string {
  const most = TRIES.get(error.code) ?? 1;
  if (times >= most) return times === 1 ? "" : `tried ${times} times in ${formatDuration(elapsedMs)}`;
  const asked = (error.retryAfter ?? 0) * 1000;
  if (asked > LONGEST_WAIT_MS) return `the server asks to wait ${formatDuration(asked)}, which a pass does not`;
  const own = backoffDelay(times, { baseMs: 200, capMs: 5000, random });
  const waitMs = asked === 0 ? own : asked * (1 + random() / 2);
  return elapsedMs + waitMs > LONGEST_IN_ALL_MS ? `tried ${times} times in ${formatDuration(elapsedMs)}` : waitMs;
}

/** One request, asked again while what is wrong may pass by itself: bounded in number and time. Errors: the last one, with the count. */
export async function patiently<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  const began = performance.now();
  for (let times = 1; ; times++) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof PlumblineError) || signal.aborted) throw error;
      const wait = nextTry({ error, times, elapsedMs: performance.now() - began, random: Math.random });
      if (typeof wait === "string") throw wait === "" ? error : withWords(error, wait);
      await sleep(wait, signal);
    }
  }
}

/** The same error with something more to say. */
export function withWords(error: PlumblineError, words: string): PlumblineError {
  const { code, message, where, next, retryAfter } = error;
  return new PlumblineError(code, {
    message: `${message} (${words})`,
    next,
    cause: error,
    ...(where === undefined ? {} : { where }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}
