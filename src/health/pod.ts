import type { Health, JsonObject, LiveObject } from "../model/index.ts";
import {
  conditionOf,
  degraded,
  healthy,
  listIn,
  numberIn,
  partOf,
  progressing,
  textIn,
  toCondition,
  words,
} from "./read.ts";

/** Reasons for which a container waits that time alone does not mend, beside those that begin or end as in STUCK_FORM. Source: kubelet's container states. */
const STUCK = new Set(["InvalidImageName", "RegistryUnavailable", "SignatureValidationFailed"]);
const STUCK_FORM = /^Err|Error$|BackOff$/;

/** Healthy when Ready, or when it ran to its end: a Pod that is meant to end is on its way until it has. A container that cannot start,
 *  or that fell over and has not got up, decides at once: between two falls of a crash loop it runs, and is no better for it.
 *  Source: Kubernetes, "Pod Lifecycle". */
export function podHealth(live: LiveObject): Health {
  const status = partOf(live, "status");
  switch (textIn(status, "phase")) {
    case "Succeeded":
      return healthy("ran to its end");
    case "Failed":
      return degraded(textIn(status, "message") ?? textIn(status, "reason") ?? lastExit(status) ?? "failed");
  }
  const stuck = stuckContainer(status);
  if (stuck !== undefined) return degraded(stuck);
  const unscheduled = conditionOf(live, "PodScheduled");
  if (unscheduled?.status === "False" && unscheduled.reason === "Unschedulable") return progressing(words(unscheduled));
  const ready = conditionOf(live, "Ready")?.status === "True";
  const policy = textIn(partOf(live, "spec"), "restartPolicy") ?? "Always";
  if (ready) return policy === "Always" ? healthy("ready") : progressing("runs, and is meant to end");
  const fallen = policy === "Always" ? lastExit(status) : undefined;
  return fallen === undefined ? startingHealth(status) : degraded(fallen);
}

function startingHealth(status: JsonObject): Health {
  const gated = listIn(status, "conditions").find((one) => one["reason"] === "SchedulingGated");
  if (gated !== undefined) return progressing(words(toCondition(gated)));
  const waiting = containersOf(status).map((one) => partOf(partOf(one, "state"), "waiting"));
  const containers = listIn(status, "containerStatuses");
  if (containers.length === 0) return progressing("not started yet");
  const why = waiting.map((one) => textIn(one, "reason")).find((reason) => reason !== undefined);
  const count = `${containers.filter((one) => one["ready"] === true).length}/${containers.length} containers ready`;
  return progressing(why === undefined ? count : `${count} (${why})`);
}

function containersOf(status: JsonObject): readonly JsonObject[] {
  return [...listIn(status, "initContainerStatuses"), ...listIn(status, "containerStatuses")];
}

function stuckContainer(status: JsonObject): string | undefined {
  for (const container of containersOf(status)) {
    const waiting = partOf(partOf(container, "state"), "waiting");
    const reason = textIn(waiting, "reason") ?? "";
    if (STUCK.has(reason) || STUCK_FORM.test(reason)) {
      const message = textIn(waiting, "message");
      return `container ${textIn(container, "name") ?? "?"}: ${reason}${message === undefined ? "" : `: ${message}`}`;
    }
  }
  return undefined;
}

/** Of the containers that are not ready, the first that ended badly, now or the last time that it ran. */
function lastExit(status: JsonObject): string | undefined {
  for (const container of containersOf(status)) {
    if (container["ready"] === true) continue;
    const now = partOf(partOf(container, "state"), "terminated");
    const before = partOf(partOf(container, "lastState"), "terminated");
    const code = numberIn(now, "exitCode") ?? numberIn(before, "exitCode");
    if (code === undefined || code === 0) continue;
    const why =
      textIn(now, "message") ?? textIn(before, "message") ?? textIn(now, "reason") ?? textIn(before, "reason");
    const restarts = numberIn(container, "restartCount") ?? 0;
    const times = restarts === 0 ? "" : ` after ${restarts} restarts`;
    return `container ${textIn(container, "name") ?? "?"} ended with code ${code}${times}${why === undefined ? "" : `: ${why}`}`;
  }
  return undefined;
}
