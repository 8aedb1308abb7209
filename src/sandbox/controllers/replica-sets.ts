import type { LiveObject } from "../../model/index.ts";
import { apps, type Controller, type Stage } from "./controller.ts";
import { numberOf, partOf, writeStatus } from "./fields.ts";
import { createPod, deletePod, isReady, ownedBy, PODS } from "./owned.ts";

/** As many Pods as it asks for, the youngest and unready ones going first. */
export const replicaSets: Controller = {
  kind: apps("ReplicaSet"),
  reconcile(set, stage) {
    if (set.metadata.deletionTimestamp !== undefined) return undefined;
    const pods = ownedBy(stage, set, PODS);
    const wanted = numberOf(partOf(set, "spec"), "replicas", 1);
    const template = partOf(partOf(set, "spec"), "template");
    for (let missing = wanted - pods.length; missing > 0; missing--)
      createPod(stage, { owner: set, template, name: `${set.metadata.name}-` });
    for (const pod of surplus(pods, pods.length - wanted)) deletePod(stage, set, pod);
    report(set, stage);
    return undefined;
  },
};

function surplus(pods: readonly LiveObject[], count: number): readonly LiveObject[] {
  if (count <= 0) return [];
  return pods.toSorted((one, other) => Number(isReady(one)) - Number(isReady(other))).slice(0, count);
}

function report(set: LiveObject, stage: Stage): void {
  const pods = ownedBy(stage, set, PODS);
  const ready = pods.filter(isReady).length;
  const readiness = ready === 0 ? {} : { readyReplicas: ready, availableReplicas: ready };
  const labelled = pods.length === 0 ? {} : { fullyLabeledReplicas: pods.length };
  writeStatus(stage, set, {
    replicas: pods.length,
    ...labelled,
    ...readiness,
    observedGeneration: set.metadata.generation ?? 1,
  });
}
