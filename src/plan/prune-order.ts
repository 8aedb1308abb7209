import { type PlanStep, refKey, type StageName } from "../model/index.ts";
import { circlesAmong } from "./circles.ts";

/** Deletions of one wave and stage, which go at once. */
export interface PruneSlot {
  readonly wave: number;
  readonly stage: StageName;
  readonly steps: readonly PlanStep[];
}

export interface PruneOrder {
  /** In the order of deletion. */
  readonly slots: readonly PruneSlot[];
  /** By refKey: what must be gone before it, since it depends on it. Those on a circle wait for nobody: they all go. */
  readonly goesAfter: ReadonlyMap<string, readonly string[]>;
}

/** In the plan's order, which is the reverse of that of making; and what depends on an object goes before it. */
export function pruneSlots(prunes: readonly PlanStep[]): PruneOrder {
  const slots: { wave: number; stage: StageName; steps: PlanStep[] }[] = [];
  for (const step of prunes) {
    const last = slots.at(-1);
    if (last?.wave === step.wave && last.stage === step.stage) last.steps.push(step);
    else slots.push({ wave: step.wave, stage: step.stage, steps: [step] });
  }
  return { slots, goesAfter: dependentsAmong(prunes) };
}

function dependentsAmong(prunes: readonly PlanStep[]): ReadonlyMap<string, readonly string[]> {
  const dependents = new Map<string, string[]>();
  const here = new Set(prunes.map(({ ref }) => refKey(ref)));
  const circles = circlesAmong(prunes.map((step) => ({ ...step, wave: 0 })));
  const stuck = new Set([...circles.keys()].map(({ ref }) => refKey(ref)));
  for (const { ref, dependsOn = [] } of prunes) {
    if (stuck.has(refKey(ref))) continue;
    for (const key of dependsOn.map(refKey)) {
      if (!here.has(key)) continue;
      const list = dependents.get(key) ?? [];
      list.push(refKey(ref));
      dependents.set(key, list);
    }
  }
  return dependents;
}
