import { canonicalJson } from "../../kit/hash.ts";
import type { JsonObject, LiveObject } from "../../model/index.ts";
import { apps, type Controller, MANAGER, type Stage } from "./controller.ts";
import { listOf, numberOf, partOf, stampOf, textOf, withCondition, writeStatus } from "./fields.ts";
import { failureOf, hashOf, ownedBy, referenceTo } from "./owned.ts";

const REVISION = "deployment.kubernetes.io/revision";
const HASH = "pod-template-hash";
/** A rollout that is to fail passes its deadline after this time, in milliseconds, however long its own deadline is. */
const SHORTEST_DEADLINE_MS = 5000;

/** One ReplicaSet a template, the newest growing while the old ones go, never more and never fewer Pods than its strategy allows. */
export const deployments: Controller = {
  kind: apps("Deployment"),
  reconcile(deployment, stage) {
    if (deployment.metadata.deletionTimestamp !== undefined) return undefined;
    const sets = ownedBy(stage, deployment, apps("ReplicaSet"));
    const newest = sets.find((set) => hasTemplate(set, deployment)) ?? createSet(deployment, sets, stage);
    if (partOf(deployment, "spec")["paused"] !== true) roll({ deployment, newest, sets, stage });
    return report(deployment, newest, stage);
  },
};

interface Rollout {
  readonly deployment: LiveObject;
  readonly newest: LiveObject;
  readonly sets: readonly LiveObject[];
  readonly stage: Stage;
}

function hasTemplate(set: LiveObject, deployment: LiveObject): boolean {
  const template = partOf(partOf(set, "spec"), "template");
  const { [HASH]: _, ...labels } = partOf(partOf(template, "metadata"), "labels");
  const metadata = { ...partOf(template, "metadata"), labels };
  return canonicalJson({ ...template, metadata }) === canonicalJson(partOf(partOf(deployment, "spec"), "template"));
}

function createSet(deployment: LiveObject, sets: readonly LiveObject[], stage: Stage): LiveObject {
  const spec = partOf(deployment, "spec");
  const template = partOf(spec, "template");
  const hash = hashOf({ template, uid: deployment.metadata.uid });
  const labels = { ...partOf(partOf(template, "metadata"), "labels"), [HASH]: hash };
  const revision = String(1 + Math.max(0, ...sets.map((set) => Number(set.metadata.annotations?.[REVISION] ?? 0))));
  const selector = partOf(spec, "selector");
  return stage.objects.create(
    {
      apiVersion: "apps/v1",
      kind: "ReplicaSet",
      metadata: {
        name: `${deployment.metadata.name}-${hash}`,
        ...(deployment.metadata.namespace === undefined ? {} : { namespace: deployment.metadata.namespace }),
        labels: { ...strings(labels) },
        annotations: { [REVISION]: revision },
        ownerReferences: [referenceTo(deployment)],
      },
      spec: {
        replicas: 0,
        selector: { ...selector, matchLabels: { ...partOf(selector, "matchLabels"), [HASH]: hash } },
        template: { ...template, metadata: { ...partOf(template, "metadata"), labels } },
      },
    },
    MANAGER,
  );
}

function strings(labels: JsonObject): { [key: string]: string } {
  return Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, String(value)]));
}

function roll({ deployment, newest, sets, stage }: Rollout): void {
  const spec = partOf(deployment, "spec");
  const wanted = numberOf(spec, "replicas", 1);
  const old = sets.filter((set) => set.metadata.uid !== newest.metadata.uid);
  const oldPods = old.reduce((sum, set) => sum + sizeOf(set), 0);
  const recreate = partOf(spec, "strategy")["type"] === "Recreate";
  const rolling = partOf(partOf(spec, "strategy"), "rollingUpdate");
  const surge = Math.ceil(share(rolling["maxSurge"], wanted));
  const unavailable = Math.max(surge === 0 ? 1 : 0, Math.floor(share(rolling["maxUnavailable"], wanted)));
  const stillThere = old.reduce(
    (sum, set) => sum + Math.max(sizeOf(set), numberOf(partOf(set, "status"), "replicas", 0)),
    0,
  );
  const room = recreate ? (stillThere === 0 ? wanted : 0) : wanted + surge - oldPods;
  scale(deployment, newest, {
    to: Math.min(wanted, Math.max(sizeOf(newest) > wanted ? 0 : sizeOf(newest), room)),
    stage,
  });
  const available = [...old, newest].reduce(
    (sum, set) => sum + numberOf(partOf(set, "status"), "availableReplicas", 0),
    0,
  );
  let spare = recreate ? oldPods : Math.max(0, available - (wanted - unavailable));
  for (const set of old) {
    const unready = sizeOf(set) - numberOf(partOf(set, "status"), "availableReplicas", 0);
    const gone = Math.min(sizeOf(set), Math.max(0, unready) + spare);
    spare -= Math.max(0, gone - Math.max(0, unready));
    scale(deployment, set, { to: sizeOf(set) - gone, stage });
  }
  forget(deployment, old, stage);
}

/** A number, or a part of all in percent. */
function share(value: unknown, of: number): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && value.endsWith("%") ? (Number(value.slice(0, -1)) / 100) * of : 0.25 * of;
}

function sizeOf(set: LiveObject): number {
  return numberOf(partOf(set, "spec"), "replicas", 0);
}

