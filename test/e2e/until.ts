import { setTimeout as wait } from "node:timers/promises";

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 250;
/** Of the time that was waited already: what takes long is asked for less often, since each question takes a processor from what is waited for. */
const PART_OF_WAIT = 0.1;

/** Asks again after 20 ms, and then ever more slowly, until the answer is neither undefined nor false; says what it waited for, and the last answer, when it gives up. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  seconds = 30,
): Promise<T> {
  // Not the wall clock: it jumps where a virtual machine was asleep.
  const start = performance.now();
  const end = start + seconds * 1000;
  let last: unknown;
  while (performance.now() < end) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    const waited = performance.now() - start;
    await wait(Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, waited * PART_OF_WAIT)));
  }
  throw new Error(
    `waited ${seconds} s for: ${what}; last: ${last instanceof Error ? last.message : JSON.stringify(last)}`,
  );
}
