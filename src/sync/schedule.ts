import { backoffDelay } from "../kit/backoff.ts";
import { parseDuration } from "../kit/duration.ts";
import type { ApplicationSpec, Problem } from "../model/index.ts";

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 300_000;
/** A longer timer of Node goes off at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface NextPassInput {
  readonly spec: ApplicationSpec;
  readonly problem: Problem | undefined;
  /** Milliseconds that the pass itself asked for. */
  readonly again: number | undefined;
  /** Failures in a row that may pass by themselves. */
  readonly failures: number;
  readonly jitter: number;
  readonly random: () => number;
}

/** Milliseconds until the next pass: the interval, moved by the jitter; sooner, with backoff, after what may pass by itself. */
export function nextPassIn({ spec, problem, again, failures, jitter, random }: NextPassInput): number {
  const interval = jittered(intervalOf(spec), jitter, random);
  const soonest = Math.min(again ?? interval, interval);
  if (problem?.retry !== "soon") return soonest;
  return Math.min(soonest, backoffDelay(failures, { baseMs: FIRST_RETRY_MS, capMs: LONGEST_RETRY_MS, random }));
}

export function jittered(ms: number, jitter: number, random: () => number): number {
  return Math.min(LONGEST_TIMER_MS, ms * (1 - jitter + 2 * jitter * random()));
}

/** At least a second, so that no typing error floods a server; at most 24 days. */
export function intervalOf({ sync }: { readonly sync: Pick<ApplicationSpec["sync"], "interval"> }): number {
  return bounded(parseDuration(sync.interval) ?? 60_000);
}

export function timeoutOf({ sync }: ApplicationSpec): number {
  return bounded(parseDuration(sync.timeout) ?? 300_000);
}

/** How long a wave and a hook may take; without a word of the declaration only the pass ends them. */
export function deadlinesOf({ sync: { waveTimeout, hookTimeout } }: ApplicationSpec): {
  waveMs?: number;
  hookMs?: number;
} {
  const waveMs = parseDuration(waveTimeout ?? "");
  const hookMs = parseDuration(hookTimeout ?? "");
  return {
    ...(waveMs === undefined ? {} : { waveMs: bounded(waveMs) }),
    ...(hookMs === undefined ? {} : { hookMs: bounded(hookMs) }),
  };
}

function bounded(ms: number): number {
  return Math.min(LONGEST_TIMER_MS, Math.max(1000, ms));
}
