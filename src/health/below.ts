import { compareText } from "../kit/compare-text.ts";
import { type Health, type LiveObject, parseApiVersion } from "../model/index.ts";
import { type Trouble, troubleOf } from "./pod.ts";
import { BEHIND, listIn, partOf, textIn } from "./read.ts";

/** Which Pod keeps a workload from being healthy, and whether time may mend it. */
export interface BelowReason {
  readonly message: string;
  readonly lasting: boolean;
}

/** Kinds of workloads that make Pods, themselves or by way of ReplicaSets. */
const WITH_PODS = new Set([
  "apps/Deployment",
  "apps/ReplicaSet",
  "apps/StatefulSet",
  "apps/DaemonSet",
  "batch/Job",
  "/ReplicationController",
]);
const REVISION = "deployment.kubernetes.io/revision";
/** Characters of what a kubelet or a registry says. */
const LONGEST_WORDS = 500;

export function hasPods({ apiVersion, kind }: LiveObject): boolean {
  return WITH_PODS.has(`${parseApiVersion(apiVersion).group}/${kind}`);
}

/**
 * The Pod that says most about why a workload is not what it should be: lasting trouble first, then by name, so that the same Pods always give the
 * same one. Of `objects` only its own Pods count, by the uids of their controllers; of a Deployment those of its newest ReplicaSet, since the
 * Pods that it replaces may well be broken. undefined where no Pod is in trouble.
 */
export function reasonBelow(live: LiveObject, objects: readonly LiveObject[]): BelowReason | undefined {
  const troubles = podsBelow(live, objects)
    .flatMap((pod) => {
      const trouble = troubleOf(pod);
      return trouble === undefined ? [] : [{ name: nameOf(pod), ...trouble, lasting: isLasting(live, trouble) }];
    })
    .sort((one, other) => Number(other.lasting) - Number(one.lasting) || compareText(one.name, other.name));
  const [first, ...rest] = troubles;
  if (first === undefined) return undefined;
  const alike = rest.filter(({ lasting }) => lasting === first.lasting).length;
  const others = alike === 0 ? "" : ` (and ${alike} more Pods)`;
  return { message: `Pod ${first.name}: ${shortened(first.message)}${others}`, lasting: first.lasting };
}

/** Of `objects` the Pods that a workload is judged by; a Pod is its own. */
export function podsBelow(live: LiveObject, objects: readonly LiveObject[]): readonly LiveObject[] {
  if (live.kind === "Pod") return [live];
  const owner = live.kind === "Deployment" ? newestSet(live, objects) : live;
  if (owner === undefined) return [];
  return objects.filter((one) => one.kind === "Pod" && isOwnedBy(one, owner) && !isLeaving(one));
}

/** The object, and what it has made of `objects`: whatever Kubernetes says of one of these is about it. */
export function familyOf(live: LiveObject, objects: readonly LiveObject[]): readonly LiveObject[] {
  const sets = live.kind === "Deployment" ? [newestSet(live, objects)] : [];
  const pods = podsBelow(live, objects).filter((one) => one !== live);
  return [live, ...sets.filter((one) => one !== undefined), ...pods];
}

/** What the Pods say stands behind what the workload says. What time will not mend in a Pod it will not mend in the workload. */
export function withReason(health: Health, below: BelowReason | undefined): Health {
  if (below === undefined || health === BEHIND || (health.status !== "Progressing" && health.status !== "Degraded"))
    return health;
  return { status: below.lasting ? "Degraded" : health.status, message: `${health.message}; ${below.message}` };
}

/** A Job tries again by itself what falls over, and says when it has had enough. */
function isLasting({ kind }: LiveObject, { lasting, crashing }: Trouble): boolean {
  return lasting && !(kind === "Job" && crashing);
}

function newestSet(deployment: LiveObject, objects: readonly LiveObject[]): LiveObject | undefined {
  const revision = revisionOf(deployment);
  const sets = objects.filter((one) => one.kind === "ReplicaSet" && isOwnedBy(one, deployment));
  return sets.find((one) => revision !== undefined && revisionOf(one) === revision);
}

function revisionOf(object: LiveObject): string | undefined {
  return textIn(partOf(partOf(object, "metadata"), "annotations"), REVISION);
}

function isOwnedBy(object: LiveObject, owner: LiveObject): boolean {
  const uid = textIn(partOf(owner, "metadata"), "uid");
  return listIn(partOf(object, "metadata"), "ownerReferences").some(
    (one) => uid !== undefined && one["uid"] === uid && one["controller"] === true,
  );
}

function isLeaving(object: LiveObject): boolean {
  return textIn(partOf(object, "metadata"), "deletionTimestamp") !== undefined;
}

function nameOf(object: LiveObject): string {
  return textIn(partOf(object, "metadata"), "name") ?? "?";
}

function shortened(words: string): string {
  return words.length <= LONGEST_WORDS ? words : `${words.slice(0, LONGEST_WORDS)}…`;
}
