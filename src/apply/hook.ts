import { assess } from "../health/index.ts";
import { formatDuration } from "../kit/duration.ts";
import {
  ARGO_HOOK_ANNOTATION,
  formatRef,
  groupKindKey,
  HELM_HOOK_ANNOTATION,
  HOOK_ANNOTATION,
  type KubeObject,
  type LiveObject,
  PART_OF_LABEL,
  type PlanStep,
  PlumblineError,
  refKey,
  type StepHook,
  type StepOutcome,
} from "../model/index.ts";
import { deletionOf, hookMark } from "../plan/index.ts";
import { type Awaited, lookUntil } from "./awaiting.ts";
import type { Followed } from "./changes.ts";
import { patiently } from "./patience.ts";
import { deleteStep } from "./prune.ts";
import type { Run } from "./types.ts";

export type HookStep = PlanStep & { readonly hook: StepHook };

/** What runs once, and is over. Of other kinds Helm waits for nothing, and Argo CD for their health. */
const RUN_ONCE: ReadonlySet<string> = new Set(["Job.batch", "Pod"]);

/**
 * One hook to its end: made anew, or found running for this very set of manifests; then waited for. `accept` when the server has it.
 * Errors: PL-HOOK-FAILED, PL-HOOK-TIMEOUT; those of making it.
 */
export async function runHook(
  run: Run,
  step: HookStep,
  awaited: Awaited & { readonly accept: () => void },
): Promise<Pick<StepOutcome, "outcome" | "warnings">> {
  const made = step.hook.state === "running" ? undefined : await makeHook(run, step);
  awaited.accept();
  const runsOnce = RUN_ONCE.has(groupKindKey(step.ref));
  if (runsOnce || step.hook.form === "argo") await awaitEnded(step, made?.object, awaited);
  return { outcome: "ran", warnings: made?.warnings ?? [] };
}

async function makeHook(
  run: Run,
  step: HookStep,
): Promise<{ readonly object: LiveObject; readonly warnings: readonly string[] }> {
  const { cluster, signal, objects, plan } = run;
  const { ref, hook } = step;
  const object = objects.get(refKey(ref));
  if (object === undefined)
    throw new PlumblineError("PL-INTERNAL", {
      message: `the plan names ${formatRef(ref)} and nothing was given to run`,
    });
  const there = await patiently(signal, () => cluster.get(ref, signal));
  if (there !== undefined) await makeRoom(run, step, there);
  const marked = withMark(object, hookMark(hook.phase, plan.inventory.hooks?.set ?? ""));
  return await patiently(signal, () => cluster.apply(marked, { signal }));
}

function withMark(object: KubeObject, mark: string): KubeObject {
  const annotations = { ...object.metadata.annotations, [HOOK_ANNOTATION]: mark };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** What was left of an earlier sync goes where the policy says so. Only what is a hook's is ever deleted for one. */
async function makeRoom(run: Run, step: HookStep, there: LiveObject): Promise<void> {
  const { ref, hook } = step;
  const { labels = {}, annotations = {}, uid } = there.metadata;
  const isHooks = [HOOK_ANNOTATION, ARGO_HOOK_ANNOTATION, HELM_HOOK_ANNOTATION].some(
    (one) => annotations[one] !== undefined,
  );
  const owner = labels[PART_OF_LABEL];
  if (owner !== undefined && owner !== run.plan.inventory.id)
    throw refused(step, "belongs to another application", "PL-OBJECT-CLAIMED");
  if (owner === undefined && !isHooks)
    throw refused(step, "is there already, and no hook has made it", "PL-ADOPT-REFUSED");
  if (hook.deletePolicies.includes("before-hook-creation"))
    await deleteStep(run, { ...step, uid, ...deletionOf(there) });
  else if (RUN_ONCE.has(groupKindKey(ref)))
    throw refused(
      step,
      `is left of an earlier sync, and its delete policy (${hook.deletePolicies.join(", ")}) keeps it`,
      "PL-HOOK-FAILED",
    );
}

function refused(
  { ref }: HookStep,
  what: string,
  code: "PL-OBJECT-CLAIMED" | "PL-ADOPT-REFUSED" | "PL-HOOK-FAILED",
): PlumblineError {
  return new PlumblineError(code, {
    message: `${formatRef(ref)} ${what}: the hook was not run`,
    where: formatRef(ref),
    next: "delete the object, give the hook another name, or add before-hook-creation to its delete policy",
  });
}

async function awaitEnded(step: HookStep, made: LiveObject | undefined, awaited: Awaited): Promise<void> {
  const { run } = awaited;
  const { ref, hook } = step;
  const name = `the ${hook.phase} hook ${formatRef(ref)}`;
  const limit = run.deadlines?.hookMs;
  const begun = made ?? run.cluster.live.get(ref);
  const from = Math.min(run.now(), Date.parse(begun?.metadata.creationTimestamp ?? "") || run.now());
  let last = "not started yet";
  const passed = (): PlumblineError =>
    new PlumblineError("PL-HOOK-TIMEOUT", {
      message: `${name} did not end within ${formatDuration(limit ?? 0)}: ${last}`,
      where: formatRef(ref),
    });
  const ends = limit === undefined ? Number.POSITIVE_INFINITY : from + limit;
  await lookUntil(ref, { ...awaited, ends, passed }, async (live, followed) => {
    const seen = ofThisRun(live, made) ?? (await sureOf(step, { made, awaited, followed }));
    const health = assess(seen, { rules: run.rules, below: await run.reasonFor?.(seen) });
    if (health.status === "Degraded") throw failed(step, `failed: ${health.message}`);
    last = health.message;
    return health.status === "Healthy" ? undefined : health.message;
  });
}

function ofThisRun(live: LiveObject | undefined, made: LiveObject | undefined): LiveObject | undefined {
  return made === undefined || live?.metadata.uid === made.metadata.uid ? live : undefined;
}

/** The watch may be behind. What has gone counts as it was last: a Job may be removed the moment it is complete. */
async function sureOf(
  step: HookStep,
  {
    made,
    awaited,
    followed,
  }: { readonly made: LiveObject | undefined; readonly awaited: Awaited; readonly followed: Followed },
): Promise<LiveObject> {
  const { run, signal } = awaited;
  const now = ofThisRun(await patiently(signal, () => run.cluster.get(step.ref, signal)), made);
  const gone = followed.gone && ofThisRun(followed.gone, made);
  if (now !== undefined) return now;
  if (gone !== undefined && assess(gone, { rules: run.rules }).status === "Healthy") return gone;
  throw failed(step, "was deleted by somebody before it ended");
}

function failed({ ref, hook }: HookStep, what: string): PlumblineError {
  const message = `the ${hook.phase} hook ${formatRef(ref)} ${what}`;
  return new PlumblineError("PL-HOOK-FAILED", { message, where: formatRef(ref) });
}
