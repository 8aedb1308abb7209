import { type ApplyEvent, type ApplySummary, applyPlan } from "../apply/index.ts";
import { keptAfterApply, removalPatch, type VersionedPatch } from "../diff/index.ts";
import {
  type ApplicationStatus,
  type KubeObject,
  type LiveObject,
  type Plan,
  PlumblineError,
  type Problem,
  type Ref,
  refKey,
  type StepOutcome,
  toProblem,
} from "../model/index.ts";
import { lookBelow } from "./below.ts";
import { type Desired, desiredState, withServedKinds } from "./desired.ts";
import { type Observed, observe, versionOf } from "./observe.ts";
import type { PassInput, PassResult } from "./pass-input.ts";
import { FIGHT_WINDOW_MS, hasWork, type Permission, permissionOf, permittedPlan, truceMs } from "./policy.ts";
import { idleRules, matchedRules, rulesOf } from "./rules.ts";
import { intervalOf } from "./schedule.ts";
import { healthVerdict, resourceStatuses, sourceStatus, syncVerdict } from "./status.ts";
import { Steps } from "./steps.ts";
import { takeoverFor } from "./takeover.ts";

/** One pass: from what Git and the cluster say now to what the report says of it. Any pass may be the first. */
export async function runPass(input: PassInput): Promise<PassResult> {
  const { steps } = input;
  let desired: Desired | undefined;
  try {
    desired = await desiredState(input, steps);
    return await converge(input, desired, steps);
  } catch (error) {
    const problem = input.signal.aborted ? toProblem(input.signal.reason) : toProblem(error);
    if (problem.code === "PL-INTERNAL")
      input.log.error({ err: error, step: steps.current }, "a pass failed on a fault of its own");
    return { status: failedStatus(input, desired, problem), outcomes: [], problem };
  }
}

/** The plan as it stands now, and no write. Errors: PlumblineError of the step that failed, or of the newest revision when that is broken. */
export async function planOnly(input: PassInput): Promise<Plan> {
  const { steps } = input;
  const desired = await desiredState(input, steps);
  const [problem] = desired.problems;
  if (problem !== undefined) throw new PlumblineError(problem.code, problem);
  return (await look(input, desired, steps)).plan;
}

async function converge(input: PassInput, desired: Desired, steps: Steps): Promise<PassResult> {
  const before = await look(input, desired, steps);
  const { permission, waiting, again } = restrain(input, desired, before);
  const described = () => ({
    ...describePass(input, desired, before, []),
    ...(waiting === undefined ? {} : { waiting }),
  });
  const plan = permittedPlan(before.plan, permission, before.comparisons);
  const matched = matchedRules(before.comparisons);
  if (!hasWork(plan) || !(permission.follow || permission.heal)) {
    const below = await steps.run("health", () => lookBelow(input, before.live.values()));
    return { status: described(), outcomes: [], matched, ...soonest(again, below), ...firstProblem(desired.problems) };
  }
  const first = described();
  input.progress(first);
  noteHeals(input, before, permission);
  const summary = await steps.run("apply", () => execute(input, { plan, before, desired, first }));
  const after = await lookAgain(input, desired, summary);
  const status = { ...after.status, ...(waiting === undefined ? {} : { waiting }) };
  const problems = [...problemsOf(summary), ...after.problems, ...desired.problems];
  return { status, outcomes: summary.outcomes, matched, ...soonest(again, after.again), ...firstProblem(problems) };
}

/** Milliseconds after which to look again, of those that somebody asks for the fewest. */
function soonest(...asked: readonly (number | undefined)[]): { again?: number } {
  const known = asked.filter((ms) => ms !== undefined);
  return known.length === 0 ? {} : { again: Math.min(...known) };
}

