import type { Plan, PlanStep, StageName } from "../model/index.ts";
import { byOrder } from "./order.ts";
import { type GraphPhase, phaseOf, phaseRank } from "./phases.ts";

/** One wave of one phase: whatever is in it may begin when everything in the slot before is through. */
export interface Slot {
  readonly phase: GraphPhase;
  readonly wave: number;
  /** Without empty ones, in their order. */
  readonly stages: readonly { readonly stage: StageName; readonly steps: readonly PlanStep[] }[];
}

/** The steps of a plan and the hooks that it runs, by phase, wave and stage. */
export function slotsOf({ steps, hooks = [] }: Pick<Plan, "steps" | "hooks">): Slot[] {
  const due = hooks.filter(({ action, problem }) => action === "run" || problem !== undefined);
  const ordered = due.length === 0 ? steps : [...steps, ...due].sort(compareSteps);
  const slots: { phase: GraphPhase; wave: number; stages: { stage: StageName; steps: PlanStep[] }[] }[] = [];
  for (const step of ordered) {
    const phase = phaseOf(step);
    const last = slots.at(-1);
    const same = last?.phase === phase && last.wave === step.wave ? last : undefined;
    const stages = same?.stages ?? [];
    if (same === undefined) slots.push({ phase, wave: step.wave, stages });
    const stage = stages.at(-1);
    if (stage?.stage === step.stage) stage.steps.push(step);
    else stages.push({ stage: step.stage, steps: [step] });
  }
  return slots;
}

/** By phase, then as objects are ordered. */
export function compareSteps(a: PlanStep, b: PlanStep): number {
  return phaseRank(phaseOf(a)) - phaseRank(phaseOf(b)) || byOrder(a, b);
}
