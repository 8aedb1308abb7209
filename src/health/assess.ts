import {
  type GroupKind,
  groupKindKey,
  type Health,
  isJsonObject,
  type LiveObject,
  parseApiVersion,
} from "../model/index.ts";
import { autoscalerHealth } from "./autoscaler.ts";
import { type BelowReason, hasPods, withReason } from "./below.ts";
import { judgeBy } from "./convention.ts";
import { customHealth } from "./custom.ts";
import { daemonSetHealth } from "./daemon-set.ts";
import { apiServiceHealth, definitionHealth, namespaceHealth } from "./definition.ts";
import { deploymentHealth } from "./deployment.ts";
import { disruptionBudgetHealth } from "./disruption-budget.ts";
import { gatewayClassHealth, gatewayHealth, policyHealth, routeHealth } from "./gateway.ts";
import { cronJobHealth, jobHealth } from "./job.ts";
import { ingressHealth, serviceHealth } from "./network.ts";
import { conventionOf } from "./operators/index.ts";
import { podHealth } from "./pod.ts";
import { BEHIND, conditionsOf, partOf, progressing, textIn, textsIn, unknown, words } from "./read.ts";
import { replicasHealth } from "./replicas.ts";
import type { HealthRules } from "./rules/compile.ts";
import { statefulSetHealth } from "./stateful-set.ts";
import { claimHealth, volumeHealth } from "./storage.ts";

const GATEWAY = "gateway.networking.k8s.io";

/** The kinds of Kubernetes itself. */
export const KINDS: ReadonlyMap<string, (live: LiveObject) => Health> = new Map([
  ["APIService.apiregistration.k8s.io", apiServiceHealth],
  ["CronJob.batch", cronJobHealth],
  ["CustomResourceDefinition.apiextensions.k8s.io", definitionHealth],
  [`BackendTLSPolicy.${GATEWAY}`, policyHealth],
  ["DaemonSet.apps", daemonSetHealth],
  ["Deployment.apps", deploymentHealth],
  [`Gateway.${GATEWAY}`, gatewayHealth],
  [`GatewayClass.${GATEWAY}`, gatewayClassHealth],
  [`GRPCRoute.${GATEWAY}`, routeHealth],
  [`HTTPRoute.${GATEWAY}`, routeHealth],
  ["HorizontalPodAutoscaler.autoscaling", autoscalerHealth],
  ["Ingress.extensions", ingressHealth],
  ["Ingress.networking.k8s.io", ingressHealth],
  ["Job.batch", jobHealth],
  [`ListenerSet.${GATEWAY}`, gatewayHealth],
  ["Namespace", namespaceHealth],
  ["PersistentVolume", volumeHealth],
  ["PersistentVolumeClaim", claimHealth],
  ["Pod", podHealth],
  ["PodDisruptionBudget.policy", disruptionBudgetHealth],
  ["ReplicaSet.apps", replicasHealth],
  ["ReplicationController", replicasHealth],
  ["Service", serviceHealth],
  ["StatefulSet.apps", statefulSetHealth],
  [`TCPRoute.${GATEWAY}`, routeHealth],
  [`TLSRoute.${GATEWAY}`, routeHealth],
  [`UDPRoute.${GATEWAY}`, routeHealth],
]);

/** What is known beside the object itself. */
export interface AssessContext {
  /** Of a workload: what keeps its Pods, out of `reasonBelow`. */
  readonly below?: BelowReason | undefined;
  /** The user's, in place of ours. */
  readonly rules?: HealthRules | undefined;
}

/** Judges one live object. Never throws, whatever it holds; of what says no kind nothing is known. */
export function assess(live: LiveObject, { below, rules }: AssessContext = {}): Health {
  const object: unknown = live;
  if (!isJsonObject(object)) return unknown("is no object");
  const [apiVersion, kind] = [textIn(object, "apiVersion"), textIn(object, "kind")];
  if (apiVersion === undefined || kind === undefined) return unknown("says no apiVersion and kind");
  const metadata = partOf(object, "metadata");
  if (textIn(metadata, "deletionTimestamp") !== undefined) return deletionHealth(live);
  const ruled = rules?.judge(live);
  if (ruled !== undefined) return ruled;
  return withReason(judgeOf({ group: parseApiVersion(apiVersion).group, kind })(live), below);
}

/** By the kind's own function, by its operator's convention, or by those that most operators keep. */
function judgeOf(kind: GroupKind): (live: LiveObject) => Health {
  const known = KINDS.get(groupKindKey(kind));
  if (known !== undefined) return known;
  const convention = conventionOf(kind);
  return convention === undefined ? customHealth : (live) => judgeBy(convention, live);
}

/** Is this a workload of which its Pods could say more: one that has them, is not as it should be, and whose controller has seen its newest spec. */
export function asksForReason(live: LiveObject): boolean {
  if (!hasPods(live) || live.metadata.deletionTimestamp !== undefined) return false;
  const health = assess(live);
  return health !== BEHIND && (health.status === "Progressing" || health.status === "Degraded");
}

/** Conditions that say what a deletion has still to do. Source: Kubernetes, NamespaceConditionType and CustomResourceDefinitionConditionType. */
const REMAINING = new Set([
  "NamespaceDeletionDiscoveryFailure",
  "NamespaceDeletionGroupVersionParsingFailure",
  "NamespaceDeletionContentFailure",
  "NamespaceFinalizersRemaining",
  "NamespaceContentRemaining",
  "Terminating",
]);

function deletionHealth(live: LiveObject): Health {
  const finalizers = textsIn(partOf(live, "metadata"), "finalizers");
  const remaining = conditionsOf(live).find(({ type, status }) => REMAINING.has(type) && status === "True");
  const waits = finalizers.length === 0 ? "" : `, waits for ${finalizers.join(", ")}`;
  return progressing(`is being deleted${waits}${remaining === undefined ? "" : ` (${words(remaining)})`}`);
}
