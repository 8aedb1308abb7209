import type { Health, LiveObject } from "../model/index.ts";
import {
  BEHIND,
  conditionOf,
  degraded,
  healthy,
  isUnseen,
  numberIn,
  partOf,
  progressing,
  suspended,
  words,
} from "./read.ts";

/** Healthy when the newest template serves every wanted replica and no old one is left. Source: Kubernetes, "Deployment status". */
export function deploymentHealth(live: LiveObject): Health {
  const spec = partOf(live, "spec");
  const status = partOf(live, "status");
  const wanted = numberIn(spec, "replicas") ?? 1;
  const updated = numberIn(status, "updatedReplicas") ?? 0;
  const available = numberIn(status, "availableReplicas") ?? 0;
  const old = (numberIn(status, "replicas") ?? 0) - updated;

  if (spec["paused"] === true) return suspended("paused by spec.paused");
  if (isUnseen(live)) return BEHIND;
  const progress = conditionOf(live, "Progressing");
  if (progress?.reason === "ProgressDeadlineExceeded")
    return degraded(`the rollout passed its deadline with ${updated}/${wanted} replicas updated`);
  const failure = conditionOf(live, "ReplicaFailure");
  if (failure?.status === "True") return degraded(words(failure));
  if (updated < wanted) return progressing(`${updated}/${wanted} replicas updated`);
  if (old > 0) return progressing(`${old} old replicas still to stop`);
  if (available < wanted) return progressing(`${available}/${wanted} replicas available`);
  const availability = conditionOf(live, "Available");
  if (availability !== undefined && availability.status !== "True") return progressing(words(availability));
  if (progress !== undefined && progress.status !== "True") return progressing(words(progress));
  return healthy(`${available}/${wanted} replicas available`);
}
