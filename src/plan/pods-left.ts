import { groupKindKey, isJsonObject, type JsonObject, type LiveObject, type PlanStep, refOf } from "../model/index.ts";

/** Where a kind says how many Pods it has, those that are ending among them. Source: Kubernetes, the status of each kind. */
const COUNTS: ReadonlyMap<string, readonly string[]> = new Map([
  ["Deployment.apps", ["replicas", "terminatingReplicas"]],
  ["ReplicaSet.apps", ["replicas", "terminatingReplicas"]],
  ["StatefulSet.apps", ["replicas"]],
  ["ReplicationController", ["replicas"]],
  ["DaemonSet.apps", ["currentNumberScheduled", "numberMisscheduled"]],
  ["Job.batch", ["active", "terminating"]],
  ["CronJob.batch", ["active"]],
]);

/**
 * How a workload is deleted: one with Pods only goes when they are gone, so that what they use outlives them. One without goes at once,
 * and so does everything else: it would wait for the garbage collector for nothing.
 */
export function deletionOf(object: LiveObject): Pick<PlanStep, "propagation"> {
  const status: JsonObject = isJsonObject(object["status"]) ? object["status"] : {};
  const counts = COUNTS.get(groupKindKey(refOf(object))) ?? [];
  return counts.some((field) => isSome(status[field])) ? { propagation: "Foreground" } : {};
}

function isSome(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : typeof value === "number" && value > 0;
}
