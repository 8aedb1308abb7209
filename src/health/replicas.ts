import type { Health, LiveObject } from "../model/index.ts";
import { BEHIND, conditionOf, degraded, healthy, isBehind, numberIn, partOf, progressing, words } from "./read.ts";

/** ReplicaSet and ReplicationController: as many available replicas as wanted, and no more. Source: Kubernetes, "ReplicaSet". */
export function replicasHealth(live: LiveObject): Health {
  const status = partOf(live, "status");
  const wanted = numberIn(partOf(live, "spec"), "replicas") ?? 1;
  const available = numberIn(status, "availableReplicas") ?? 0;
  const there = numberIn(status, "replicas") ?? 0;
  if (isBehind(live)) return BEHIND;
  const failure = conditionOf(live, "ReplicaFailure");
  if (failure?.status === "True") return degraded(words(failure));
  if (there > wanted) return progressing(`${there - wanted} replicas still to stop`);
  if (available < wanted) return progressing(`${available}/${wanted} replicas available`);
  const ready = numberIn(status, "readyReplicas") ?? 0;
  if (ready < wanted) return progressing(`${ready}/${wanted} replicas ready`);
  return healthy(`${available}/${wanted} replicas available`);
}
