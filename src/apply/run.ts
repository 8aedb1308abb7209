import { forEachLimited } from "../kit/pool.ts";
import {
  formatRef,
  type PlanStep,
  PlumblineError,
  type Problem,
  refKey,
  type StepOutcome,
  toProblem,
} from "../model/index.ts";
import { awaitDefinitions, awaitHealth } from "./gates.ts";
import { ensureNamespace, narrowInventory, widenInventory } from "./inventory.ts";
import { deleteStep } from "./prune.ts";
import type { ApplyEvent, ApplySummary, Run } from "./types.ts";
import { writeStep } from "./write.ts";

const DEFAULT_CONCURRENCY = 32;

/** Does the whole plan; every error becomes an outcome or the summary's problem. */
export async function execute(run: Run): Promise<ApplySummary> {
  const { plan, outcomes } = run;
  const steps = plan.steps.filter(({ action, problem }) => action !== "none" || problem !== undefined);
  try {
    if (steps.length > 0 || plan.prunes.length > 0) await widenInventory(run);
    await ensureNamespace(run);
    await applyGroups(run, steps);
    const failed = outcomes.find(isFailed);
    if (failed !== undefined) {
      skipRest(run, plan.prunes, blockedBy(failed));
      return { outcomes, whole: false };
    }
    await pruneGroups(run);
    if (outcomes.some(isFailed)) return { outcomes, whole: false };
    await narrowInventory(run);
    return { outcomes, whole: true };
  } catch (error) {
    const problem = toProblem(run.signal.aborted ? run.signal.reason : error);
    skipRest(run, [...steps, ...plan.prunes], problem);
    return { outcomes, whole: false, problem };
  }
}

function isFailed({ outcome }: StepOutcome): boolean {
  return outcome === "failed";
}

/** Stage by stage within wave by wave. A failure stops what comes later and not what stands beside it. */
async function applyGroups(run: Run, steps: readonly PlanStep[]): Promise<void> {
  const groups = groupsOf(steps);
  for (const [i, group] of groups.entries()) {
    const wave = group[0]?.wave ?? 0;
    const before = groups[i - 1]?.[0]?.wave ?? run.plan.steps[0]?.wave;
    if (before !== undefined && before < wave) await awaitHealth(run, wave);
    await forEachLimited(group, run.concurrency ?? DEFAULT_CONCURRENCY, (step) => record(run, step, writeStep));
    const failed = run.outcomes.find(isFailed);
    if (failed !== undefined) return skipRest(run, groups.slice(i + 1).flat(), blockedBy(failed));
    await awaitDefinitions(run, group);
  }
}

/** In the plan's order, which is the reverse of that of making; a stage's deletions are through before the next begin. */
async function pruneGroups(run: Run): Promise<void> {
  const groups = groupsOf(run.plan.prunes);
  for (const [i, group] of groups.entries()) {
    await forEachLimited(group, run.concurrency ?? DEFAULT_CONCURRENCY, (step) => record(run, step, deleteStep));
    const failed = run.outcomes.find(isFailed);
    if (failed !== undefined) return skipRest(run, groups.slice(i + 1).flat(), blockedBy(failed));
  }
}

/** Neighbours of one wave and stage. */
function groupsOf(steps: readonly PlanStep[]): PlanStep[][] {
  const groups: PlanStep[][] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (last?.[0]?.wave === step.wave && last[0].stage === step.stage) last.push(step);
    else groups.push([step]);
  }
  return groups;
}

type Work = (
  run: Run,
  step: PlanStep,
) => Promise<Pick<StepOutcome, "outcome" | "warnings"> & Pick<Extract<ApplyEvent, { type: "step" }>, "live">>;

async function record(run: Run, step: PlanStep, work: Work): Promise<void> {
  run.signal.throwIfAborted();
  const startedAt = run.now();
  const { ref, action, stage } = step;
  try {
    if (step.problem !== undefined) return fail(run, step, { problem: step.problem, durationMs: 0 });
    const { live, ...done } = await work(run, step);
    const outcome = { ref, action, stage, ...done, durationMs: run.now() - startedAt };
    run.outcomes.push(outcome);
    run.emit({ type: "step", outcome, ...(live === undefined ? {} : { live }) });
  } catch (error) {
    const known = error instanceof PlumblineError || !run.signal.aborted;
    const problem = toProblem(known ? error : run.signal.reason);
    fail(run, step, {
      problem: { ...problem, where: problem.where ?? formatRef(ref) },
      durationMs: run.now() - startedAt,
    });
  }
}

function fail(
  run: Run,
  { ref, action, stage }: PlanStep,
  { problem, durationMs }: { problem: Problem; durationMs: number },
): void {
  const outcome: StepOutcome = { ref, action, stage, outcome: "failed", problem, warnings: [], durationMs };
  run.outcomes.push(outcome);
  run.emit({ type: "step", outcome });
}

function blockedBy({ ref, problem }: StepOutcome): Problem {
  const message = `not tried, since ${formatRef(ref)} failed (${problem?.code ?? "PL-INTERNAL"})`;
  return toProblem(new PlumblineError("PL-APPLY-BLOCKED", { message, where: formatRef(ref) }));
}

function skipRest(run: Run, steps: readonly PlanStep[], problem: Problem): void {
  const done = new Set(run.outcomes.map(({ ref }) => refKey(ref)));
  for (const { ref, action, stage } of steps) {
    if (done.has(refKey(ref))) continue;
    const outcome: StepOutcome = {
      ref,
      action,
      stage,
      outcome: "skipped",
      message: problem.message,
      problem,
      warnings: [],
      durationMs: 0,
    };
    run.outcomes.push(outcome);
    run.emit({ type: "step", outcome });
  }
}
