import type { Kill } from "./killing.ts";

export interface Results {
  readonly seed: number;
  readonly seconds: number;
  readonly rounds: number;
  readonly commits: number;
  readonly hands: number;
  /** Passes that a process told of before it ended. */
  readonly passes: number;
  readonly kills: readonly Kill[];
  /** Starts after which the process ended by itself, under a fault. */
  readonly failedStarts: number;
  readonly faults: { readonly [name: string]: number };
  /** Milliseconds from the end of a round's faults to the moment at which everything was as Git says, by what had gone wrong. */
  readonly convergence: { readonly [fault: string]: readonly number[] };
  /** Deletions of objects by Plumbline, all of which were judged. */
  readonly deletions: number;
  /** Texts in which secrets were looked for. */
  readonly surfaces: number;
  readonly failures: Failures;
}

/** What must not be, a sentence each. */
export interface Failures {
  readonly converged: readonly string[];
  readonly orphans: readonly string[];
  readonly deletions: readonly string[];
  readonly secrets: readonly string[];
  readonly ended: readonly string[];
}

export const ALL_ROUNDS = "all rounds";
export const KILLS_ALONE = "kills, and nothing else";

export interface Spread {
  readonly count: number;
  readonly median: number;
  readonly p99: number;
  readonly max: number;
}

/** Of at least one number. */
export function spreadOf(numbers: readonly number[]): Spread {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { count: sorted.length, median: at(0.5), p99: at(0.99), max: at(1) };
}

export function tally(names: readonly string[]): { readonly [name: string]: number } {
  const counts: { [name: string]: number } = {};
  for (const name of names.toSorted()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
