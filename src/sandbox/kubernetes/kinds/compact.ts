import { canonicalQuantity } from "../../../kit/quantity.ts";
import { ANY_SCHEMA, isJsonObject, type Json, type JsonObject, type SchemaNode } from "../../../model/index.ts";

/** Scalars that the server's types hold by pointer: their zero is told apart from their absence, and kept. */
const KEPT_ZEROS = new Set([
  ...[
    "activeDeadlineSeconds",
    "allocateLoadBalancerNodePorts",
    "allowPrivilegeEscalation",
    "allowVolumeExpansion",
    "attachRequired",
  ],
  ...[
    "automountServiceAccountToken",
    "averageUtilization",
    "backoffLimit",
    "backoffLimitPerIndex",
    "completions",
    "defaultMode",
  ],
  ...[
    "enableServiceLinks",
    "failedJobsHistoryLimit",
    "fsGroup",
    "hostUsers",
    "immutable",
    "manualSelector",
    "maxReplicas",
    "minReplicas",
  ],
  ...["mode", "optional", "parallelism", "partition", "podInfoOnMount", "privileged", "progressDeadlineSeconds"],
  ...["readOnlyRootFilesystem", "replicas", "revisionHistoryLimit", "runAsGroup", "runAsNonRoot", "runAsUser"],
  ...[
    "setHostnameAsFQDN",
    "shareProcessNamespace",
    "stabilizationWindowSeconds",
    "startingDeadlineSeconds",
    "storageClassName",
  ],
  ...[
    "successfulJobsHistoryLimit",
    "suspend",
    "terminationGracePeriodSeconds",
    "tolerationSeconds",
    "ttlSecondsAfterFinished",
    "controller",
  ],
  ...[
    "blockOwnerDeletion",
    "priority",
    "preserveUnknownFields",
    "timeoutSeconds",
    "expirationSeconds",
    "selectPolicy",
    "minDomains",
  ],
]);

/** A value as it comes back out of the server's own types: without nulls and without what is empty, unless it must be there; quantities
 *  in their canonical spelling. Source: Go's encoding/json (omitempty), recorded on kube-apiserver 1.36. */
export function compact(value: Json, schema: SchemaNode): Json {
  if (schema.scalar === "quantity") return canonicalQuantity(value) ?? value;
  if (Array.isArray(value)) {
    const items = schema.items() ?? ANY_SCHEMA;
    return value.map((item: Json) => compact(item, items));
  }
  if (!isJsonObject(value) || schema.kind === "any") return value;
  return schema.kind === "map" ? compactMap(value, schema) : compactStruct(value, schema);
}

/** In a map of strings null is the empty string; keys stay. */
function compactMap(value: JsonObject, schema: SchemaNode): JsonObject {
  const entries = Object.entries(value).map(([name, part]): [string, Json] => {
    const field = schema.field(name) ?? ANY_SCHEMA;
    return [name, part === null || part === undefined ? (field.scalar === "string" ? "" : null) : compact(part, field)];
  });
  return Object.fromEntries(entries);
}

function compactStruct(value: JsonObject, schema: SchemaNode): JsonObject {
  const entries = Object.entries(value).flatMap(([name, part]): [string, Json][] => {
    if (part === undefined || part === null) return [];
    const field = schema.field(name) ?? ANY_SCHEMA;
    const kept = compact(part, field);
    return isLeftOut(kept, field, name) && schema.required?.includes(name) !== true ? [] : [[name, kept]];
  });
  return Object.fromEntries(entries);
}

function isLeftOut(value: Json, schema: SchemaNode, name: string): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isJsonObject(value)) return schema.kind === "map" && Object.keys(value).length === 0;
  const zero = value === "" || value === 0 || value === false;
  return zero && schema.kind === "scalar" && schema.scalar !== "int-or-string" && !KEPT_ZEROS.has(name);
}
