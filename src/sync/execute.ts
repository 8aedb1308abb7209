import { type ApplyEvent, type ApplySummary, applyPlan } from "../apply/index.ts";
import { keptAfterApply, removalPatch, type VersionedPatch } from "../diff/index.ts";
import {
  type Action,
  type ApplicationStatus,
  type ErrorCode,
  type KubeObject,
  type Plan,
  type Problem,
  type Ref,
  refKey,
  type StepOutcome,
} from "../model/index.ts";
import { reasonFor } from "./below.ts";
import { carriedOver } from "./carried-over.ts";
import type { Desired } from "./desired.ts";
import { withEvidence } from "./evidence.ts";
import type { Holds } from "./holds.ts";
import { type Observed, versionOf } from "./observe.ts";
import { pacedCluster } from "./paced-cluster.ts";
import type { PassInput } from "./pass-input.ts";
import { PassWaits } from "./pass-waits.ts";
import { deadlinesOf, intervalOf } from "./schedule.ts";
import { takeoverFor } from "./takeover.ts";

interface Execution {
  readonly plan: Plan;
  /** Fields that are left out for now. */
  readonly holds: Holds;
  /** What the plan was made from. */
  readonly before: Pick<Observed, "comparisons" | "live">;
  readonly desired: Desired;
  readonly first: ApplicationStatus;
}

/** Sends what a plan says, and remembers of each object what the server made of it. */
export async function execute(input: PassInput, execution: Execution): Promise<ApplySummary> {
  const { plan, holds, before, desired } = execution;
  const replaced = new Set(plan.steps.filter(({ action }) => action === "replace").map(({ ref }) => refKey(ref)));
  const objects = new Map(
    desired.prepared.map(({ ref, object }) => {
      const key = refKey(ref);
      const comparison = before.comparisons.get(key);
      if (replaced.has(key)) return [key, carriedOver(object, before.live.get(key), comparison?.left ?? [])];
      return [key, holds.get(key)?.object ?? comparison?.sent ?? object];
    }),
  );
  for (const { ref, object } of desired.hooks) objects.set(refKey(ref), object);
  const { running, cluster } = input;
  const waits = new PassWaits(input, execution.first, {
    revision: desired.resolution.revision,
    key: desired.renderKey,
  });
  const events = applyPlan({
    plan,
    objects,
    patches: patchesFor(execution),
    takeover: takeoverFor(input, desired.prepared),
    cluster: running === undefined ? cluster : pacedCluster(cluster, running.place),
    token: input.token,
    signal: input.signal,
    deadlines: deadlinesOf(input.application.spec),
    ...(running === undefined ? {} : { ending: running.ending }),
    log: input.log,
    now: input.now,
    rules: input.memory.healthRules?.rules,
    reasonFor: (live) => reasonFor(input, live),
  });
  let next = await events.next();
  for (; next.done !== true; next = await events.next()) {
    waits.heed(next.value);
    heed(next.value, { ...execution, input, objects });
  }
  waits.end();
  await running?.wake();
  return await withEvidence({ ...input, signal: NEVER }, withoutBlame(next.value), waits);
}

const LEFT_TO_OTHERS: ReadonlySet<ErrorCode> = new Set(["PL-PASS-SUPERSEDED", "PL-FENCED"]);

/** What a pass leaves to the next, or to another replica, is no problem of the objects. */
function withoutBlame(summary: ApplySummary): ApplySummary {
  if (summary.problem === undefined || !LEFT_TO_OTHERS.has(summary.problem.code)) return summary;
  const outcomes = summary.outcomes.map(({ problem, ...one }): StepOutcome => {
    if (problem === undefined || LEFT_TO_OTHERS.has(problem.code))
      return one.outcome === "failed" ? { ...one, outcome: "skipped", message: summary.problem?.message ?? "" } : one;
    return { ...one, problem };
  });
  return { ...summary, outcomes };
}

/** What is known must be told even when the pass was ended in the middle of its work. */
const NEVER = new AbortController().signal;

/** What an apply cannot do: it takes out nothing that is not ours. */
function patchesFor({
  plan,
  before,
  holds,
}: Pick<Execution, "plan" | "before" | "holds">): ReadonlyMap<string, VersionedPatch> {
  const writing = plan.steps.filter(({ action }) => action !== "none" && action !== "replace");
  return new Map(
    writing.flatMap(({ ref, changes }) => {
      const key = refKey(ref);
      const fought = holds.get(key)?.fought;
      const patch = removalPatch(
        before.live.get(key),
        changes.filter(({ path }) => fought?.has(path) !== true),
      );
      return patch === undefined ? [] : [[key, patch] as const];
    }),
  );
}

function heed(
  event: ApplyEvent,
  context: Execution & { input: PassInput; objects: ReadonlyMap<string, KubeObject> },
): void {
  const { input, desired, objects, holds } = context;
  if (event.type !== "step") return;
  const { ref, action, outcome, problem, warnings } = event.outcome;
  input.settings.metrics.outcome(outcome);
  const key = refKey(ref);
  const manifestHash = desired.hashes.get(key);
  const base = objects.get(key);
  if (manifestHash === undefined || base === undefined || action === "prune") return;
  const memory = input.memory.of(key);
  // The problem of what was skipped is that of another object, and nobody has refused this one.
  if (outcome === "failed" && problem !== undefined) noteRefusal(input, { ref, action, manifestHash, problem });
  if (event.live === undefined) return;
  // What was sent without some fields says nothing of them: neither that they are as Git wants them, nor what was applied last.
  if (holds.get(key)?.object === undefined) {
    memory.kept = keptAfterApply({ manifestHash, live: event.live });
    memory.base = base;
  } else delete memory.kept;
  // What is about the kind itself is told by its watch, for as long as it holds.
  const aboutKind = input.cluster.live.warnings(ref);
  memory.warnings = warnings.filter((text) => !aboutKind.includes(text));
  delete memory.verdict;
  delete memory.refusal;
}

/** What only a new manifest or a new cluster can mend is left alone for half an interval, so that passes by the clock try again and those by the watch do not. */
function noteRefusal(
  input: PassInput,
  { ref, action, manifestHash, problem }: { ref: Ref; action: Action; manifestHash: string; problem: Problem },
): void {
  if (problem.retry === "soon") return;
  // The takeover has made another version of what is adopted.
  const about = action === "adopt" ? {} : { resourceVersion: versionOf(input.cluster.live.get(ref)) };
  const until = input.now() + intervalOf(input.application.spec) / 2;
  const memory = input.memory.of(refKey(ref));
  if (memory.refusal === undefined || input.now() >= memory.refusal.until)
    memory.refusal = { manifestHash, ...about, until, problem };
}
