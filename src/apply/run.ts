import { toProblem } from "../model/index.ts";
import { graphOf } from "../plan/index.ts";
import { ensureNamespace, narrowInventory, widenInventory } from "./inventory.ts";
import { runGraph } from "./loop.ts";
import { skip } from "./outcomes.ts";
import type { ApplySummary, Run } from "./types.ts";

/** Does the whole plan; every error becomes an outcome or the summary's problem. */
export async function execute(run: Run): Promise<ApplySummary> {
  const { plan, outcomes } = run;
  try {
    if (hasSteps(run)) await widenInventory(run);
    await ensureNamespace(run);
  } catch (error) {
    const problem = toProblem(run.signal.aborted ? run.signal.reason : error);
    for (const step of [...plan.steps, ...plan.prunes]) skip(run, step, { problem });
    return { outcomes, whole: false, problem };
  }
  const ended = await runGraph(run, graphOf(plan));
  if (!ended.whole) return { outcomes, ...ended };
  try {
    await narrowInventory(run);
    return { outcomes, whole: true };
  } catch (error) {
    return { outcomes, whole: false, problem: toProblem(run.signal.aborted ? run.signal.reason : error) };
  }
}

function hasSteps({ plan: { steps, prunes } }: Run): boolean {
  return prunes.length > 0 || steps.some(({ action, problem }) => action !== "none" || problem !== undefined);
}
