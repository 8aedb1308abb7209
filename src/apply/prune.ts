import { sleep } from "../kit/sleep.ts";
import {
  formatRef,
  type LiveObject,
  type Outcome,
  type PlanStep,
  PlumblineError,
  type StepOutcome,
} from "../model/index.ts";
import type { Run } from "./types.ts";

const LOOK_AGAIN_MS = 250;

/** Deletes exactly the object that was planned, and waits until it is gone. Errors: PL-PRUNE-BLOCKED, naming the finalizers. */
export async function deleteStep(run: Run, step: PlanStep): Promise<Pick<StepOutcome, "outcome" | "warnings">> {
  const { cluster, signal } = run;
  const done: { outcome: Outcome; warnings: readonly string[] } = { outcome: "pruned", warnings: [] };
  const answer = await cluster.delete(step.ref, { ...(step.uid === undefined ? {} : { uid: step.uid }), signal });
  if (answer !== "terminating") return done;
  let said = "";
  let waits = "it to go";
  while (!signal.aborted) {
    // Not bound to the signal: at the deadline the last look still says what was in the way.
    const object = await cluster.get(step.ref);
    if (object === undefined || object.metadata.uid !== step.uid) return done;
    waits = whatBlocks(object);
    const message = `waits for ${waits} before ${formatRef(step.ref)} is gone`;
    if (message !== said) run.emit({ type: "waiting", ref: step.ref, stage: step.stage, message });
    said = message;
    await Promise.race([sleep(LOOK_AGAIN_MS), aborted(signal)]);
  }
  throw new PlumblineError("PL-PRUNE-BLOCKED", {
    message: `${formatRef(step.ref)} is still there: it waits for ${waits}`,
    where: formatRef(step.ref),
  });
}

function whatBlocks({ metadata }: LiveObject): string {
  const finalizers = metadata.finalizers ?? [];
  if (finalizers.length === 0) return "its grace period to end";
  return `finalizer${finalizers.length === 1 ? "" : "s"} ${finalizers.join(", ")}`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
