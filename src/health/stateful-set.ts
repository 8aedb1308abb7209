import type { Health, LiveObject } from "../model/index.ts";
import { BEHIND, healthy, isUnseen, numberIn, partOf, progressing, textIn } from "./read.ts";

/** Healthy when every wanted replica is ready and of the newest revision, those that a partition holds back apart. Source: Kubernetes, "StatefulSet". */
export function statefulSetHealth(live: LiveObject): Health {
  const spec = partOf(live, "spec");
  const status = partOf(live, "status");
  const wanted = numberIn(spec, "replicas") ?? 1;
  const ready = numberIn(status, "readyReplicas") ?? 0;
  const updated = numberIn(status, "updatedReplicas") ?? 0;
  const strategy = partOf(spec, "updateStrategy");
  const partition = numberIn(partOf(strategy, "rollingUpdate"), "partition") ?? 0;

  if (isUnseen(live)) return BEHIND;
  if (ready < wanted) return progressing(`${ready}/${wanted} replicas ready`);
  if ((numberIn(status, "replicas") ?? 0) > wanted)
    return progressing(`${(numberIn(status, "replicas") ?? 0) - wanted} replicas still to stop`);
  if (strategy["type"] === "OnDelete")
    return healthy(`${ready}/${wanted} replicas ready; updates wait for Pods to be deleted`);
  if (partition > 0 && updated < wanted - partition)
    return progressing(`${updated}/${wanted - partition} replicas updated beyond the partition`);
  const current = textIn(status, "currentRevision");
  if (partition === 0 && current !== undefined && current !== textIn(status, "updateRevision"))
    return progressing(`${updated}/${wanted} replicas updated`);
  const onCurrent = numberIn(status, "currentReplicas") ?? 0;
  if (partition === 0 && onCurrent < wanted)
    return progressing(`${onCurrent}/${wanted} replicas on the current revision`);
  return healthy(`${ready}/${wanted} replicas ready`);
}
