import { toProblem } from "../model/index.ts";
import { graphOf } from "../plan/index.ts";
import { Fence } from "./fence.ts";
import { narrowInventory, widenInventory } from "./inventory.ts";
import { runGraph } from "./loop.ts";
import { settleNamespaces } from "./namespaces.ts";
import { skip } from "./outcomes.ts";
import { endInventory } from "./release.ts";
import type { ApplySummary, Run } from "./types.ts";

/** Does the whole plan; every error becomes an outcome or the summary's problem. */
export async function execute(run: Run): Promise<ApplySummary> {
  const { token, cluster, signal, plan } = run;
  if (token === undefined) return await executeAlone(run);
  const { parent } = plan.inventory;
  const fence = new Fence({ token, cluster, parent, signal, makesParent: plan.releases === undefined });
  try {
    const summary = await executeAlone({ ...run, fence, signal: AbortSignal.any([signal, fence.lost]) });
    return fence.lost.aborted ? { ...summary, whole: false, problem: toProblem(fence.lost.reason) } : summary;
  } finally {
    fence.close();
  }
}

async function executeAlone(run: Run): Promise<ApplySummary> {
  const { plan, outcomes } = run;
  try {
    if (writesParentFirst(run)) await widenInventory(run);
    if (plan.releases === undefined) await settleNamespaces(run);
  } catch (error) {
    const problem = toProblem(run.signal.aborted ? run.signal.reason : error);
    for (const step of [...(plan.hooks ?? []), ...plan.steps, ...plan.prunes]) skip(run, step, { problem });
    return { outcomes, whole: false, problem };
  }
  const ended = await runGraph(run, graphOf(plan));
  if (!ended.whole) return { outcomes, ...ended };
  try {
    if (plan.releases !== undefined) return { outcomes, whole: await endInventory(run) };
    await narrowInventory(run);
    return { outcomes, whole: true };
  } catch (error) {
    return { outcomes, whole: false, problem: toProblem(run.signal.aborted ? run.signal.reason : error) };
  }
}

/** What is deleted is inside the parent's scope already: then only who writes is to be said, and whatever hooks make. */
function writesParentFirst(run: Run): boolean {
  const { plan, fence } = run;
  if (plan.releases === undefined) return hasSteps(run);
  return fence !== undefined || plan.hooks?.some(({ action }) => action === "run") === true;
}

function hasSteps({ plan: { steps, hooks = [], prunes, namespaces = [] } }: Run): boolean {
  if (namespaces.some(({ action }) => action !== "none")) return true;
  const all = [...steps, ...hooks];
  return prunes.length > 0 || all.some(({ action, problem }) => action !== "none" || problem !== undefined);
}
