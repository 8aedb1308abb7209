import { sleep } from "../kit/sleep.ts";
import {
  formatRef,
  type KubeObject,
  type LiveObject,
  type PlanStep,
  PlumblineError,
  type StepOutcome,
  toProblem,
} from "../model/index.ts";
import { whatBlocksDeletion } from "../plan/index.ts";
import { patiently } from "./patience.ts";
import { keepingAddresses } from "./service-addresses.ts";
import { endOf, type ToldWait, toldWait } from "./told-wait.ts";
import type { Run } from "./types.ts";
import { pastObstacles } from "./waiting-for-others.ts";

const LOOK_AGAIN_MS = 100;

/** From the moment at which the old object is gone the new one is made, whatever becomes of the pass: nobody is to wait for the next one. */
const MADE_WITHIN_MS = 30_000;

/**
 * Deletes exactly the object that was planned, waits until it is gone and makes it anew. A crash in between leaves an object that is missing, which
 * the next pass makes. Errors: PL-PRUNE-BLOCKED at the deadline, naming what the old one waits for; those of the new one.
 */
export async function replaceStep(
  run: Run,
  step: PlanStep,
  object: KubeObject,
): Promise<Pick<StepOutcome, "outcome" | "warnings"> & { readonly live: LiveObject }> {
  const { cluster, signal } = run;
  const before = await patiently(signal, () => cluster.get(step.ref, signal));
  if (before?.metadata.uid === step.uid) await remove(run, step);
  const make = () => keepingAddresses({ cluster, signal: AbortSignal.timeout(MADE_WITHIN_MS) }, { object, before });
  const made = await makeAnew(step, () => pastObstacles(run, step, make));
  return { outcome: "replaced", warnings: made.warnings, live: made.object };
}

async function remove(run: Run, step: PlanStep): Promise<void> {
  const { cluster, signal } = run;
  const { ref, uid, replacement } = step;
  const options = { ...(uid === undefined ? {} : { uid }), propagation: replacement?.propagation ?? "Background" };
  const answer = await patiently(signal, () => cluster.delete(ref, { ...options, signal }));
  if (answer === "terminating") await awaitGone(run, step);
}

async function awaitGone(run: Run, step: PlanStep): Promise<void> {
  const wait = toldWait(run, step);
  try {
    while (!(await isGone(run, step, wait))) await sleepUnless(endOf(run));
  } finally {
    wait.end();
  }
}

/** Not bound to the signal: at the end the last look still says what was in the way. */
async function isGone(run: Run, { ref, uid }: PlanStep, wait: ToldWait): Promise<boolean> {
  const end = endOf(run);
  const object = await patiently(run.signal, () => run.cluster.get(ref));
  if (object === undefined || object.metadata.uid !== uid) return true;
  const message = `waits for ${whatBlocksDeletion(object)} before ${formatRef(ref)} is gone and can be made anew`;
  if (end.aborted) throw new PlumblineError("PL-PRUNE-BLOCKED", { message, where: formatRef(ref) });
  wait.say(message);
  return false;
}

async function sleepUnless(end: AbortSignal): Promise<void> {
  try {
    await sleep(LOOK_AGAIN_MS, end);
  } catch (error) {
    if (!end.aborted) throw error;
  }
}

async function makeAnew<T>({ ref }: PlanStep, make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    const { code, message, where } = toProblem(error);
    throw new PlumblineError(code, {
      message: `${formatRef(ref)} was deleted to be replaced, and is not there until it can be made anew: ${message}`,
      where: where ?? formatRef(ref),
      cause: error,
    });
  }
}
