import type { Health, LiveObject } from "../model/index.ts";
import {
  conditionOf,
  degraded,
  healthy,
  listIn,
  numberIn,
  partOf,
  progressing,
  suspended,
  textIn,
  words,
} from "./read.ts";

/** Healthy when complete. A Job that runs is on its way, and its application with it. Source: Kubernetes, "Jobs". */
export function jobHealth(live: LiveObject): Health {
  const status = partOf(live, "status");
  const failed = conditionOf(live, "Failed");
  if (failed?.status === "True") return degraded(words(failed));
  if (conditionOf(live, "Complete")?.status === "True")
    return healthy(`${numberIn(status, "succeeded") ?? 0} Pods succeeded`);
  const failing = conditionOf(live, "FailureTarget");
  if (failing?.status === "True") return degraded(words(failing));
  if (partOf(live, "spec")["suspend"] === true) return suspended("suspended by spec.suspend");
  const halted = conditionOf(live, "Suspended");
  if (halted?.status === "True") return suspended(words(halted));
  if (textIn(status, "startTime") === undefined) return progressing("not started yet");
  return progressing(
    `${numberIn(status, "active") ?? 0} Pods active, ${numberIn(status, "succeeded") ?? 0} succeeded, ${numberIn(status, "failed") ?? 0} failed`,
  );
}

/** Of its runs only the last counts, and only when it is over: RFC 3339 times of one zone sort as texts. Source: Kubernetes, CronJobStatus. */
export function cronJobHealth(live: LiveObject): Health {
  if (partOf(live, "spec")["suspend"] === true) return suspended("suspended by spec.suspend");
  const status = partOf(live, "status");
  const started = textIn(status, "lastScheduleTime");
  if (started === undefined) return healthy("not run yet");
  const running = listIn(status, "active").length;
  if (running > 0) return healthy(`${running} Jobs active since ${started}`);
  const succeeded = textIn(status, "lastSuccessfulTime");
  // Without a success on record nobody can tell a first run that failed from one whose end was not seen.
  if (succeeded !== undefined && succeeded < started)
    return degraded(`the run of ${started} did not succeed; the last that did ended at ${succeeded}`);
  return healthy(`last run at ${started}`);
}
