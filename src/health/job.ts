import type { Health, LiveObject } from "../model/index.ts";
import { conditionOf, degraded, healthy, numberIn, partOf, progressing, suspended, textIn, words } from "./read.ts";

/** Healthy when complete. A Job that runs is on its way, and its application with it. Source: Kubernetes, "Jobs". */
export function jobHealth(live: LiveObject): Health {
  const status = partOf(live, "status");
  const failed = conditionOf(live, "Failed");
  if (failed?.status === "True") return degraded(words(failed));
  if (conditionOf(live, "Complete")?.status === "True")
    return healthy(`${numberIn(status, "succeeded") ?? 0} Pods succeeded`);
  if (partOf(live, "spec")["suspend"] === true) return suspended("suspended by spec.suspend");
  if (textIn(status, "startTime") === undefined) return progressing("not started yet");
  return progressing(
    `${numberIn(status, "active") ?? 0} Pods active, ${numberIn(status, "succeeded") ?? 0} succeeded, ${numberIn(status, "failed") ?? 0} failed`,
  );
}

export function cronJobHealth(live: LiveObject): Health {
  if (partOf(live, "spec")["suspend"] === true) return suspended("suspended by spec.suspend");
  const last = textIn(partOf(live, "status"), "lastScheduleTime");
  return healthy(last === undefined ? "not run yet" : `last run at ${last}`);
}
