import type { Cluster, LiveChange } from "../../src/cluster/index.ts";
import { PART_OF_LABEL } from "../../src/model/index.ts";
import { type ConfigMapParts, configMap } from "./clusters.ts";

/** A ConfigMap of an ApplySet. */
export function member({ set, labels = {}, ...parts }: ConfigMapParts & { readonly set: string }) {
  return configMap({ ...parts, labels: { ...labels, [PART_OF_LABEL]: set } });
}

/** What `live` tells about one ApplySet, as "present a", "gone b". */
export function tellings(cluster: Cluster, set: string): string[] {
  const told: string[] = [];
  cluster.live.onChange(({ type, ref, applySetId }: LiveChange) => {
    if (applySetId === set) told.push(`${type} ${ref.name}`);
  });
  return told;
}

export function namesIn(cluster: Cluster, set: string): string[] {
  return cluster.live
    .members(set)
    .map(({ metadata }) => metadata.name)
    .sort();
}
