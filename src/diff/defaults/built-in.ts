import { isJsonObject, type Json, type JsonObject } from "../../model/index.ts";
import { type Default, filledWith, under } from "./fill.ts";
import { limitsAsRequests, POD } from "./pod.ts";

const template = (path: string): Default[] => under(`${path}.template.spec`, POD);

const JOB: readonly Default[] = [
  ["completions", ({ parallelism }) => (parallelism === undefined ? 1 : undefined)],
  ["parallelism", 1],
  ["backoffLimit", ({ backoffLimitPerIndex }) => (backoffLimitPerIndex === undefined ? 6 : 2147483647)],
  ["completionMode", "NonIndexed"],
  ["suspend", false],
  [
    "podReplacementPolicy",
    ({ podFailurePolicy }) => (podFailurePolicy === undefined ? "TerminatingOrFailed" : "Failed"),
  ],
  ["podFailurePolicy.rules.*.onPodConditions.*.status", ({ status }) => status || "True", "merged"],
  ...under("template.spec", POD),
];

const WEBHOOK: readonly Default[] = [
  ["failurePolicy", "Fail"],
  ["matchPolicy", "Equivalent"],
  ["namespaceSelector", {}],
  ["objectSelector", {}],
  ["timeoutSeconds", 10],
  ["rules.*.scope", "*"],
  ["clientConfig.service.port", 443],
];

const CONSTRAINTS: readonly Default[] = [
  ["matchPolicy", "Equivalent"],
  ["namespaceSelector", {}],
  ["objectSelector", {}],
  ["resourceRules.*.scope", "*"],
  ["excludeResourceRules.*.scope", "*"],
];

const DEVICES: readonly Default[] = [
  ["devices.requests.*.exactly.allocationMode", "ExactCount"],
  ["devices.requests.*.exactly.count", ({ allocationMode }) => (allocationMode === "ExactCount" ? 1 : undefined)],
];

const ROLE_BINDING: readonly Default[] = [
  [
    "subjects.*.apiGroup",
    ({ kind }) => (kind === "User" || kind === "Group" ? "rbac.authorization.k8s.io" : undefined),
  ],
  ["roleRef.apiGroup", ({ apiGroup }) => apiGroup || "rbac.authorization.k8s.io", "merged"],
];

const QUARTER = "25%";
const DOUBLING = { type: "Percent", value: 100, periodSeconds: 15 };

