import { type Problem, toProblem } from "../model/index.ts";
import type { StandingProblems } from "./standing-problems.ts";

/** A right that is missing is seldom given within minutes; who gave it asks for a sync, and that asks anew. */
export const FORBIDDEN_FOR_MS = 300_000;

export interface Asking {
  /** What was forbidden a moment ago, by `key`. */
  readonly memory: { readonly forbidden: StandingProblems };
  /** A person asked. */
  readonly manual: boolean;
  readonly now: () => number;
}

/** What the server answers, or why we may not ask (PL-KUBE-FORBIDDEN), which stands for a while. `key`: the verb and where one right holds.
 *  Errors: all others. */
export async function unlessForbidden<T>(
  key: string,
  { memory, manual, now }: Asking,
  ask: () => Promise<T>,
): Promise<{ readonly answer: T } | { readonly refusal: Problem }> {
  const standing = manual ? undefined : memory.forbidden.recall(key, now());
  if (standing !== undefined) return { refusal: standing };
  try {
    return { answer: await ask() };
  } catch (error) {
    const refusal = toProblem(error);
    if (refusal.code !== "PL-KUBE-FORBIDDEN") throw error;
    memory.forbidden.note(key, refusal, { until: now() + FORBIDDEN_FOR_MS, now: now() });
    return { refusal };
  }
}
