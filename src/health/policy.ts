import type { Health, LiveObject } from "../model/index.ts";
import { BEHIND, conditionOf, degraded, healthy, isBehind, numberIn, partOf, progressing, words } from "./read.ts";

/** Scaling is possible when its own conditions say so. Source: Kubernetes, "Horizontal Pod Autoscaling". */
export function autoscalerHealth(live: LiveObject): Health {
  if (isBehind(live)) return BEHIND;
  for (const type of ["AbleToScale", "ScalingActive"]) {
    const condition = conditionOf(live, type);
    if (condition?.status === "False" && condition.reason !== "ScalingDisabled") return degraded(words(condition));
  }
  const wanted = numberIn(partOf(live, "status"), "desiredReplicas");
  return wanted === undefined ? progressing("has not looked at its target yet") : healthy(`wants ${wanted} replicas`);
}

export function disruptionBudgetHealth(live: LiveObject): Health {
  const status = partOf(live, "status");
  if ((numberIn(status, "observedGeneration") ?? 0) < (live.metadata.generation ?? 0)) return BEHIND;
  const current = numberIn(status, "currentHealthy") ?? 0;
  const desired = numberIn(status, "desiredHealthy") ?? 0;
  if (current < desired) return progressing(`${current}/${desired} Pods healthy`);
  return healthy(`${current}/${desired} Pods healthy`);
}