/** What the work has led to. Where that cannot be seen, what was done is told all the same. */
async function lookAgain(
  input: PassInput,
  desired: Desired,
  { outcomes }: ApplySummary,
): Promise<{ status: ApplicationStatus; problems: readonly Problem[]; again?: number | undefined }> {
  const ending = { ...input, signal: neverAborted };
  try {
    const after = await look(ending, await withServedKinds(ending, desired), new Steps(neverAborted));
    const again = await lookBelow(ending, after.live.values());
    return { status: describePass(input, desired, after, outcomes), problems: [], again };
  } catch (error) {
    const problem = toProblem(error);
    return { status: failedStatus(input, desired, problem), problems: [problem] };
  }
}

/** What is known must be told even when the pass was ended in the middle of its work: reading on is bounded by the client's own timeouts. */
const neverAborted = new AbortController().signal;

export async function look(input: PassInput, desired: Desired, steps: Steps): Promise<Observed> {
  return await steps.run("compare", () =>
    observe({
      ...desired,
      application: input.application,
      name: input.name,
      inventoryNamespace: input.inventoryNamespace,
      memory: input.memory,
      cluster: input.settings.cluster,
      ignore: rulesOf(input),
      signal: input.signal,
      manual: input.manual,
      now: input.now,
    }),
  );
}

interface Execution {
  readonly plan: Plan;
  /** What the plan was made from. */
  readonly before: Pick<Observed, "comparisons" | "live">;
  readonly desired: Desired;
  readonly first: ApplicationStatus;
}

async function execute(input: PassInput, { plan, before, desired, first }: Execution): Promise<ApplySummary> {
  const objects = new Map(
    desired.prepared.map(({ ref, object }) => [refKey(ref), before.comparisons.get(refKey(ref))?.sent ?? object]),
  );
  const { cluster } = input.settings;
  const events = applyPlan({
    plan,
    objects,
    patches: patchesFor(plan, before.live),
    takeover: takeoverFor(input, desired.prepared),
    cluster,
    signal: input.signal,
    log: input.log,
    now: input.now,
  });
  for (;;) {
    const next = await events.next();
    if (next.done === true) return next.value;
    heed(next.value, { input, desired, first, objects });
  }
}

/** What an apply cannot do: it takes out nothing that is not ours. */
function patchesFor({ steps }: Plan, live: ReadonlyMap<string, LiveObject>): ReadonlyMap<string, VersionedPatch> {
  const writing = steps.filter(({ action }) => action !== "none");
  return new Map(
    writing.flatMap(({ ref, changes }) => {
      const patch = removalPatch(live.get(refKey(ref)), changes);
      return patch === undefined ? [] : [[refKey(ref), patch] as const];
    }),
  );
}

function heed(
  event: ApplyEvent,
  context: Pick<Execution, "desired" | "first"> & { input: PassInput; objects: ReadonlyMap<string, KubeObject> },
): void {
  const { input, desired, first, objects } = context;
  if (event.type === "waiting") {
    input.steps.waitsFor(event.message);
    input.progress({ ...first, waiting: event.message });
  }
  if (event.type !== "step") return;
  const { ref, action, outcome, problem, warnings } = event.outcome;
  input.settings.metrics.outcome(outcome);
  const key = refKey(ref);
  const manifestHash = desired.hashes.get(key);
  const base = objects.get(key);
  if (manifestHash === undefined || base === undefined || action === "prune") return;
  const memory = input.memory.of(key);
  // The problem of what was skipped is that of another object, and nobody has refused this one.
  if (outcome === "failed" && problem !== undefined) noteRefusal(input, { ref, manifestHash, problem });
  if (event.live === undefined) return;
  memory.kept = keptAfterApply({ manifestHash, live: event.live });
  memory.base = base;
  memory.warnings = warnings;
  delete memory.verdict;
  delete memory.refusal;
}

/** What only a new manifest or a new cluster can mend is left alone for half an interval, so that passes by the clock try again and those by the watch do not. */
function noteRefusal(
  input: PassInput,
  { ref, manifestHash, problem }: { ref: Ref; manifestHash: string; problem: Problem },
): void {
  if (problem.retry === "soon") return;
  const resourceVersion = versionOf(input.settings.cluster.live.get(ref));
  const until = input.now() + intervalOf(input.application.spec) / 2;
  const memory = input.memory.of(refKey(ref));
  if (memory.refusal === undefined || input.now() >= memory.refusal.until)
    memory.refusal = { manifestHash, resourceVersion, until, problem };
}

