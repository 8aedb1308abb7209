import {
  formatRef,
  groupKindKey,
  isJsonObject,
  type JsonObject,
  type KubeObject,
  type LiveObject,
  PlumblineError,
  type Problem,
  REPLACE_ANNOTATION,
  type Ref,
  type Replacement,
  selects,
  toProblem,
} from "../model/index.ts";
import { type ReplaceWish, replaceWishOf } from "./apply-wishes.ts";

/** What the server's dry run said: an object that is there cannot become what Git wants. */
export interface Unchangeable {
  /** As `spec.selector`. */
  readonly fields: readonly string[];
  /** PL-KUBE-IMMUTABLE. */
  readonly problem: Problem;
  /** The object would be refused, too, if it were made anew, and why: then nothing is deleted for it. */
  readonly anew?: Problem;
}

interface Replacing {
  readonly ref: Ref;
  /** As Git wants it. */
  readonly object: KubeObject;
  readonly live: LiveObject;
  readonly unchangeable: Unchangeable;
  readonly where: string;
}

/** How the object is replaced, or why it is not. */
export function replacementOf(
  replacing: Replacing,
): { readonly replacement: Replacement } | { readonly problem: Problem } {
  const { ref, object, live, unchangeable, where } = replacing;
  const { fields, anew } = unchangeable;
  const course = courseOf(ref, object, live);
  const taken = takenAlong(ref, live, course);
  const wish = replaceWishOf(object);
  if (wish === undefined) return { problem: refusal(replacing, taken === undefined ? "allowed" : "confirm", taken) };
  if (taken !== undefined && wish !== "confirm") return { problem: refusal(replacing, "confirm", taken) };
  if (anew === undefined) return { replacement: { fields, ...course } };
  const message = `${formatRef(ref)} is not replaced, since it would be refused when made anew: ${anew.message}`;
  return { problem: { ...anew, message, where } };
}

/** "it is replaced, since spec.selector cannot be changed: ..." */
export function replacementReason({ fields, loss }: Replacement): string {
  return `it is deleted and made anew, since ${listed(fields)} cannot be changed: ${loss}`;
}

function refusal(
  { ref, unchangeable: { fields, problem }, where }: Replacing,
  wish: ReplaceWish,
  taken: string | undefined,
): Problem {
  const goes = taken === undefined ? "" : `; to replace it would take ${taken} along`;
  const message = `${listed(fields)} of ${formatRef(ref)} cannot be changed${goes}: ${problem.message}`;
  const next = `restore ${listed(fields)} in Git, or let it be deleted and made anew: ${REPLACE_ANNOTATION}: ${wish} on the object in Git`;
  return toProblem(new PlumblineError("PL-KUBE-IMMUTABLE", { message, where, next }));
}

function listed(fields: readonly string[]): string {
  return fields.length === 0 ? "a field" : fields.join(", ");
}

/** What is lost for good with the object, and so needs a word of its own. */
function takenAlong(ref: Ref, live: LiveObject, { propagation }: Course): string | undefined {
  const { whenDeleted } = objectAt(live["spec"], "persistentVolumeClaimRetentionPolicy");
  // Claims that are set free with the Pods stay.
  if (ref.kind === "StatefulSet" && whenDeleted === "Delete" && propagation !== "Orphan")
    return "its claims and what they hold";
  return TAKEN_ALONG.get(groupKindKey(ref));
}

const TAKEN_ALONG: ReadonlyMap<string, string> = new Map([
  ["PersistentVolumeClaim", "what the volume holds"],
  ["PersistentVolume", "what the volume holds"],
  ["Namespace", "everything in it"],
  ["CustomResourceDefinition.apiextensions.k8s.io", "every object of its kind"],
]);

type Course = Pick<Replacement, "propagation" | "loss">;

function courseOf(ref: Ref, object: KubeObject, live: LiveObject): Course {
  const kind = groupKindKey(ref);
  if (WORKLOADS.has(kind)) return workloadCourse(object, live);
  if (kind === "Job.batch") return JOB;
  return { propagation: "Background", loss: LOSSES.get(kind) ?? "for a moment it is not there" };
}

const WORKLOADS: ReadonlySet<string> = new Set([
  "Deployment.apps",
  "DaemonSet.apps",
  "ReplicaSet.apps",
  "StatefulSet.apps",
]);

/** A Job selects by its own uid, so no new one takes over Pods of an old one: those end first, lest both run at once. */
const JOB: Course = { propagation: "Foreground", loss: "its Pods are stopped, and then it runs again" };

const LOSSES: ReadonlyMap<string, string> = new Map([
  [
    "Service",
    "for a moment it has no endpoints; its cluster address and node ports stay where Git does not name others",
  ],
  ["ConfigMap", "Pods that start in the moment without it wait for it"],
  ["Secret", "Pods that start in the moment without it wait for it"],
  ["StorageClass.storage.k8s.io", "volumes that it made stay as they are"],
  ["RoleBinding.rbac.authorization.k8s.io", "for a moment its subjects lack its rights"],
  ["ClusterRoleBinding.rbac.authorization.k8s.io", "for a moment its subjects lack its rights"],
  ["Pod", "it is stopped, and started anew"],
]);

/** What the new one selects, it takes over, and rolls as after any other change. */
function workloadCourse(object: KubeObject, live: LiveObject): Course {
  const labels = objectAt(objectAt(objectAt(live["spec"], "template"), "metadata"), "labels");
  if (isSelected(objectAt(object["spec"], "selector"), labels)) {
    return { propagation: "Orphan", loss: "its Pods go on running, and the new one takes them over" };
  }
  return {
    propagation: "Background",
    loss: "its Pods are stopped, since the new selector does not select them, and new ones started",
  };
}

/** One that says nothing is no workload's. */
function isSelected(selector: JsonObject, labels: JsonObject): boolean {
  const { matchExpressions = [] } = selector;
  const wanted = Object.keys(objectAt(selector, "matchLabels")).length;
  if (!Array.isArray(matchExpressions) || wanted + matchExpressions.length === 0) return false;
  return selects(selector, labels);
}

function objectAt(value: unknown, field: string): JsonObject {
  const found = isJsonObject(value) ? value[field] : undefined;
  return isJsonObject(found) ? found : {};
}
