import {
  type FieldChange,
  groupKindKey,
  isDifference,
  type LiveObject,
  type Ref,
  type SchemaNode,
} from "../model/index.ts";

interface Rule {
  /** As `groupKindKey` writes them. */
  readonly kinds: readonly string[];
  /** JSON pointers; what is below counts, too. */
  readonly fields: readonly string[];
  /** What of these may be changed all the same. */
  readonly but?: readonly string[];
  /** Only where the live object is so. */
  readonly when?: (live: LiveObject) => boolean;
}

const isSealed = (live: LiveObject): boolean => live["immutable"] === true;

/**
 * Where the API server's own validation may refuse a change of an object that is there. A doubt and no verdict: the server's dry run
 * decides, so a field too many costs one request when it changes, and one too few is told by the write. Held to the server by test/sync/immutable-kinds.
 */
const RULES: readonly Rule[] = [
  { kinds: ["Deployment.apps", "DaemonSet.apps", "ReplicaSet.apps"], fields: ["/spec/selector"] },
  {
    kinds: ["StatefulSet.apps"],
    fields: ["/spec"],
    but: [
      "/spec/replicas",
      "/spec/template",
      "/spec/updateStrategy",
      "/spec/ordinals",
      "/spec/minReadySeconds",
      "/spec/revisionHistoryLimit",
      "/spec/persistentVolumeClaimRetentionPolicy",
    ],
  },
  {
    kinds: ["Job.batch"],
    fields: ["/spec"],
    but: ["/spec/parallelism", "/spec/suspend", "/spec/ttlSecondsAfterFinished", "/spec/activeDeadlineSeconds"],
  },
  { kinds: ["Pod"], fields: ["/spec"] },
  {
    kinds: ["Service"],
    fields: [
      "/spec/clusterIP",
      "/spec/clusterIPs",
      "/spec/ipFamilies",
      "/spec/ipFamilyPolicy",
      "/spec/type",
      "/spec/loadBalancerClass",
      "/spec/healthCheckNodePort",
    ],
  },
  { kinds: ["PersistentVolumeClaim", "PersistentVolume"], fields: ["/spec"] },
  { kinds: ["Secret"], fields: ["/type"] },
  { kinds: ["Secret", "ConfigMap"], fields: ["/data", "/stringData", "/binaryData", "/immutable"], when: isSealed },
  {
    kinds: ["StorageClass.storage.k8s.io"],
    fields: ["/parameters", "/provisioner", "/reclaimPolicy", "/volumeBindingMode"],
  },
  { kinds: ["VolumeAttributesClass.storage.k8s.io"], fields: ["/driverName", "/parameters"] },
  { kinds: ["CSIDriver.storage.k8s.io", "VolumeAttachment.storage.k8s.io"], fields: ["/spec"] },
  {
    kinds: ["RoleBinding.rbac.authorization.k8s.io", "ClusterRoleBinding.rbac.authorization.k8s.io"],
    fields: ["/roleRef"],
  },
  { kinds: ["IngressClass.networking.k8s.io"], fields: ["/spec/controller"] },
  { kinds: ["ServiceCIDR.networking.k8s.io", "IPAddress.networking.k8s.io"], fields: ["/spec"] },
  { kinds: ["PriorityClass.scheduling.k8s.io"], fields: ["/value", "/preemptionPolicy"] },
  { kinds: ["RuntimeClass.node.k8s.io"], fields: ["/handler"] },
  { kinds: ["EndpointSlice.discovery.k8s.io"], fields: ["/addressType"] },
  { kinds: ["ControllerRevision.apps"], fields: ["/data"] },
  { kinds: ["ResourceQuota"], fields: ["/spec/scopes", "/spec/scopeSelector"] },
  {
    kinds: [
      "CertificateSigningRequest.certificates.k8s.io",
      "ClusterTrustBundle.certificates.k8s.io",
      "ResourceClaim.resource.k8s.io",
      "ResourceClaimTemplate.resource.k8s.io",
      "ResourceSlice.resource.k8s.io",
    ],
    fields: ["/spec"],
  },
  {
    kinds: ["CustomResourceDefinition.apiextensions.k8s.io"],
    fields: ["/spec/scope", "/spec/group", "/spec/names"],
  },
];

const RULES_OF_KIND = Map.groupBy(
  RULES.flatMap((rule) => rule.kinds.map((kind) => ({ kind, rule }))),
  ({ kind }) => kind,
);

/** Which of the changes the server may refuse, since the field cannot be changed: by the table, or by a rule over `oldSelf` in the kind's schema. */
export function doubtfulChanges(
  ref: Ref,
  { live, changes, schema }: Changing,
): readonly Pick<FieldChange, "path" | "pointer">[] {
  const rules = (RULES_OF_KIND.get(groupKindKey(ref)) ?? []).filter(({ rule }) => rule.when?.(live) ?? true);
  return changes.filter((change) => {
    if (!isDifference(change) || change.path === "") return false;
    return rules.some(({ rule }) => concerns(rule, change.pointer)) || hasTransition(schema, change.pointer);
  });
}

interface Changing {
  readonly live: LiveObject;
  readonly changes: readonly FieldChange[];
  readonly schema: SchemaNode;
}

function concerns({ fields, but = [] }: Rule, pointer: string): boolean {
  return fields.some((field) => meets(pointer, field)) && !but.some((field) => isWithin(pointer, field));
}

/** One is the other, or a part of it. */
function meets(one: string, other: string): boolean {
  return isWithin(one, other) || isWithin(other, one);
}

function isWithin(pointer: string, whole: string): boolean {
  return pointer === whole || pointer.startsWith(`${whole}/`);
}

/** A rule that compares with the old object stands on the way to the field, at it, or in it. */
function hasTransition(schema: SchemaNode, pointer: string): boolean {
  let node: SchemaNode | undefined = schema;
  for (const token of pointer.split("/").slice(1)) {
    if (node === undefined) return false;
    if (node.transition === true) return true;
    node = node.kind === "list" ? node.items() : node.field(token);
  }
  return isTransition(node);
}

/** Schemas are kept for as long as the server publishes them, and each is looked through once. */
const LOOKED_THROUGH = new WeakMap<SchemaNode, boolean>();

function isTransition(node: SchemaNode | undefined): boolean {
  if (node === undefined || node.kind === "any") return false;
  const known = LOOKED_THROUGH.get(node);
  if (known !== undefined) return known;
  // What is part of itself has no answer yet, and needs none of its own.
  LOOKED_THROUGH.set(node, false);
  const found = node.transition === true || partsOf(node).some(isTransition);
  LOOKED_THROUGH.set(node, found);
  return found;
}

function partsOf(node: SchemaNode): readonly (SchemaNode | undefined)[] {
  if (node.kind === "list") return [node.items()];
  return node.kind === "map" ? [node.field("")] : node.fieldNames().map((name) => node.field(name));
}
