import type { ApplyResult } from "../cluster/index.ts";
import { formatRef, type LiveObject, type Outcome, type PlanStep, PlumblineError, refKey } from "../model/index.ts";
import { patiently } from "./patience.ts";
import type { Run } from "./types.ts";

export async function writeStep(
  run: Run,
  step: PlanStep,
): Promise<{ outcome: Outcome; warnings: readonly string[]; live: LiveObject }> {
  const object = run.objects.get(refKey(step.ref));
  if (object === undefined)
    throw new PlumblineError("PL-INTERNAL", {
      message: `the plan names ${formatRef(step.ref)} and nothing was given to apply`,
    });
  const before = run.cluster.live.get(step.ref)?.metadata.resourceVersion;
  const result = await patiently(run.signal, () => run.cluster.apply(object, { signal: run.signal }));
  return { outcome: outcomeOf(step, result, before), warnings: result.warnings, live: result.object };
}

function outcomeOf({ action }: PlanStep, { created, object }: ApplyResult, before: string | undefined): Outcome {
  if (created) return "created";
  if (action === "adopt") return "adopted";
  return object.metadata.resourceVersion === before ? "unchanged" : "configured";
}
