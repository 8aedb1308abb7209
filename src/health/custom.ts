import type { Health, LiveObject } from "../model/index.ts";
import {
  BEHIND,
  type Condition,
  conditionsOf,
  degraded,
  healthy,
  isBehind,
  isStale,
  progressing,
  words,
} from "./read.ts";

/** Conditions that mean, when False, that the object is not yet what it should be. */
const READY = ["Ready", "Available", "Healthy"];
/** Conditions that mean, when True, that time alone will not mend it. Source: kstatus; OpenShift's operators for the last two. */
const BROKEN = ["Stalled", "Degraded", "Failed"];

/** By the conventions that most operators keep: observedGeneration, then Stalled, Reconciling, Ready. Source: the API conventions of Kubernetes, "Typical status properties". */
export function customHealth(live: LiveObject): Health {
  if (isBehind(live)) return BEHIND;
  const conditions = conditionsOf(live);
  const find = (type: string): Condition | undefined => conditions.find((one) => one.type === type);
  const about = (condition: Condition, judge: (message: string) => Health) =>
    isStale(condition, live) ? BEHIND : judge(words(condition));

  const broken = BROKEN.map(find).find((one) => one?.status === "True");
  if (broken !== undefined) return about(broken, degraded);
  const reconciling = find("Reconciling");
  if (reconciling?.status === "True") return about(reconciling, progressing);
  // Claims and composites of Crossplane are of anybody's groups.
  const synced = find("Synced");
  if (synced?.status === "False" && synced.reason === "ReconcileError") return about(synced, degraded);
  const ready = READY.map(find).find((one) => one !== undefined);
  if (ready === undefined) return healthy("exists");
  return about(ready, ready.status === "True" ? healthy : progressing);
}
