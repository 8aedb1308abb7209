import { isJsonObject, type Json, type JsonObject } from "../../../model/index.ts";
import { hostPorts, limitsAsRequests } from "./pods.ts";

/** A place, and what stands there when its parent is there and it is not. `*` is every item of a list. */
type Default = readonly [path: string, value: Json | ((parent: JsonObject) => Json | undefined)];

const PROBE: readonly Default[] = [
  ["timeoutSeconds", 1],
  ["periodSeconds", 10],
  ["successThreshold", 1],
  ["failureThreshold", 3],
  ["httpGet.path", "/"],
  ["httpGet.scheme", "HTTP"],
  ["grpc.service", ""],
];

const CONTAINER: readonly Default[] = [
  ["terminationMessagePath", "/dev/termination-log"],
  ["terminationMessagePolicy", "File"],
  ["imagePullPolicy", ({ image }) => (isLatest(image) ? "Always" : "IfNotPresent")],
  ["env.*.valueFrom.fieldRef.apiVersion", "v1"],
  ...["livenessProbe", "readinessProbe", "startupProbe"].flatMap((probe) => under(probe, PROBE)),
  ["lifecycle.postStart.httpGet.path", "/"],
  ["lifecycle.postStart.httpGet.scheme", "HTTP"],
  ["lifecycle.preStop.httpGet.path", "/"],
  ["lifecycle.preStop.httpGet.scheme", "HTTP"],
];

const POD: readonly Default[] = [
  ["restartPolicy", "Always"],
  ["terminationGracePeriodSeconds", 30],
  ["dnsPolicy", "ClusterFirst"],
  ["securityContext", {}],
  ["schedulerName", "default-scheduler"],
  ["serviceAccount", ({ serviceAccountName }) => serviceAccountName],
  ["serviceAccountName", ({ serviceAccount }) => serviceAccount],
  ...["containers.*", "initContainers.*"].flatMap((container) => under(container, CONTAINER)),
  ["volumes.*.configMap.defaultMode", 420],
  ["volumes.*.secret.defaultMode", 420],
  ["volumes.*.downwardAPI.defaultMode", 420],
  ["volumes.*.downwardAPI.items.*.fieldRef.apiVersion", "v1"],
  ["volumes.*.projected.defaultMode", 420],
  ["volumes.*.projected.sources.*.serviceAccountToken.expirationSeconds", 3600],
  ["volumes.*.projected.sources.*.downwardAPI.items.*.fieldRef.apiVersion", "v1"],
  ["volumes.*.hostPath.type", ""],
  ["volumes.*.ephemeral.volumeClaimTemplate.spec.volumeMode", "Filesystem"],
  ["volumes.*.emptyDir", emptyDirUnlessOther],
];

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

const ROLE_BINDING: readonly Default[] = [
  [
    "subjects.*.apiGroup",
    ({ kind }) => (kind === "User" || kind === "Group" ? "rbac.authorization.k8s.io" : undefined),
  ],
  ["roleRef.apiGroup", "rbac.authorization.k8s.io"],
];

const PROBE_PERCENT = "25%";

