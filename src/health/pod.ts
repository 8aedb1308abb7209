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
const CRASH_LOOP = "CrashLoopBackOff";

/** What keeps a Pod from being Ready. */
export interface Trouble {
  readonly message: string;
  /** Time alone will not mend it. */
  readonly lasting: boolean;
  /** It starts, and falls over. */
  readonly crashing: boolean;
}

/** So many falls are a loop; after one the Pod may only have been quicker than what it needs. */
const LOOP = 2;

/** Why a Pod is not Ready, for those above it; undefined where it is, or where it ran to its end. A single fall is no lasting trouble. */
export function troubleOf(pod: LiveObject): Trouble | undefined {
  const { status, message } = podHealth(pod);
  if (status === "Healthy" || conditionOf(pod, "Ready")?.status === "True") return undefined;
  const containers = containersOf(partOf(pod, "status"));
  const stuck = containers.map(stuckReason).find((reason) => reason !== undefined);
  if (stuck !== undefined) return { message, lasting: true, crashing: stuck === CRASH_LOOP };
  const restarts = Math.max(0, ...containers.map((one) => numberIn(one, "restartCount") ?? 0));
  const crashing = status === "Degraded";
  return { message, lasting: crashing && restarts >= LOOP, crashing };
}

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

function stuckReason(container: JsonObject): string | undefined {
  const reason = textIn(partOf(partOf(container, "state"), "waiting"), "reason") ?? "";
  return STUCK.has(reason) || STUCK_FORM.test(reason) ? reason : undefined;
}

function stuckContainer(status: JsonObject): string | undefined {
  for (const container of containersOf(status)) {
    const reason = stuckReason(container);
    if (reason === undefined) continue;
    const message = textIn(partOf(partOf(container, "state"), "waiting"), "message");
    return `container ${textIn(container, "name") ?? "?"}: ${reason}${message === undefined ? "" : `: ${message}`}`;
  }
  return undefined;
}

/** Of the containers that are not ready, the first that ended badly, now or the last time that it ran. Its last words are left out: they may be of
 *  its log (terminationMessagePolicy), and so hold anything. */
function lastExit(status: JsonObject): string | undefined {
  for (const container of containersOf(status)) {
    if (container["ready"] === true) continue;
    const now = partOf(partOf(container, "state"), "terminated");
    const before = partOf(partOf(container, "lastState"), "terminated");
    const code = numberIn(now, "exitCode") ?? numberIn(before, "exitCode");
    if (code === undefined || code === 0) continue;
    const why = textIn(now, "reason") ?? textIn(before, "reason");
    const restarts = numberIn(container, "restartCount") ?? 0;
    const times = restarts === 0 ? "" : ` after ${restarts} restarts`;
    return `container ${textIn(container, "name") ?? "?"} ended with code ${code}${times}${why === undefined ? "" : `: ${why}`}`;
  }
  return undefined;
}
