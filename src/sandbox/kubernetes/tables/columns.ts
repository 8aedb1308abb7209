import {
  accessModes,
  externalAddress,
  jobDuration,
  jobStatus,
  metricText,
  portText,
  quotaText,
  roleText,
  subsetTexts,
} from "./cells.ts";
import { AGE, type Cell, type Column, column, counts, NAME, shows } from "./column.ts";
import { podStatus, restarts } from "./pod-status.ts";
import { age, at, count, joined, list, selectorText, text, texts } from "./read.ts";

const TEMPLATE = "spec.template.spec";
const CONTAINERS = column("Containers|wide", (object) =>
  joined(list(object, `${TEMPLATE}.containers`).map(({ name }) => name)),
);
const IMAGES = column("Images|wide", (object) =>
  joined(list(object, `${TEMPLATE}.containers`).map(({ image }) => image)),
);
const SELECTOR = column("Selector|wide", (object) => selectorText(at(object, "spec.selector")));
const WORKLOAD = [AGE, CONTAINERS, IMAGES, SELECTOR];
const ready: Cell = (object) => `${count(object, "status.readyReplicas")}/${text(object, "spec.replicas", "0")}`;

const COLUMNS: { readonly [kind: string]: readonly Column[] } = {
  Pod: [
    column(
      "Ready",
      (pod) =>
        `${list(pod, "status.containerStatuses").filter((one) => one["ready"] === true).length}/${count(pod, "spec.containers")}`,
    ),
    column("Status", podStatus),
    column("Restarts", restarts),
    AGE,
    shows("IP|wide", "status.podIP"),
    shows("Node|wide", "spec.nodeName"),
    shows("Nominated Node|wide", "status.nominatedNodeName"),
    column("Readiness Gates|wide", (pod) =>
      count(pod, "spec.readinessGates") === 0 ? "<none>" : `0/${count(pod, "spec.readinessGates")}`,
    ),
  ],
  Deployment: [
    column("Ready", ready),
    counts("Up-to-date", "status.updatedReplicas"),
    counts("Available", "status.availableReplicas"),
    ...WORKLOAD,
  ],
  ReplicaSet: [
    counts("Desired:integer", "spec.replicas"),
    counts("Current:integer", "status.replicas"),
    counts("Ready:integer", "status.readyReplicas"),
    ...WORKLOAD,
  ],
  StatefulSet: [column("Ready", ready), AGE, CONTAINERS, IMAGES],
  DaemonSet: [
    counts("Desired:integer", "status.desiredNumberScheduled"),
    counts("Current:integer", "status.currentNumberScheduled"),
    counts("Ready:integer", "status.numberReady"),
    counts("Up-to-date:integer", "status.updatedNumberScheduled"),
    counts("Available:integer", "status.numberAvailable"),
    column("Node Selector", (set) => selectorText(at(set, `${TEMPLATE}.nodeSelector`))),
    ...WORKLOAD,
  ],
  Job: [
    column("Status", jobStatus),
    column("Completions", (job) => `${count(job, "status.succeeded")}/${text(job, "spec.completions", "1")}`),
    column("Duration", (job, now) => jobDuration(job, now)),
    ...WORKLOAD,
  ],
  CronJob: [
    shows("Schedule", "spec.schedule"),
    shows("Timezone", "spec.timeZone"),
    column("Suspend:boolean", (job) => (at(job, "spec.suspend") === true ? "True" : "False")),
    counts("Active:integer", "status.active"),
    column("Last Schedule", (job, now) =>
      at(job, "status.lastScheduleTime") === undefined ? "<none>" : age(at(job, "status.lastScheduleTime"), now),
    ),
    AGE,
    column("Containers|wide", (job) =>
      joined(list(job, `spec.jobTemplate.${TEMPLATE}.containers`).map(({ name }) => name)),
    ),
    column("Images|wide", (job) =>
      joined(list(job, `spec.jobTemplate.${TEMPLATE}.containers`).map(({ image }) => image)),
    ),
    column("Selector|wide", (job) => selectorText(at(job, "spec.jobTemplate.spec.selector"))),
  ],
  Service: [
    shows("Type", "spec.type"),
    shows("Cluster-IP", "spec.clusterIP"),
    column("External-IP", externalAddress),
    column("Port(s)", (service) => joined(list(service, "spec.ports").map(portText))),
    AGE,
    column("Selector|wide", (service) => selectorText(at(service, "spec.selector"))),
  ],
  Ingress: [
    shows("Class", "spec.ingressClassName"),
    column("Hosts", (ingress) =>
      joined(
        list(ingress, "spec.rules").flatMap(({ host }) => host ?? []),
        "*",
      ),
    ),
    column("Address", (ingress) =>
      list(ingress, "status.loadBalancer.ingress")
        .map(({ ip, hostname }) => ip ?? hostname)
        .join(","),
    ),
    column("Ports", (ingress) => (count(ingress, "spec.tls") > 0 ? "80, 443" : "80")),
    AGE,
  ],
  ConfigMap: [column("Data", (map) => count(map, "data") + count(map, "binaryData")), AGE],
  Secret: [shows("Type", "type"), counts("Data", "data"), AGE],
  Namespace: [shows("Status", "status.phase"), AGE],
  Node: [
    column("Status", (node) =>
      list(node, "status.conditions").some(({ type, status }) => type === "Ready" && status === "True")
        ? "Ready"
        : "NotReady",
    ),
    column("Roles", () => "<none>"),
    AGE,
    shows("Version", "status.nodeInfo.kubeletVersion", ""),
  ],
  PersistentVolume: [
    shows("Capacity", "spec.capacity.storage", ""),
    column("Access Modes", (volume) => accessModes(texts(volume, "spec.accessModes"))),
    shows("Reclaim Policy", "spec.persistentVolumeReclaimPolicy", ""),
    shows("Status", "status.phase", ""),
    column("Claim", (volume) =>
      at(volume, "spec.claimRef") === undefined
        ? ""
        : `${text(volume, "spec.claimRef.namespace")}/${text(volume, "spec.claimRef.name")}`,
    ),
    shows("StorageClass", "spec.storageClassName", ""),
    shows("VolumeAttributesClass", "spec.volumeAttributesClassName", "<unset>"),
    shows("Reason", "status.reason", ""),
    AGE,
    shows("VolumeMode|wide", "spec.volumeMode", "<unset>"),
  ],
  PersistentVolumeClaim: [
    shows("Status", "status.phase", ""),
    shows("Volume", "spec.volumeName", ""),
    shows("Capacity", "status.capacity.storage", ""),
    column("Access Modes", (claim) => accessModes(texts(claim, "status.accessModes"))),
    shows("StorageClass", "spec.storageClassName", ""),
    shows("VolumeAttributesClass", "spec.volumeAttributesClassName", "<unset>"),
    AGE,
    shows("VolumeMode|wide", "spec.volumeMode", "<unset>"),
  ],
  StorageClass: [
    shows("Provisioner", "provisioner", ""),
    shows("ReclaimPolicy", "reclaimPolicy", ""),
    shows("VolumeBindingMode", "volumeBindingMode", ""),
    column("AllowVolumeExpansion", (storage) => at(storage, "allowVolumeExpansion") === true),
    AGE,
  ],
  HorizontalPodAutoscaler: [
    column(
      "Reference",
      (scaler) => `${text(scaler, "spec.scaleTargetRef.kind")}/${text(scaler, "spec.scaleTargetRef.name")}`,
    ),
    column("Targets", (scaler) => joined(list(scaler, "spec.metrics").map(metricText))),
    shows("MinPods", "spec.minReplicas", "<unset>"),
    counts("MaxPods:integer", "spec.maxReplicas"),
    counts("Replicas:integer", "status.currentReplicas"),
    AGE,
  ],
  PodDisruptionBudget: [
    shows("Min Available", "spec.minAvailable", "N/A"),
    shows("Max Unavailable", "spec.maxUnavailable", "N/A"),
    counts("Allowed Disruptions:integer", "status.disruptionsAllowed"),
    AGE,
  ],
  NetworkPolicy: [column("Pod-Selector", (policy) => selectorText(at(policy, "spec.podSelector"))), AGE],
  Role: [shows("Created At:date", "metadata.creationTimestamp", "")],
  ClusterRole: [shows("Created At:date", "metadata.creationTimestamp", "")],
  RoleBinding: [column("Role", roleText), AGE, ...subjects()],
  ClusterRoleBinding: [column("Role", roleText), AGE, ...subjects()],
  CustomResourceDefinition: [shows("Created At:date", "metadata.creationTimestamp", "")],
  Event: [
    column("Last Seen", (event, now) =>
      age(at(event, "lastTimestamp") ?? at(event, "metadata.creationTimestamp"), now),
    ),
    shows("Type", "type", ""),
    shows("Reason", "reason", ""),
    column(
      "Object",
      (event) => `${text(event, "involvedObject.kind", "").toLowerCase()}/${text(event, "involvedObject.name", "")}`,
    ),
    shows("Subobject|wide", "involvedObject.fieldPath", ""),
    shows("Source|wide", "source.component", ""),
    column("Message", (event) => text(event, "message", "").trim()),
    column("First Seen|wide", (event, now) =>
      age(at(event, "firstTimestamp") ?? at(event, "metadata.creationTimestamp"), now),
    ),
    column("Count|wide", (event) => count(event, "count") || 1),
    { ...NAME, priority: 1 },
  ],
  Lease: [shows("Holder", "spec.holderIdentity", ""), AGE],
  PriorityClass: [
    counts("Value", "value"),
    column("Global-Default", (one) => at(one, "globalDefault") === true),
    AGE,
    shows("PreemptionPolicy", "preemptionPolicy", ""),
  ],
  Endpoints: [column("Endpoints", (points) => joined(list(points, "subsets").flatMap(subsetTexts))), AGE],
  EndpointSlice: [
    shows("AddressType", "addressType", ""),
    column("Ports", (slice) =>
      joined(
        list(slice, "ports").map(({ port }) => port ?? "*"),
        "<unset>",
      ),
    ),
    column("Endpoints", (slice) =>
      joined(
        list(slice, "endpoints").flatMap((one) => texts(one, "addresses")),
        "<unset>",
      ),
    ),
    AGE,
  ],
  ResourceQuota: [
    column("Request", (quota) => quotaText(quota, false)),
    column("Limit", (quota) => quotaText(quota, true)),
    AGE,
  ],
  LimitRange: [shows("Created At", "metadata.creationTimestamp", "")],
  MutatingWebhookConfiguration: [counts("Webhooks:integer", "webhooks"), AGE],
  ValidatingWebhookConfiguration: [counts("Webhooks:integer", "webhooks"), AGE],
  ValidatingAdmissionPolicy: [
    counts("Validations:integer", "spec.validations"),
    column("ParamKind", (policy) =>
      at(policy, "spec.paramKind") === undefined
        ? "<unset>"
        : `${text(policy, "spec.paramKind.apiVersion")}/${text(policy, "spec.paramKind.kind")}`,
    ),
    AGE,
  ],
  ValidatingAdmissionPolicyBinding: [
    shows("PolicyName", "spec.policyName", ""),
    column("ParamRef", () => "<unset>"),
    AGE,
  ],
  IngressClass: [
    shows("Controller", "spec.controller", ""),
    column("Parameters", (one) =>
      at(one, "spec.parameters") === undefined
        ? "<none>"
        : `${text(one, "spec.parameters.kind")}/${text(one, "spec.parameters.name")}`,
    ),
    AGE,
  ],
};

/** The columns of a built-in kind as the real server has them; a name and an age where it has no others. */
export function columnsOf(kind: string): readonly Column[] {
  if (kind === "Event") return COLUMNS["Event"] ?? [];
  return [NAME, ...(COLUMNS[kind] ?? [AGE])];
}

function subjects(): Column[] {
  const named =
    (kind: string): Cell =>
    (binding) =>
      list(binding, "subjects")
        .filter((subject) => subject["kind"] === kind)
        .map(({ namespace, name }) => (namespace === undefined ? name : `${namespace}/${name}`))
        .join(", ");
  return [
    column("Users|wide", named("User")),
    column("Groups|wide", named("Group")),
    column("ServiceAccounts|wide", named("ServiceAccount")),
  ];
}
