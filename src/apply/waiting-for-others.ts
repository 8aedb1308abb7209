import { backoffDelay } from "../kit/backoff.ts";
import { formatDuration } from "../kit/duration.ts";
import { sleep } from "../kit/sleep.ts";
import { type PlanStep, PlumblineError } from "../model/index.ts";
import { namespaceBack } from "./namespace-back.ts";
import { patiently, withWords } from "./patience.ts";
import { endOf, type ToldWait, toldWait } from "./told-wait.ts";
import type { Run } from "./types.ts";

/** What is written, and how it is told to those who wait for it. */
export interface Waiter {
  readonly say?: (message: string) => void;
  /** The wait may be long, and others need not wait for it. From then on this is who tells of it. */
  readonly letPass?: (message: string) => void;
}

type Written = Pick<PlanStep, "ref" | "stage"> & Waiter;
type Send<T> = () => Promise<T>;

/**
 * Sends a write, and again where what is in its way goes by itself within the pass: a namespace that is being deleted, and comes back; a webhook that
 * nobody serves yet. Its own failures of a moment are `patiently`'s. Errors: those of the last try; the signal's reason.
 */
export async function sendWaiting<T>(run: Run, step: Written, send: Send<T>): Promise<T> {
  return await pastObstacles(run, step, () => patiently(run.signal, send));
}

/** The same of what is patient by itself: more than one request, say. */
export async function pastObstacles<T>(run: Run, step: Written, work: Send<T>): Promise<T> {
  const told = toldWait(run, step);
  const began = run.now();
  try {
    for (let times = 1; ; times++) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof PlumblineError) || run.signal.aborted) throw error;
        await obstacleGone({ run, step, told, error, times, began });
      }
    }
  } finally {
    told.end();
  }
}

interface Obstacle {
  readonly run: Run;
  readonly step: Written;
  readonly told: ToldWait;
  readonly error: PlumblineError;
  readonly times: number;
  readonly began: number;
}

/** Returns when it is worth another try. Errors: the obstacle itself where it does not go. */
async function obstacleGone(obstacle: Obstacle): Promise<void> {
  const { run, step, told, error } = obstacle;
  if (error.code === "PL-KUBE-WEBHOOK-AWAY") return await webhookBack(obstacle);
  const { namespace } = step.ref;
  const isNamespace = error.code === "PL-KUBE-TERMINATING" || error.code === "PL-KUBE-NOT-FOUND";
  if (!isNamespace || namespace === undefined) throw error;
  const say = (message: string): void => {
    told.say(message);
    step.say?.(message);
  };
  if (!(await namespaceBack(run, namespace, { say, error }))) throw error;
}

/** Ever more slowly, up to once in five seconds. */
async function webhookBack({ run, step, told, error, times, began }: Obstacle): Promise<void> {
  if (step.letPass === undefined) told.say(`waits to be written: ${error.message}`);
  else step.letPass(error.message);
  const end = endOf(run);
  try {
    await sleep(backoffDelay(times, { baseMs: 500, capMs: 5000, random: Math.random }), end);
  } catch (ended) {
    if (!end.aborted) throw ended;
    throw withWords(error, `tried ${times} times in ${formatDuration(run.now() - began)}`);
  }
}