/** What kube-apiserver 1.36 fills in, by kind. Source: Kubernetes, the v1 defaults of each API group; held to the real server by test. */
const DEFAULTS: { readonly [kind: string]: readonly Default[] } = {
  Pod: [
    ...under("spec", POD),
    ["spec.enableServiceLinks", true],
    ["spec.containers.*.resources.requests", limitsAsRequests, "merged"],
    ["spec.initContainers.*.resources.requests", limitsAsRequests, "merged"],
  ],
  PodTemplate: under("template.spec", POD),
  Deployment: [
    ["spec.replicas", 1],
    ["spec.revisionHistoryLimit", 10],
    ["spec.progressDeadlineSeconds", 600],
    ["spec.strategy.type", "RollingUpdate"],
    ["spec.strategy.rollingUpdate", ({ type }) => (type === "RollingUpdate" ? {} : undefined)],
    ["spec.strategy.rollingUpdate.maxUnavailable", QUARTER],
    ["spec.strategy.rollingUpdate.maxSurge", QUARTER],
    ...template("spec"),
  ],
  ReplicaSet: [["spec.replicas", 1], ...template("spec")],
  ReplicationController: [["spec.replicas", 1], ...template("spec")],
  StatefulSet: [
    ["spec.replicas", 1],
    ["spec.podManagementPolicy", "OrderedReady"],
    ["spec.revisionHistoryLimit", 10],
    ["spec.updateStrategy.type", "RollingUpdate"],
    ["spec.updateStrategy.rollingUpdate", ({ type }) => (type === "RollingUpdate" ? {} : undefined)],
    ["spec.updateStrategy.rollingUpdate.partition", 0],
    ["spec.persistentVolumeClaimRetentionPolicy", {}],
    ["spec.persistentVolumeClaimRetentionPolicy.whenDeleted", "Retain"],
    ["spec.persistentVolumeClaimRetentionPolicy.whenScaled", "Retain"],
    ["spec.volumeClaimTemplates.*.apiVersion", "v1"],
    ["spec.volumeClaimTemplates.*.kind", "PersistentVolumeClaim"],
    ["spec.volumeClaimTemplates.*.spec.volumeMode", "Filesystem"],
    ["spec.volumeClaimTemplates.*.status.phase", "Pending"],
    ...template("spec"),
  ],
  DaemonSet: [
    ["spec.revisionHistoryLimit", 10],
    ["spec.updateStrategy.type", "RollingUpdate"],
    ["spec.updateStrategy.rollingUpdate", ({ type }) => (type === "RollingUpdate" ? {} : undefined)],
    ["spec.updateStrategy.rollingUpdate.maxUnavailable", 1],
    ["spec.updateStrategy.rollingUpdate.maxSurge", 0],
    ...template("spec"),
  ],
  Job: under("spec", JOB),
  CronJob: [
    ["spec.concurrencyPolicy", "Allow"],
    ["spec.suspend", false],
    ["spec.successfulJobsHistoryLimit", 3],
    ["spec.failedJobsHistoryLimit", 1],
    ...under("spec.jobTemplate.spec", under("template.spec", POD)),
  ],
  HorizontalPodAutoscaler: [
    ["spec.minReplicas", 1],
    [
      "spec.metrics",
      [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } }],
    ],
    ["spec.behavior.scaleUp", {}],
    ["spec.behavior.scaleDown", {}],
    ["spec.behavior.scaleUp.stabilizationWindowSeconds", 0],
    ["spec.behavior.scaleUp.policies", [{ type: "Pods", value: 4, periodSeconds: 15 }, DOUBLING]],
    ["spec.behavior.scaleDown.policies", [DOUBLING]],
    ["spec.behavior.*.selectPolicy", "Max"],
  ],
  Service: [
    ["spec.type", "ClusterIP"],
    ["spec.sessionAffinity", "None"],
    [
      "spec.sessionAffinityConfig",
      ({ sessionAffinity }) => (sessionAffinity === "ClientIP" ? { clientIP: { timeoutSeconds: 10800 } } : undefined),
    ],
    ["spec.ports.*.targetPort", ({ port, targetPort }) => targetPort || port, "merged"],
    [
      "spec.externalTrafficPolicy",
      ({ type }) => (type === "NodePort" || type === "LoadBalancer" ? "Cluster" : undefined),
    ],
    ["spec.internalTrafficPolicy", ({ type }) => (type === "ExternalName" ? undefined : "Cluster")],
    ["spec.allocateLoadBalancerNodePorts", (spec) => (isBalanced(spec) ? true : undefined)],
    [
      "spec.ipFamilyPolicy",
      (spec) => ofAddressed(spec, isHeadlessWithoutPods(spec) ? "RequireDualStack" : "SingleStack"),
    ],
    ["spec.ipFamilies", (spec) => ofAddressed(spec, isHeadlessWithoutPods(spec) ? ["IPv4", "IPv6"] : ["IPv4"])],
  ],
  Endpoints: [["subsets.*.ports.*.protocol", "TCP"]],
  EndpointSlice: [
    ["ports.*.protocol", "TCP"],
    ["ports.*.name", ""],
  ],
  NetworkPolicy: [
    ["spec.podSelector", {}],
    ["spec.policyTypes", ({ egress }) => (egress === undefined ? ["Ingress"] : ["Ingress", "Egress"])],
    ["spec.ingress.*.ports.*.protocol", "TCP"],
    ["spec.egress.*.ports.*.protocol", "TCP"],
  ],
  PersistentVolumeClaim: [["spec.volumeMode", "Filesystem"]],
  PersistentVolume: [
    ["spec.persistentVolumeReclaimPolicy", "Retain"],
    ["spec.volumeMode", "Filesystem"],
    ["spec.hostPath.type", ""],
  ],
  IngressClass: [["spec.parameters.scope", "Cluster"]],
  APIService: [["spec.service.port", 443]],
  StorageClass: [
    ["reclaimPolicy", "Delete"],
    ["volumeBindingMode", "Immediate"],
  ],
  CSIDriver: [
    ["spec.attachRequired", true],
    ["spec.fsGroupPolicy", "ReadWriteOnceWithFSType"],
    ["spec.podInfoOnMount", false],
    ["spec.requiresRepublish", false],
    ["spec.seLinuxMount", false],
    ["spec.storageCapacity", false],
    ["spec.volumeLifecycleModes", ["Persistent"]],
  ],
  Secret: [["type", "Opaque"]],
  RoleBinding: ROLE_BINDING,
  ClusterRoleBinding: ROLE_BINDING,
  PriorityClass: [["preemptionPolicy", "PreemptLowerPriority"]],
  LimitRange: [
    ["spec.limits.*.default", (limit) => ofContainers(limit, ["default", "max"]), "merged"],
    ["spec.limits.*.defaultRequest", (limit) => ofContainers(limit, ["defaultRequest", "default", "min"]), "merged"],
  ],
  MutatingWebhookConfiguration: [...under("webhooks.*", WEBHOOK), ["webhooks.*.reinvocationPolicy", "Never"]],
  ValidatingWebhookConfiguration: under("webhooks.*", WEBHOOK),
  ValidatingAdmissionPolicy: [
    ["spec.failurePolicy", "Fail"],
    ["spec.matchConstraints", {}],
    ...under("spec.matchConstraints", CONSTRAINTS),
  ],
  ValidatingAdmissionPolicyBinding: [
    ...under("spec.matchResources", CONSTRAINTS),
    ["spec.paramRef.parameterNotFoundAction", "Deny"],
  ],
  MutatingAdmissionPolicy: [
    ["spec.failurePolicy", "Fail"],
    ["spec.matchConstraints", {}],
    ...under("spec.matchConstraints", CONSTRAINTS),
  ],
  FlowSchema: [["spec.matchingPrecedence", ({ matchingPrecedence }) => matchingPrecedence || 1000, "merged"]],
  PriorityLevelConfiguration: [
    ["spec.limited.nominalConcurrencyShares", 30],
    ["spec.limited.lendablePercent", 0],
    ["spec.limited.limitResponse.queuing.queues", ({ queues }) => queues || 64, "merged"],
    ["spec.limited.limitResponse.queuing.handSize", ({ handSize }) => handSize || 8, "merged"],
    ["spec.limited.limitResponse.queuing.queueLengthLimit", ({ queueLengthLimit }) => queueLengthLimit || 50, "merged"],
  ],
  ResourceClaim: under("spec", DEVICES),
  ResourceClaimTemplate: under("spec.spec", DEVICES),
  MutatingAdmissionPolicyBinding: under("spec.matchResources", CONSTRAINTS),
  CustomResourceDefinition: [
    ["spec.conversion", { strategy: "None" }],
    ["spec.names.singular", ({ kind }) => (typeof kind === "string" ? kind.toLowerCase() : undefined)],
    ["spec.names.listKind", ({ kind }) => (typeof kind === "string" ? `${kind}List` : undefined)],
  ],
};