function problemsOf({ problem, outcomes }: ApplySummary): Problem[] {
  const own = problem === undefined ? [] : [problem];
  return [
    ...own,
    ...outcomes.flatMap((one) => (one.problem === undefined || one.outcome === "skipped" ? [] : [one.problem])),
  ];
}

function firstProblem(problems: readonly Problem[]): { problem?: Problem } {
  const [problem] = problems;
  return problem === undefined ? {} : { problem };
}

interface Restraint {
  readonly permission: Permission;
  /** Why less may be done than the policy allows, in a sentence, and milliseconds after which to look again. */
  readonly waiting?: string;
  readonly again?: number;
}

const NOTHING: Permission = { follow: false, heal: false };

function restrain(input: PassInput, desired: Desired, { plan, comparisons }: Observed): Restraint {
  if (desired.problems.length > 0) return { permission: NOTHING };
  const { blockedBy, memory, now, manual, application } = input;
  const permission = permissionOf(application.spec.sync, manual);
  if (blockedBy !== undefined && hasWork(plan))
    return { permission: NOTHING, waiting: blockedBy, again: DEPENDENCY_LOOK_MS };
  const truce = hasDrift(comparisons) && permission.heal && !manual ? truceMs(memory.heals, now()) : 0;
  if (truce === 0) return { permission };
  const waiting = `somebody undoes the healing, ${memory.heals.length} times within a minute: next try in ${Math.ceil(truce / 1000)} s`;
  return { permission: { ...permission, heal: false }, waiting, again: truce };
}

const DEPENDENCY_LOOK_MS = 5000;

function hasDrift(comparisons: Observed["comparisons"]): boolean {
  return [...comparisons.values()].some(({ status }) => status === "Drifted" || status === "Diverged");
}

function noteHeals({ memory, now }: PassInput, { comparisons }: Observed, { heal }: Permission): void {
  if (!heal || !hasDrift(comparisons)) return;
  memory.heals.push(now());
  while (now() - (memory.heals[0] ?? 0) > FIGHT_WINDOW_MS) memory.heals.shift();
}

function describePass(
  input: PassInput,
  desired: Desired,
  observed: Observed,
  outcomes: readonly StepOutcome[],
): ApplicationStatus {
  const resources = resourceStatuses(observed, outcomes, input.memory);
  const failed = resources.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
  const problems = [...desired.problems, ...failed];
  const verdict = syncVerdict(observed, problems);
  return {
    namespace: input.application.metadata.namespace,
    name: input.application.metadata.name,
    sync: desired.problems.length > 0 ? { status: "Unknown", message: verdict.message } : verdict,
    health: healthVerdict(resources),
    source: sourceStatus(input.application, desired.resolution, desired.snapshot),
    resources,
    plan: observed.plan,
    problems,
    warnings: [
      ...desired.warnings,
      ...observed.warnings,
      ...idleRules(input.application.spec.ignore, { ...observed, prepared: desired.prepared }),
      ...observed.plan.withheld.map(({ reason }) => reason),
    ],
  };
}

/** Git or the cluster did not answer: what was known stays in the report, under the verdict Unknown and its reason. */
function failedStatus(input: PassInput, desired: Desired | undefined, problem: Problem): ApplicationStatus {
  const known = input.memory.status;
  const { namespace, name } = input.application.metadata;
  return {
    namespace,
    name,
    sync: { status: "Unknown", message: problem.message },
    health: known?.health ?? { status: "Unknown", message: "not looked at yet" },
    source:
      desired === undefined
        ? (known?.source ?? sourceStatus(input.application, undefined, undefined))
        : sourceStatus(input.application, desired.resolution, desired.snapshot),
    resources: known?.resources ?? [],
    ...(known?.plan === undefined ? {} : { plan: known.plan }),
    problems: [problem],
    warnings: known?.warnings ?? [],
  };
}
