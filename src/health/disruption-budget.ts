import type { Health, LiveObject } from "../model/index.ts";
import { BEHIND, conditionOf, healthy, isUnseen, numberIn, partOf, progressing, words } from "./read.ts";

/** Healthy when as many Pods are as it wants, or all that there are: a budget waits for no Pods that nobody makes.
 *  Source: Kubernetes, "Specifying a Disruption Budget", and the statuses that its controller writes. */
export function disruptionBudgetHealth(live: LiveObject): Health {
  const status = partOf(live, "status");
  const allowed = conditionOf(live, "DisruptionAllowed");
  // A controller that fails leaves the numbers, and the generation that it has seen, as they were.
  if (allowed?.reason === "SyncFailed") return progressing(words(allowed));
  if (isUnseen(live)) return BEHIND;
  const current = numberIn(status, "currentHealthy") ?? 0;
  const desired = numberIn(status, "desiredHealthy") ?? 0;
  const expected = numberIn(status, "expectedPods") ?? desired;
  if (expected <= 0 && desired > 0) return healthy("no Pods to protect");
  const count =
    expected < desired
      ? `${current}/${expected} Pods healthy, of ${desired} wanted`
      : `${current}/${desired} Pods healthy`;
  return current < Math.min(desired, expected) ? progressing(count) : healthy(count);
}
