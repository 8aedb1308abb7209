import { setTimeout as wait } from "node:timers/promises";

/** Asks again every 20 ms until the answer is neither undefined nor false; says what it waited for, and the last answer, when it gives up. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  seconds = 30,
): Promise<T> {
  // Not the wall clock: it jumps where a virtual machine was asleep.
  const end = performance.now() + seconds * 1000;
  let last: unknown;
  while (performance.now() < end) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    await wait(20);
  }
  throw new Error(
    `waited ${seconds} s for: ${what}; last: ${last instanceof Error ? last.message : JSON.stringify(last)}`,
  );
}
