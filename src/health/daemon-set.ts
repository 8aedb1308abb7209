import type { Health, LiveObject } from "../model/index.ts";
import { BEHIND, healthy, isUnseen, numberIn, partOf, progressing } from "./read.ts";

/** Healthy when every node that should run it runs the newest Pod of it, available. Source: Kubernetes, "DaemonSet". */
export function daemonSetHealth(live: LiveObject): Health {
  const status = partOf(live, "status");
  const wanted = numberIn(status, "desiredNumberScheduled");
  if (wanted === undefined || isUnseen(live)) return BEHIND;
  const updated = numberIn(status, "updatedNumberScheduled") ?? 0;
  const available = numberIn(status, "numberAvailable") ?? 0;
  const onDelete = partOf(partOf(live, "spec"), "updateStrategy")["type"] === "OnDelete";
  if ((numberIn(status, "currentNumberScheduled") ?? 0) < wanted)
    return progressing(`on ${numberIn(status, "currentNumberScheduled") ?? 0}/${wanted} nodes`);
  if (!onDelete && updated < wanted) return progressing(`updated on ${updated}/${wanted} nodes`);
  if (available < wanted) return progressing(`available on ${available}/${wanted} nodes`);
  const ready = numberIn(status, "numberReady") ?? 0;
  if (ready < wanted) return progressing(`ready on ${ready}/${wanted} nodes`);
  return healthy(`available on ${available}/${wanted} nodes`);
}
