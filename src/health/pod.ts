import type { Health, JsonObject, LiveObject } from "../model/index.ts";
import { conditionOf, degraded, healthy, listIn, numberIn, partOf, progressing, textIn, words } from "./read.ts";

/** Reasons for which a container waits that time alone does not mend. Source: kubelet's container states. */
const STUCK = new Set([
  "CrashLoopBackOff",
  "ImagePullBackOff",
  "ErrImagePull",
  "InvalidImageName",
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
  "ErrImageNeverPull",
]);

/** Healthy when Ready, or when it ran to its end. A container that cannot start decides at once. */
export function podHealth(live: LiveObject): Health {
  const status = partOf(live, "status");
  switch (textIn(status, "phase")) {
    case "Succeeded":
      return healthy("ran to its end");
    case "Failed":
      return degraded(textIn(status, "message") ?? textIn(status, "reason") ?? lastExit(status));
  }
  const stuck = stuckContainer(status);
  if (stuck !== undefined) return degraded(stuck);
  const unscheduled = conditionOf(live, "PodScheduled");
  if (unscheduled?.status === "False" && unscheduled.reason === "Unschedulable") return progressing(words(unscheduled));
  const ready = conditionOf(live, "Ready");
  if (ready?.status === "True") return healthy("ready");
  const containers = listIn(status, "containerStatuses");
  return progressing(
    containers.length === 0
      ? "not started yet"
      : `${containers.filter((one) => one["ready"] === true).length}/${containers.length} containers ready`,
  );
}

function stuckContainer(status: JsonObject): string | undefined {
  for (const container of [...listIn(status, "initContainerStatuses"), ...listIn(status, "containerStatuses")]) {
    const waiting = partOf(partOf(container, "state"), "waiting");
    const reason = textIn(waiting, "reason") ?? "";
    if (STUCK.has(reason))
      return [`container ${textIn(container, "name") ?? "?"}: ${reason}`, textIn(waiting, "message")]
        .filter((part) => part !== undefined)
        .join(": ");
  }
  return undefined;
}

function lastExit(status: JsonObject): string {
  for (const container of listIn(status, "containerStatuses")) {
    const code = numberIn(partOf(partOf(container, "state"), "terminated"), "exitCode");
    if (code !== undefined && code !== 0)
      return `container ${textIn(container, "name") ?? "?"} ended with code ${code}`;
  }
  return "failed";
}
