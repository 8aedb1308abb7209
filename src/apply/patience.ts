import { backoffDelay } from "../kit/backoff.ts";
import { sleep } from "../kit/sleep.ts";
import { type ErrorCode, PlumblineError } from "../model/index.ts";

const ATTEMPTS = 3;

/** Failures of the moment; all others stay failures until somebody changes something. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  "PL-KUBE-BUSY",
  "PL-KUBE-CONFLICT",
  "PL-KUBE-TIMEOUT",
  "PL-KUBE-UNREACHABLE",
  "PL-KUBE-UNEXPECTED",
  "PL-KUBE-WEBHOOK",
]);

/** One request, asked up to three times while what is wrong may pass by itself; after the time that the server names, where it names one. */
export async function patiently<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      const passing = error instanceof PlumblineError && PASSING.has(error.code);
      if (!passing || attempt === ATTEMPTS || signal.aborted) throw error;
      const asked = (error.retryAfter ?? 0) * 1000;
      await sleep(Math.max(asked, backoffDelay(attempt, { baseMs: 200, capMs: 2000, random: Math.random })), signal);
    }
  }
}
