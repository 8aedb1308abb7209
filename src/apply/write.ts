import type { ApplyResult } from "../cluster/index.ts";
import { backoffDelay } from "../kit/backoff.ts";
import { sleep } from "../kit/sleep.ts";
import {
  type ErrorCode,
  formatRef,
  type KubeObject,
  type LiveObject,
  type Outcome,
  type PlanStep,
  PlumblineError,
  refKey,
} from "../model/index.ts";
import type { Run } from "./types.ts";

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
  const result = await applyPatiently(run, object);
  return { outcome: outcomeOf(step, result, before), warnings: result.warnings, live: result.object };
}

function outcomeOf({ action }: PlanStep, { created, object }: ApplyResult, before: string | undefined): Outcome {
  if (created) return "created";
  if (action === "adopt") return "adopted";
  return object.metadata.resourceVersion === before ? "unchanged" : "configured";
}

async function applyPatiently({ cluster, signal }: Run, object: KubeObject): Promise<ApplyResult> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await cluster.apply(object, { signal });
    } catch (error) {
      const passing = error instanceof PlumblineError && PASSING.has(error.code);
      if (!passing || attempt === ATTEMPTS || signal.aborted) throw error;
      const asked = (error.retryAfter ?? 0) * 1000;
      await sleep(Math.max(asked, backoffDelay(attempt, { baseMs: 200, capMs: 2000, random: Math.random })), signal);
    }
  }
}
