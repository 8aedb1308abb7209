import type { ApplySummary } from "../apply/index.ts";
import {
  type ApplicationStatus,
  type Plan,
  PlumblineError,
  type Problem,
  type StepOutcome,
  summaryOf,
  toProblem,
} from "../model/index.ts";
import { goingSentence, withheldSentences } from "../plan/index.ts";
import { hasDone, useUp } from "./approvals.ts";
import { lookBelow } from "./below.ts";
import { type Desired, desiredState, withServedKinds } from "./desired.ts";
import { driftEndsIn, driftOf, noteDrift, noteHealing, unfollowed } from "./drift-look.ts";
import { execute } from "./execute.ts";
import { healthRulesOf } from "./health-rules.ts";
import { type Holds, holdsOf, NO_HOLDS, waitingOf, waitsOf, withWaiting } from "./holds.ts";
import { forgetExpired, saidOf } from "./instructions.ts";
import { withLeftBehind } from "./left-behind.ts";
import { type Observed, observe } from "./observe.ts";
import type { PassInput, PassResult } from "./pass-input.ts";
import { tellWaits } from "./pass-waits.ts";
import { hasWork, permissionOf, permittedPlan } from "./policy.ts";
import { changesObjects, restrain } from "./restrain.ts";
import { idleRules, matchedRules, rulesOf } from "./rules.ts";
import { healthVerdict, hookProblems, identityOf, resourceStatuses, sourceStatus, syncVerdict } from "./status.ts";
import { Steps } from "./steps.ts";
import { waitOf } from "./waits.ts";

/** One pass: from what Git and the cluster say now to what the report says of it. Any pass may be the first. */
export async function runPass(input: PassInput): Promise<PassResult> {
  const { steps } = input;
  let desired: Desired | undefined;
  try {
    await healthRulesOf(input);
    desired = await desiredOf(input);
    const { revisions } = desired;
    const result = await converge(input, desired, steps);
    const { waiting: sentence, waitingSince: since } = result.status;
    tellWaits(input, sentence === undefined ? [] : [{ sentence, since }]);
    if (desired.told.expired.length > 0) await forgetExpired(input);
    return { ...result, judged: { application: input.application, revisions } };
  } catch (error) {
    input.memory.looked = input.memory.sources?.snapshot.key;
    const problem = input.signal.aborted ? toProblem(input.signal.reason) : toProblem(error);
    if (problem.code === "PL-INTERNAL")
      input.log.error({ err: error, step: steps.current }, "a pass failed on a fault of its own");
    return { status: failedStatus(input, desired, problem), outcomes: [], problem };
  }
}

/** The plan as it stands now, and no write. Errors: PlumblineError of the step that failed, or of the newest revision when that is broken. */
export async function planOnly(input: PassInput): Promise<Plan> {
  const desired = await desiredOf(input);
  const [problem] = desired.problems;
  if (problem !== undefined) throw new PlumblineError(problem.code, problem);
  return (await look(input, desired, input.steps)).plan;
}

/** Who is part of a circle of dependencies writes nothing, as if its newest revision were broken. */
async function desiredOf(input: PassInput): Promise<Desired> {
  const desired = await desiredState(input, input.steps);
  return input.circle === undefined ? desired : { ...desired, problems: [...desired.problems, input.circle] };
}

async function converge(input: PassInput, desired: Desired, steps: Steps): Promise<PassResult> {
  // A person who asks for a sync is not told to wait.
  const before = await see(input, desired, { steps, patient: !input.manual });
  const { observed } = before;
  const restraint = await restrain(input, desired, before);
  const { permission, holds, waiting, since, again, awaitsApproval, approved } = restraint;
  const described = () => ({
    ...describePass(input, { desired, observed, holds, outcomes: [] }),
    ...(waiting === undefined ? {} : waitOf(waiting, input.memory.status, input.now())),
    ...(since === undefined ? {} : { waitingSince: since }),
    ...(awaitsApproval === undefined ? {} : { awaitsApproval }),
  });
  const plan = permittedPlan(observed.plan, permission, observed.comparisons);
  const matched = matchedRules(observed.comparisons);
  if (!hasWork(plan) || !(permission.follow || permission.heal)) {
    if ((permission.follow || permission.heal) && !changesObjects(observed.plan)) await useUp(input, desired.told);
    const below = await steps.run("health", () => lookBelow(input, observed.live.values()));
    const next = soonest(again, before.again, below, desired.told.again);
    const wrong = [...desired.problems, ...(restraint.problem ?? [])];
    return { status: described(), outcomes: [], matched, ...next, ...firstProblem(wrong) };
  }
  const first = described();
  input.progress(first);
  const summary = await steps.run("apply", () => execute(input, { plan, holds, before: observed, desired, first }));
  noteHealing(input, summary.outcomes, holds);
  if (approved === true && hasDone(summary.outcomes)) await useUp(input, desired.told);
  const after = await lookAgain(input, desired, summary);
  const problems = [...problemsOf(summary), ...after.problems, ...desired.problems];
  const { status } = after;
  return {
    status,
    outcomes: summary.outcomes,
    executed: summaryOf(observed.plan),
    matched,
    ...soonest(after.again, again, desired.told.again),
    ...firstProblem(problems),
  };
}

/** Milliseconds after which to look again, of those that somebody asks for the fewest. */
function soonest(...asked: readonly (number | undefined)[]): { again?: number } {
  const known = asked.filter((ms) => ms !== undefined);
  return known.length === 0 ? {} : { again: Math.min(...known) };
}

interface Sight {
  readonly observed: Observed;
  /** Where healing must wait. */
  readonly holds: Holds;
  /** Milliseconds after which something of it will have changed by itself. */
  readonly again: number | undefined;
}

