import type { JsonObject, LiveObject } from "../../model/index.ts";
import { apps, type Controller, core, MANAGER, type Stage } from "./controller.ts";
import { labelsOf, listOf, numberOf, partOf, textOf, writeStatus } from "./fields.ts";
import { createPod, deletePod, hashOf, isReady, ownedBy, PODS } from "./owned.ts";

const REVISION = "controller-revision-hash";

/** Pods with numbers, one after the other: each waits for the one before it. A new template replaces them from the last to the first. */
export const statefulSets: Controller = {
  kind: apps("StatefulSet"),
  reconcile(set, stage) {
    if (set.metadata.deletionTimestamp !== undefined) return undefined;
    const spec = partOf(set, "spec");
    const wanted = numberOf(spec, "replicas", 1);
    const revision = `${set.metadata.name}-${hashOf(spec["template"])}`;
    const pods = new Map(ownedBy(stage, set, PODS).map((pod) => [ordinalOf(pod), pod]));
    const parallel = spec["podManagementPolicy"] === "Parallel";
    grow(set, { pods, wanted, revision, parallel, stage });
    for (const [ordinal, pod] of pods) if (ordinal >= wanted) deletePod(stage, set, pod);
    if (allReady(pods, wanted)) replaceOne(set, { pods, wanted, revision, parallel, stage });
    report(set, revision, stage);
    return undefined;
  },
};

interface Members {
  readonly pods: ReadonlyMap<number, LiveObject>;
  readonly wanted: number;
  readonly revision: string;
  readonly parallel: boolean;
  readonly stage: Stage;
}

function ordinalOf(pod: LiveObject): number {
  return Number(pod.metadata.name.slice(pod.metadata.name.lastIndexOf("-") + 1));
}

function allReady(pods: ReadonlyMap<number, LiveObject>, wanted: number): boolean {
  return Array.from({ length: wanted }, (_, ordinal) => pods.get(ordinal)).every(
    (pod) => pod !== undefined && isReady(pod),
  );
}

function grow(set: LiveObject, { pods, wanted, revision, parallel, stage }: Members): void {
  for (let ordinal = 0; ordinal < wanted; ordinal++) {
    const pod = pods.get(ordinal);
    if (pod === undefined) createMember(set, { ordinal, revision, stage });
    if (!parallel && (pod === undefined || !isReady(pod))) return;
  }
}

function createMember(
  set: LiveObject,
  { ordinal, revision, stage }: { ordinal: number; revision: string; stage: Stage },
): void {
  const spec = partOf(set, "spec");
  const name = `${set.metadata.name}-${ordinal}`;
  const template = partOf(spec, "template");
  const claims = listOf(spec, "volumeClaimTemplates");
  for (const claim of claims) createClaim(set, { claim, name: claimName(claim, name), stage });
  const volumes = claims.map((claim) => ({
    name: textOf(partOf(claim, "metadata"), "name"),
    persistentVolumeClaim: { claimName: claimName(claim, name) },
  }));
  const own = listOf(partOf(template, "spec"), "volumes");
  const labels = {
    [REVISION]: revision,
    "statefulset.kubernetes.io/pod-name": name,
    "apps.kubernetes.io/pod-index": String(ordinal),
  };
  const more = { hostname: name, subdomain: textOf(spec, "serviceName"), volumes: [...volumes, ...own] };
  createPod(stage, { owner: set, template, name, labels, spec: more });
}

function claimName(claim: JsonObject, pod: string): string {
  return `${textOf(partOf(claim, "metadata"), "name")}-${pod}`;
}

/** Claims outlive the Pods, and the set. */
function createClaim(set: LiveObject, { claim, name, stage }: { claim: JsonObject; name: string; stage: Stage }): void {
  const { namespace } = set.metadata;
  if (stage.objects.get(core("PersistentVolumeClaim"), name, namespace) !== undefined) return;
  const labels = partOf(partOf(partOf(set, "spec"), "selector"), "matchLabels");
  stage.objects.create(
    {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: {
        name,
        ...(namespace === undefined ? {} : { namespace }),
        labels: Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, String(value)])),
      },
      spec: partOf(claim, "spec"),
    },
    MANAGER,
  );
  const message = `create Claim ${name} Pod ${name.slice(name.indexOf("-") + 1)} in StatefulSet ${set.metadata.name} success`;
  stage.tell(set, { reason: "SuccessfulCreate", message, by: "statefulset-controller" });
}

function replaceOne(set: LiveObject, { pods, wanted, revision, stage }: Members): void {
  const strategy = partOf(partOf(set, "spec"), "updateStrategy");
  if (strategy["type"] === "OnDelete") return;
  const partition = numberOf(partOf(strategy, "rollingUpdate"), "partition", 0);
  for (let ordinal = wanted - 1; ordinal >= partition; ordinal--) {
    const pod = pods.get(ordinal);
    if (pod === undefined || labelsOf(pod)[REVISION] === revision) continue;
    deletePod(stage, set, pod);
    return;
  }
}

function report(set: LiveObject, revision: string, stage: Stage): void {
  const pods = ownedBy(stage, set, PODS);
  const ready = pods.filter(isReady).length;
  const updated = pods.filter((pod) => labelsOf(pod)[REVISION] === revision).length;
  const before = textOf(partOf(set, "status"), "currentRevision") || revision;
  const done = updated === pods.length && ready === pods.length;
  const currentRevision = done ? revision : before;
  const current = pods.filter((pod) => labelsOf(pod)[REVISION] === currentRevision).length;
  writeStatus(stage, set, {
    observedGeneration: set.metadata.generation ?? 1,
    replicas: pods.length,
    availableReplicas: ready,
    ...(ready === 0 ? {} : { readyReplicas: ready }),
    ...(current === 0 ? {} : { currentReplicas: current }),
    ...(updated === 0 ? {} : { updatedReplicas: updated }),
    currentRevision,
    updateRevision: revision,
    collisionCount: 0,
  });
}
