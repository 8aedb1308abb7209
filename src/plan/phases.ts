import type { PlanStep } from "../model/index.ts";

/** The parts of a sync and of a deletion, in their order. SyncFail: only when something before it failed. */
export const GRAPH_PHASES = ["PreDelete", "PreSync", "Sync", "Prune", "PostSync", "PostDelete", "SyncFail"] as const;
export type GraphPhase = (typeof GRAPH_PHASES)[number];

export function phaseRank(phase: GraphPhase): number {
  return GRAPH_PHASES.indexOf(phase);
}

/** Of hooks that a sync never runs: Sync, since their objects count as there. */
export function phaseOf({ hook, action }: Pick<PlanStep, "hook" | "action">): GraphPhase {
  if (action === "prune") return "Prune";
  return GRAPH_PHASES.find((phase) => phase === hook?.phase) ?? "Sync";
}