/** Looks, and notes what drifts. `patient`: healing waits where somebody fights us. */
async function see(
  input: PassInput,
  desired: Desired,
  { steps, patient }: { readonly steps: Steps; readonly patient: boolean },
): Promise<Sight> {
  const observed = await look(input, desired, steps);
  noteDrift(input, { observed, hashes: desired.hashes });
  const holds = patient ? holdsIn(input, desired, observed) : NO_HOLDS;
  const asked = [...waitsOf(holds), driftEndsIn(input), moveLookIn(observed), troubleLookIn(observed)];
  return { observed, holds, again: soonest(...asked).again };
}

const TROUBLE_LOOK_MS = 5000;

/** Where an object cannot be judged for a reason that passes, it is looked at again before the interval. */
function troubleLookIn({ plan }: Observed): number | undefined {
  const passing = plan.steps.some(({ action, problem }) => action === "none" && problem?.retry === "soon");
  return passing ? TROUBLE_LOOK_MS : undefined;
}

const MOVE_LOOK_MS = 1000;

function moveLookIn({ plan }: Observed): number | undefined {
  return plan.withheld.some(({ guard }) => guard === "moving" || guard === "unseen") ? MOVE_LOOK_MS : undefined;
}

/** What the work has led to. Where that cannot be seen, what was done is told all the same. */
async function lookAgain(
  input: PassInput,
  desired: Desired,
  { outcomes }: ApplySummary,
): Promise<{ status: ApplicationStatus; problems: readonly Problem[]; again?: number | undefined }> {
  const ending = { ...input, signal: neverAborted, allowPrune: false };
  try {
    const served = await withServedKinds(ending, desired);
    const { observed, holds, again } = await see(ending, served, { steps: new Steps(neverAborted), patient: true });
    const below = await lookBelow(ending, observed.live.values());
    const status = describePass(input, { desired, observed, holds, outcomes });
    return { status, problems: [], ...soonest(again, below) };
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
      declaration: input.declaration,
      name: input.name,
      inventoryNamespace: input.inventoryNamespace,
      memory: input.memory,
      ...{ moves: input.moves, rules: input.ruled.rules },
      cluster: input.cluster,
      ignore: rulesOf(input),
      signal: input.signal,
      manual: input.manual,
      allowPrune: input.allowPrune,
      now: input.now,
      log: input.log,
    }),
  );
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

/** Where healing must wait, as things stand: nowhere where nothing is healed by itself anyway. */
function holdsIn(input: PassInput, desired: Desired, observed: Observed): Holds {
  const { memory, application, now } = input;
  if (memory.drift.size === 0 || desired.problems.length > 0) return NO_HOLDS;
  if (!permissionOf(application.spec.sync, false).heal) return NO_HOLDS;
  return holdsOf({ tracks: memory.drift, observed, objects: desired.prepared, now: now() });
}

interface Described {
  readonly desired: Desired;
  readonly observed: Observed;
  readonly outcomes: readonly StepOutcome[];
  readonly holds: Holds;
}

function describePass(input: PassInput, { desired, observed, outcomes, holds }: Described): ApplicationStatus {
  const resources = withWaiting(resourceStatuses(observed, outcomes, input.memory), holds);
  const failed = resources.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
  // What breaks a rule is a problem of its object, and of the whole set.
  const problems = [...new Set([...desired.problems, ...hookProblems(observed.plan, outcomes), ...failed])];
  const verdict = syncVerdict(observed, problems);
  return {
    ...identityOf(input.application, input.ruled.project),
    sync: desired.problems.length > 0 ? { status: "Unknown", message: verdict.message } : verdict,
    health: healthVerdict(resources),
    source: sourceStatus(input.application, desired),
    ...saidOf(desired.told.inForce),
    resources,
    drift: driftOf(input),
    plan: observed.plan,
    problems: [...problems, ...(input.memory.healthRules?.rules?.problems ?? [])],
    warnings: [
      ...desired.warnings,
      ...observed.warnings,
      ...idleRules(input.application.spec.ignore, { ...observed, prepared: desired.prepared }),
      ...withheldSentences(observed.plan),
      ...unfollowed(observed),
      ...(input.leftBehind ?? []),
    ],
    ...goingWait(observed.plan),
    ...waitingOf(holds),
  };
}

/** What is on its way out keeps nobody from the next commit; that it is waited for is said all the same. */
function goingWait({ going: [first, ...more] = [] }: Plan): Pick<ApplicationStatus, "waiting"> {
  if (first === undefined) return {};
  const others = more.length === 0 ? "" : `; and ${more.length} more`;
  return { waiting: `${goingSentence(first)}${others}` };
}

/** Git or the cluster did not answer: what was known stays in the report, under the verdict Unknown and its reason. */
function failedStatus(input: PassInput, desired: Desired | undefined, problem: Problem): ApplicationStatus {
  const known = input.memory.status;
  return {
    ...identityOf(input.application, input.ruled.project),
    sync: { status: "Unknown", message: problem.message },
    health: known?.health ?? { status: "Unknown", message: "not looked at yet" },
    source:
      desired === undefined
        ? (known?.source ?? sourceStatus(input.application))
        : sourceStatus(input.application, desired),
    ...saidOf(desired?.told.inForce ?? known),
    resources: known?.resources ?? [],
    drift: driftOf(input),
    ...(known?.plan === undefined ? {} : { plan: known.plan }),
    problems: input.ruled.problems.some(({ code }) => code === problem.code) ? input.ruled.problems : [problem],
    warnings: withLeftBehind(known?.warnings ?? [], input.leftBehind ?? []),
  };
}