function scale(
  deployment: LiveObject,
  set: LiveObject,
  { to, stage }: { readonly to: number; readonly stage: Stage },
): void {
  const from = sizeOf(set);
  if (from === to) return;
  stage.objects.update({ ...set, spec: { ...partOf(set, "spec"), replicas: to } }, { manager: MANAGER });
  const message = `Scaled ${to > from ? "up" : "down"} replica set ${set.metadata.name} from ${from} to ${to}`;
  stage.tell(deployment, { reason: "ScalingReplicaSet", message, by: "deployment-controller" });
}

/** Old ReplicaSets stay for rolling back, up to the limit. */
function forget(deployment: LiveObject, old: readonly LiveObject[], { objects }: Stage): void {
  const empty = old.filter((set) => sizeOf(set) === 0 && numberOf(partOf(set, "status"), "replicas", 0) === 0);
  const limit = numberOf(partOf(deployment, "spec"), "revisionHistoryLimit", 10);
  for (const set of empty.slice(0, Math.max(0, empty.length - limit))) objects.remove(set);
}

function report(deployment: LiveObject, newest: LiveObject, stage: Stage): number | undefined {
  const { objects } = stage;
  const sets = ownedBy(stage, deployment, apps("ReplicaSet"));
  const now = objects.get(apps("Deployment"), deployment.metadata.name, deployment.metadata.namespace) ?? deployment;
  const sum = (field: string): number => sets.reduce((all, set) => all + numberOf(partOf(set, "status"), field, 0), 0);
  const fresh = sets.find((set) => set.metadata.uid === newest.metadata.uid);
  const wanted = numberOf(partOf(deployment, "spec"), "replicas", 1);
  const updated = numberOf(partOf(fresh, "status"), "replicas", 0);
  const available = sum("availableReplicas");
  const counts = {
    replicas: sum("replicas"),
    updatedReplicas: updated,
    readyReplicas: sum("readyReplicas"),
    availableReplicas: available,
  };
  const missing = Math.max(0, wanted - available);
  const present = Object.entries({ ...counts, unavailableReplicas: missing }).filter(([, count]) => count > 0);
  const complete = updated === wanted && available === wanted && counts.replicas === wanted;
  const conditions = conditionsOf(now, { fresh: newest, complete, missing, wanted, stage });
  const status = { observedGeneration: now.metadata.generation ?? 1, ...Object.fromEntries(present), conditions };
  writeStatus(stage, now, status);
  noteRevision(now, newest, stage);
  return complete || failureOf(stage, deployment) === undefined ? undefined : SHORTEST_DEADLINE_MS / 5;
}

interface Progress {
  readonly fresh: LiveObject;
  readonly complete: boolean;
  readonly missing: number;
  readonly wanted: number;
  readonly stage: Stage;
}

function conditionsOf(
  deployment: LiveObject,
  { fresh, complete, missing, wanted, stage }: Progress,
): readonly JsonObject[] {
  const times = { time: stampOf(stage), updates: true };
  const before = listOf(partOf(deployment, "status"), "conditions");
  const rolling = partOf(partOf(partOf(deployment, "spec"), "strategy"), "rollingUpdate");
  const enough = missing <= Math.floor(share(rolling["maxUnavailable"], wanted));
  const availability = enough
    ? ({
        type: "Available",
        status: "True",
        reason: "MinimumReplicasAvailable",
        message: "Deployment has minimum availability.",
      } as const)
    : ({
        type: "Available",
        status: "False",
        reason: "MinimumReplicasUnavailable",
        message: "Deployment does not have minimum availability.",
      } as const);
  const name = `ReplicaSet "${fresh.metadata.name}"`;
  const late = !complete && isLate(deployment, before, stage);
  const progress = complete
    ? ({
        type: "Progressing",
        status: "True",
        reason: "NewReplicaSetAvailable",
        message: `${name} has successfully progressed.`,
      } as const)
    : late
      ? ({
          type: "Progressing",
          status: "False",
          reason: "ProgressDeadlineExceeded",
          message: `${name} has timed out progressing.`,
        } as const)
      : ({
          type: "Progressing",
          status: "True",
          reason: "ReplicaSetUpdated",
          message: `${name} is progressing.`,
        } as const);
  return withCondition(withCondition(before, availability, times), progress, times);
}

function isLate(deployment: LiveObject, conditions: readonly JsonObject[], stage: Stage): boolean {
  const progressing = conditions.find(({ type }) => type === "Progressing");
  if (progressing === undefined || failureOf(stage, deployment) === undefined) return false;
  if (progressing["reason"] === "ProgressDeadlineExceeded") return true;
  const since = Date.parse(textOf(progressing, "lastUpdateTime"));
  const own = numberOf(partOf(deployment, "spec"), "progressDeadlineSeconds", 600) * 1000;
  return progressing["reason"] === "ReplicaSetUpdated" && stage.now() - since >= Math.min(own, SHORTEST_DEADLINE_MS);
}

function noteRevision(deployment: LiveObject, newest: LiveObject, { objects }: Stage): void {
  const revision = newest.metadata.annotations?.[REVISION];
  const now = objects.get(apps("Deployment"), deployment.metadata.name, deployment.metadata.namespace);
  if (now === undefined || revision === undefined || now.metadata.annotations?.[REVISION] === revision) return;
  const annotations = { ...now.metadata.annotations, [REVISION]: revision };
  objects.update({ ...now, metadata: { ...now.metadata, annotations } }, { manager: MANAGER });
}
