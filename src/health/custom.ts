import type { Health, LiveObject } from "../model/index.ts";
import { BEHIND, type Condition, conditionsOf, degraded, healthy, isBehind, progressing, words } from "./read.ts";

/** Conditions that mean, when False, that the object is not yet what it should be. */
const READY = ["Ready", "Available", "Healthy"];

/** By the conventions that most operators keep: observedGeneration, then Stalled, Reconciling, Ready. Source: the API conventions of Kubernetes, "Typical status properties". */
export function customHealth(live: LiveObject): Health {
  if (isBehind(live)) return BEHIND;
  const conditions = conditionsOf(live);
  const find = (type: string): Condition | undefined => conditions.find((one) => one.type === type);
  const stalled = find("Stalled");
  if (stalled?.status === "True") return degraded(words(stalled));
  const reconciling = find("Reconciling");
  if (reconciling?.status === "True") return progressing(words(reconciling));
  const ready = READY.map(find).find((one) => one !== undefined);
  if (ready === undefined) return healthy("exists");
  return ready.status === "True" ? healthy(words(ready)) : progressing(words(ready));
}