/** Limits of Pods and claims have no defaults. */
function ofContainers(limit: JsonObject, names: readonly string[]): Json | undefined {
  return limit["type"] === "Container" ? amounts(...names.map((name) => limit[name])) : limit[names[0] ?? ""];
}

/** Each of several lists of amounts adds what those before it do not name; nothing where there is none at all. */
function amounts(...lists: readonly (Json | undefined)[]): Json | undefined {
  const sum: JsonObject = Object.assign({}, ...lists.filter(isJsonObject).toReversed());
  return Object.keys(sum).length === 0 ? undefined : sum;
}

function ofAddressed({ type }: JsonObject, value: Json): Json | undefined {
  return type === "ExternalName" ? undefined : value;
}

function isBalanced({ type }: JsonObject): boolean {
  return type === "LoadBalancer";
}

/** Nobody says which Pods are meant, so nobody knows which addresses they have. */
function isHeadlessWithoutPods({ clusterIP, selector }: JsonObject): boolean {
  return clusterIP === "None" && selector === undefined;
}

/** The object with every default of its kind; what is there stays. The kind is one of Kubernetes' own. */
export function withDefaults(object: JsonObject, kind: string): JsonObject {
  return filledWith(object, BY_KIND.get(kind) ?? []);
}

/** The names of the fields that have a default somewhere in the kind. */
export function namesWithDefaults(kind: string): ReadonlySet<string> {
  const known = NAMES.get(kind);
  if (known !== undefined) return known;
  const names = new Set((BY_KIND.get(kind) ?? []).map(([path]) => path.split(".").at(-1) ?? ""));
  NAMES.set(kind, names);
  return names;
}

/** Kinds are anybody's words: not to be looked up in an object, which has names of its own. */
const BY_KIND = new Map(Object.entries(DEFAULTS));
const NAMES = new Map<string, ReadonlySet<string>>();
