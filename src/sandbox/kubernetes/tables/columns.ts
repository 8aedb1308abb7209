import type { JsonObject } from "../../../model/index.ts";
import {
  accessModes,
  available,
  balancerAddresses,
  externalAddress,
  few,
  ingressHosts,
  kernel,
  metricsText,
  nodeAddress,
  nodeRoles,
  nodeStatus,
  portText,
  quotaText,
  roleText,
  subsetTexts,
  volumePhase,
} from "./cells.ts";
import { AGE, type Cell, type Column, column, counts, NAME, shows } from "./column.ts";
import { RARE } from "./rare-columns.ts";
import { age, at, count, joined, list, selectorText, text, texts } from "./read.ts";
import { WORKLOADS } from "./workload-columns.ts";

const truth = (head: string, path: string): Column => column(head, (object) => at(object, path) === true);

/** A claim without a volume has no size yet. */
const isPlaced = (claim: JsonObject): boolean => at(claim, "spec.volumeName") !== undefined;

const COLUMNS: { readonly [kind: string]: readonly Column[] } = {
  ...WORKLOADS,
  ...RARE,
  ServiceAccount: [AGE],
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
    column("Hosts", ingressHosts),
    column("Address", (ingress) => balancerAddresses(ingress).join(",")),
    column("Ports", (ingress) => (count(ingress, "spec.tls") > 0 ? "80, 443" : "80")),
    AGE,
  ],
  ConfigMap: [column("Data", (map) => count(map, "data") + count(map, "binaryData")), AGE],
  Secret: [shows("Type", "type"), counts("Data", "data"), AGE],
  Namespace: [shows("Status", "status.phase"), AGE],
  Node: [
    column("Status", nodeStatus),
    column("Roles", nodeRoles),
    AGE,
    shows("Version", "status.nodeInfo.kubeletVersion", ""),
    column("Internal-IP|wide", (node) => nodeAddress(node, "InternalIP")),
    column("External-IP|wide", (node) => nodeAddress(node, "ExternalIP")),
    shows("OS-Image|wide", "status.nodeInfo.osImage", "<unknown>"),
    column("Kernel-Version|wide", kernel),
    shows("Container-Runtime|wide", "status.nodeInfo.containerRuntimeVersion", "<unknown>"),
  ],
  PersistentVolume: [
    shows("Capacity", "spec.capacity.storage", ""),
    column("Access Modes", (volume) => accessModes(texts(volume, "spec.accessModes"))),
    shows("Reclaim Policy", "spec.persistentVolumeReclaimPolicy", ""),
    column("Status", volumePhase),
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
    column("Status", volumePhase),
    shows("Volume", "spec.volumeName", ""),
    column("Capacity", (claim) => (isPlaced(claim) ? text(claim, "status.capacity.storage", "0") : "")),
    column("Access Modes", (claim) => (isPlaced(claim) ? accessModes(texts(claim, "status.accessModes")) : "")),
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
    column("Targets", metricsText),
    shows("MinPods", "spec.minReplicas", "<unset>"),
    counts("MaxPods", "spec.maxReplicas"),
    counts("Replicas", "status.currentReplicas"),
    AGE,
  ],
  PodDisruptionBudget: [
    shows("Min Available", "spec.minAvailable", "N/A"),
    shows("Max Unavailable", "spec.maxUnavailable", "N/A"),
    counts("Allowed Disruptions:integer", "status.disruptionsAllowed"),
    AGE,
  ],
  NetworkPolicy: [column("Pod-Selector", (policy) => selectorText(at(policy, "spec.podSelector"))), AGE],
  RoleBinding: [column("Role", roleText), AGE, ...subjects()],
  ClusterRoleBinding: [column("Role", roleText), AGE, ...subjects()],
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
    counts("Value:integer", "value"),
    column("Global-Default:boolean", (one) => at(one, "globalDefault") === true),
    AGE,
    shows("PreemptionPolicy", "preemptionPolicy", ""),
  ],
  Endpoints: [
    column("Endpoints", (points) => few(list(points, "subsets").flatMap(subsetTexts), 3, { absent: "<none>" })),
    AGE,
  ],
  EndpointSlice: [
    shows("AddressType", "addressType", ""),
    column("Ports", (slice) =>
      few(
        list(slice, "ports").map(({ port, name }) => port ?? name ?? "*"),
        3,
      ),
    ),
    column("Endpoints", (slice) =>
      few(
        list(slice, "endpoints").flatMap((one) => texts(one, "addresses")),
        3,
      ),
    ),
    AGE,
  ],
  ResourceQuota: [
    column("Request", (quota) => quotaText(quota, false)),
    column("Limit", (quota) => quotaText(quota, true)),
    AGE,
  ],
  CSIDriver: [
    column("AttachRequired:boolean", (driver) => at(driver, "spec.attachRequired") !== false),
    truth("PodInfoOnMount:boolean", "spec.podInfoOnMount"),
    truth("StorageCapacity:boolean", "spec.storageCapacity"),
    column("TokenRequests", (driver) =>
      joined(
        list(driver, "spec.tokenRequests").map(({ audience }) => audience),
        "<unset>",
      ),
    ),
    truth("RequiresRepublish:boolean", "spec.requiresRepublish"),
    column("Modes", (driver) => joined(texts(driver, "spec.volumeLifecycleModes"))),
    AGE,
  ],
  APIService: [
    column("Service", (one) =>
      at(one, "spec.service") === undefined
        ? "Local"
        : `${text(one, "spec.service.namespace")}/${text(one, "spec.service.name")}`,
    ),
    column("Available", available),
    AGE,
  ],
  IngressClass: [
    shows("Controller", "spec.controller", ""),
    column("Parameters", (one) =>
      at(one, "spec.parameters") === undefined
        ? "<none>"
        : [text(one, "spec.parameters.kind"), at(one, "spec.parameters.apiGroup")].filter(Boolean).join(".") +
          `/${text(one, "spec.parameters.name")}`,
    ),
    AGE,
  ],
};

/** The columns of a built-in kind as the real server has them; undefined where it has none of its own. */
export function columnsOf(kind: string): readonly Column[] | undefined {
  const columns = COLUMNS[kind];
  return kind === "Event" || columns === undefined ? columns : [NAME, ...columns];
}

export const ANY_KIND: readonly Column[] = [NAME, shows("Created At:date", "metadata.creationTimestamp", "")];

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
