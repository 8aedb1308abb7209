import { type LiveObject, selects } from "../../model/index.ts";
import { apps, type Controller, core, type Stage } from "./controller.ts";
import { labelsOf, partOf, textOf, writeStatus } from "./fields.ts";
import { createPod, deletePod, hashOf, isReady, ownedBy, PODS } from "./owned.ts";

const REVISION = "controller-revision-hash";

/** One Pod on each Node that its selector takes; a new template replaces them one by one. */
export const daemonSets: Controller = {
  kind: apps("DaemonSet"),
  reconcile(set, stage) {
    if (set.metadata.deletionTimestamp !== undefined) return undefined;
    const spec = partOf(set, "spec");
    const template = partOf(spec, "template");
    const revision = hashOf(template);
    const wanted = nodesFor(set, stage);
    const pods = ownedBy(stage, set, PODS);
    for (const node of wanted.filter((name) => !pods.some((pod) => nodeOf(pod) === name))) {
      createPod(stage, {
        owner: set,
        template,
        name: `${set.metadata.name}-`,
        labels: { [REVISION]: revision },
        spec: { nodeName: node },
      });
    }
    for (const pod of pods.filter((one) => !wanted.includes(nodeOf(one)))) deletePod(stage, set, pod);
    const old = pods.find((pod) => labelsOf(pod)[REVISION] !== revision);
    if (old !== undefined && partOf(spec, "updateStrategy")["type"] !== "OnDelete") deletePod(stage, set, old);
    report(set, { wanted: wanted.length, revision, stage });
    return undefined;
  },
};

function nodesFor(set: LiveObject, { objects }: Stage): string[] {
  const selector = partOf(partOf(partOf(partOf(set, "spec"), "template"), "spec"), "nodeSelector");
  return objects
    .list(core("Node"))
    .filter((node) => selects({ matchLabels: selector }, labelsOf(node)))
    .map(({ metadata }) => metadata.name);
}

function nodeOf(pod: LiveObject): string {
  return textOf(partOf(pod, "spec"), "nodeName");
}

function report(
  set: LiveObject,
  { wanted, revision, stage }: { wanted: number; revision: string; stage: Stage },
): void {
  const pods = ownedBy(stage, set, PODS);
  const ready = pods.filter(isReady).length;
  const updated = pods.filter((pod) => labelsOf(pod)[REVISION] === revision).length;
  const missing = wanted - ready;
  writeStatus(stage, set, {
    observedGeneration: set.metadata.generation ?? 1,
    currentNumberScheduled: pods.length,
    desiredNumberScheduled: wanted,
    numberMisscheduled: 0,
    numberReady: ready,
    ...(updated === 0 ? {} : { updatedNumberScheduled: updated }),
    ...(ready === 0 ? {} : { numberAvailable: ready }),
    ...(missing > 0 ? { numberUnavailable: missing } : {}),
  });
}