/** What kube-apiserver 1.36 fills in, by kind. Source: Kubernetes, the v1 defaults of each API group; held to the real server by test. */
const DEFAULTS: { readonly [kind: string]: readonly Default[] } = {
  Pod: [
    ...under("spec", POD),
    ["spec.enableServiceLinks", true],
    ["spec.containers.*.resources.requests", all(limitsAsRequests)],
    ["spec.initContainers.*.resources.requests", all(limitsAsRequests)],
  ],
  PodTemplate: under("template.spec", POD),
  Deployment: [
    ["spec.replicas", 1],
    ["spec.revisionHistoryLimit", 10],
    ["spec.progressDeadlineSeconds", 600],
    ["spec.strategy", {}],
    ["spec.strategy.type", "RollingUpdate"],
    ["spec.strategy.rollingUpdate", ({ type }) => (type === "RollingUpdate" ? {} : undefined)],
    ["spec.strategy.rollingUpdate.maxUnavailable", PROBE_PERCENT],
    ["spec.strategy.rollingUpdate.maxSurge", PROBE_PERCENT],
    ...template("spec"),
  ],
  ReplicaSet: [["spec.replicas", 1], ...template("spec")],
  ReplicationController: [["spec.replicas", 1], ...template("spec")],
  StatefulSet: [
    ["spec.replicas", 1],
    ["spec.podManagementPolicy", "OrderedReady"],
    ["spec.revisionHistoryLimit", 10],
    ["spec.updateStrategy", {}],
    ["spec.updateStrategy.type", "RollingUpdate"],
    ["spec.updateStrategy.rollingUpdate", ({ type }) => (type === "RollingUpdate" ? {} : undefined)],
    ["spec.updateStrategy.rollingUpdate.partition", 0],
    ["spec.persistentVolumeClaimRetentionPolicy", {}],
    ["spec.persistentVolumeClaimRetentionPolicy.whenDeleted", "Retain"],
    ["spec.persistentVolumeClaimRetentionPolicy.whenScaled", "Retain"],
    ["spec.volumeClaimTemplates.*.apiVersion", "v1"],
    ["spec.volumeClaimTemplates.*.kind", "PersistentVolumeClaim"],
    ["spec.volumeClaimTemplates.*.spec.volumeMode", "Filesystem"],
    ["spec.volumeClaimTemplates.*.status", { phase: "Pending" }],
    ...template("spec"),
  ],
  DaemonSet: [
    ["spec.revisionHistoryLimit", 10],
    ["spec.updateStrategy", {}],
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
    ["spec.behavior.scaleUp.stabilizationWindowSeconds", 0],
    ["spec.behavior.*.selectPolicy", "Max"],
  ],
  Service: [
    ["spec.type", "ClusterIP"],
    ["spec.sessionAffinity", "None"],
    ["spec.sessionAffinityConfig.clientIP.timeoutSeconds", 10800],
    ["spec.ports.*.protocol", "TCP"],
    ["spec.ports.*.targetPort", ({ port }) => port],
    [
      "spec.externalTrafficPolicy",
      ({ type }) => (type === "NodePort" || type === "LoadBalancer" ? "Cluster" : undefined),
    ],
    ["spec.internalTrafficPolicy", ({ type }) => (type === "ExternalName" ? undefined : "Cluster")],
    ["spec.allocateLoadBalancerNodePorts", ({ type }) => (type === "LoadBalancer" ? true : undefined)],
    ["spec.ipFamilies", ({ type }) => (type === "ExternalName" ? undefined : ["IPv4"])],
    ["spec.ipFamilyPolicy", ({ type }) => (type === "ExternalName" ? undefined : "SingleStack")],
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
    ["spec.claimRef.apiVersion", "v1"],
    ["spec.claimRef.kind", "PersistentVolumeClaim"],
  ],
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
  Namespace: [
    ["spec", {}],
    ["spec.finalizers", ["kubernetes"]],
  ],
  PriorityClass: [["preemptionPolicy", "PreemptLowerPriority"]],
  LimitRange: [
    ["spec.limits.*.default", ({ type, max }) => (type === "Container" ? max : undefined)],
    [
      "spec.limits.*.defaultRequest",
      (limit) => (limit["type"] === "Container" ? (limit["default"] ?? limit["min"]) : undefined),
    ],
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
  MutatingAdmissionPolicyBinding: under("spec.matchResources", CONSTRAINTS),
  CustomResourceDefinition: [
    ["spec.conversion", { strategy: "None" }],
    ["spec.names.singular", ({ kind }) => (typeof kind === "string" ? kind.toLowerCase() : undefined)],
    ["spec.names.listKind", ({ kind }) => (typeof kind === "string" ? `${kind}List` : undefined)],
  ],
};

function under(prefix: string, defaults: readonly Default[]): Default[] {
  return defaults.map(([path, value]): Default => [`${prefix}.${path}`, value]);
}

function limitsAsRequests({ limits }: JsonObject): Json | undefined {
  return limits;
}

/** No tag and no digest, or the tag "latest". */
function isLatest(image: Json | undefined): boolean {
  if (typeof image !== "string" || image.includes("@")) return false;
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  return tag === undefined || tag === "latest";
}

/** The object with every default of its kind; what is there stays. */
export function withDefaults(object: JsonObject, kind: string): JsonObject {
  return (DEFAULTS[kind] ?? []).reduce((sum, [path, value]) => filled(sum, path.split("."), value), object);
}

function filled(parent: JsonObject, [name = "", ...rest]: readonly string[], value: Default[1]): JsonObject {
  const there = parent[name];
  if (rest.length > 0) return there === undefined ? parent : { ...parent, [name]: within(there, rest, value) };
  if (there !== undefined) return parent;
  const filling = typeof value === "function" ? value(parent) : value;
  return filling === undefined ? parent : { ...parent, [name]: filling };
}

function within(value: Json, path: readonly string[], filling: Default[1]): Json {
  if (path[0] === "*") {
    const [, ...rest] = path;
    if (Array.isArray(value)) return value.map((item: Json) => within(item, rest, filling));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, within(part ?? null, rest, filling)]));
  }
  return isJsonObject(value) ? filled(value, path, filling) : value;
}
