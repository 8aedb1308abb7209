import type { ApplyResult } from "../cluster/index.ts";
import type { VersionedPatch } from "../diff/index.ts";
import {
  formatRef,
  type LiveObject,
  type Outcome,
  type PlanStep,
  PlumblineError,
  type Ref,
  refKey,
} from "../model/index.ts";
import { takeOver } from "./adopt.ts";
import { patiently } from "./patience.ts";
import { replaceStep } from "./replace.ts";
import type { Run } from "./types.ts";
import { pastObstacles, sendWaiting, type Waiter } from "./waiting-for-others.ts";

export async function writeStep(
  run: Run,
  step: PlanStep,
  waiter: Waiter,
): Promise<{ outcome: Outcome; warnings: readonly string[]; live: LiveObject }> {
  const object = run.objects.get(refKey(step.ref));
  if (object === undefined)
    throw new PlumblineError("PL-INTERNAL", {
      message: `the plan names ${formatRef(step.ref)} and nothing was given to apply`,
    });
  if (step.action === "replace") return await replaceStep(run, step, object);
  const before = run.cluster.live.get(step.ref)?.metadata.resourceVersion;
  const patch = run.patches?.get(refKey(step.ref));
  const written = { ...step, ...waiter };
  if (patch !== undefined) await pastObstacles(run, written, () => sendPatch(run, step.ref, patch));
  if (step.action === "adopt") await pastObstacles(run, written, () => takeOver(run, step, object));
  const result = await sendWaiting(run, written, () => run.cluster.apply(object, { signal: run.signal }));
  return { outcome: outcomeOf(step, result, before), warnings: result.warnings, live: result.object };
}

/** The patch was made for one version of the object. Where that has gone, whatever the server says of it is a conflict: the next pass makes
 *  another one. */
async function sendPatch({ cluster, signal }: Run, ref: Ref, patch: VersionedPatch): Promise<void> {
  try {
    await patiently(signal, () => cluster.patch(ref, patch.operations, { signal }));
  } catch (error) {
    if (!(error instanceof PlumblineError) || error.retry === "soon") throw error;
    const now = await cluster.get(ref, signal);
    if (now?.metadata.resourceVersion === patch.resourceVersion) throw error;
    const message = `somebody changed ${formatRef(ref)} while fields of others were taken out of it`;
    throw new PlumblineError("PL-KUBE-CONFLICT", { message, where: formatRef(ref), cause: error });
  }
}

function outcomeOf({ action }: PlanStep, { created, object }: ApplyResult, before: string | undefined): Outcome {
  if (created) return "created";
  if (action === "adopt") return "adopted";
  return object.metadata.resourceVersion === before ? "unchanged" : "configured";
}
