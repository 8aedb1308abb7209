import { canonicalQuantity, milliQuantity } from "../../../kit/quantity.ts";
import { ANY_SCHEMA, isJsonObject, type Json, type JsonObject, type SchemaNode } from "../../../model/index.ts";

/** Fields that the server's types hold by pointer: there a zero is told apart from nothing, and kept. */
const KEPT_ZEROS: ReadonlySet<string> = new Set(
  [
    "activeDeadlineSeconds allocateLoadBalancerNodePorts allowPrivilegeEscalation allowVolumeExpansion attachRequired",
    "automountServiceAccountToken averageUtilization backoffLimit backoffLimitPerIndex blockOwnerDeletion completions",
    "controller defaultMode deletionGracePeriodSeconds enableServiceLinks errorCode expirationSeconds",
    "failedJobsHistoryLimit fsGroup hostProcess hostUsers immutable leaseDurationSeconds leaseTransitions lendablePercent",
    "manualSelector maxExpirationSeconds maxFailedIndexes maxItems maxLength maxProperties maximum minDomains minItems",
    "minLength minProperties minReplicas minimum mode multipleOf nominalConcurrencyShares optional optionalOldSelf",
    "parallelism partition podInfoOnMount priority privileged progressDeadlineSeconds readOnlyRootFilesystem ready",
    "replicas requiresRepublish revisionHistoryLimit runAsGroup runAsNonRoot runAsUser seLinuxMount",
    "serviceAccountTokenInSecrets serving setHostnameAsFQDN shareProcessNamespace stabilizationWindowSeconds started",
    "startingDeadlineSeconds storageCapacity storageClassName successfulJobsHistoryLimit suspend terminating",
    "terminatingReplicas terminationGracePeriodSeconds timeoutSeconds tolerationSeconds ttlSecondsAfterFinished",
    "x-kubernetes-preserve-unknown-fields",
  ].flatMap((line) => line.split(" ")),
);

/** The same names where they are held by value. */
const DROPPED_ZEROS: ReadonlySet<string> = new Set([
  "additionalPrinterColumns.priority",
  "livenessProbe.timeoutSeconds",
  "readinessProbe.timeoutSeconds",
  "startupProbe.timeoutSeconds",
  "status.replicas",
]);

/** A value as it comes back out of the server's own types: without nulls, without what is empty unless it must be there, with what the
 *  schema publishes as default, quantities in their canonical spelling. `name`: of the field that it stands in.
 *  Source: Go's encoding/json (omitempty) and the types of k8s.io/api, held to kube-apiserver 1.36 by test. */
export function compact(value: Json, schema: SchemaNode, name = ""): Json {
  if (schema.scalar === "quantity") return canonicalQuantity(value) ?? value;
  if (Array.isArray(value)) {
    const items = schema.items() ?? ANY_SCHEMA;
    return value.map((item: Json) => compact(item, items, name));
  }
  if (!isJsonObject(value) || schema.kind === "any") return value;
  return schema.kind === "map" ? compactMap(value, schema) : compactStruct(value, schema, name);
}

/** In a map of strings null is the empty string; keys stay. Amounts of resources are whole thousandths. */
function compactMap(value: JsonObject, schema: SchemaNode): JsonObject {
  const entries = Object.entries(value).map(([key, part = null]): [string, Json] => {
    const field = schema.field(key) ?? ANY_SCHEMA;
    if (field.scalar === "quantity") return [key, milliQuantity(part) ?? part];
    return [key, part === null ? (field.scalar === "string" ? "" : null) : compact(part, field, key)];
  });
  return Object.fromEntries(entries);
}

function compactStruct(value: JsonObject, schema: SchemaNode, parent: string): JsonObject {
  const kept: { [name: string]: Json } = {};
  for (const [name, part] of Object.entries(value)) {
    if (part === undefined || part === null) continue;
    const field = schema.field(name) ?? ANY_SCHEMA;
    const plain = compact(part, field, name);
    const zeroStays = KEPT_ZEROS.has(name) && !DROPPED_ZEROS.has(`${parent}.${name}`);
    if (!isEmpty(plain, field, zeroStays) || schema.required?.includes(name) === true) kept[name] = plain;
  }
  for (const [name, filling] of publishedDefaults(schema)) kept[name] ??= filling;
  return kept;
}

function isEmpty(value: Json, schema: SchemaNode, zeroStays: boolean): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isJsonObject(value)) return schema.kind === "map" && Object.keys(value).length === 0;
  const zero = value === "" || value === 0 || value === false;
  return zero && schema.kind === "scalar" && schema.scalar !== "int-or-string" && !zeroStays;
}

const PUBLISHED = new WeakMap<SchemaNode, readonly (readonly [name: string, value: Json])[]>();

/** What a struct always shows: OpenAPI names as default also the zero of each field that is never left out. */
function publishedDefaults(schema: SchemaNode): readonly (readonly [name: string, value: Json])[] {
  const known = PUBLISHED.get(schema);
  if (known !== undefined) return known;
  const found = schema.fieldNames().flatMap((name): [string, Json][] => {
    const field = schema.field(name);
    // Its default of 0 (of a ReplicationController) is published, and left out all the same.
    if (name === "minReadySeconds") return [];
    if (field?.default === undefined || (field.kind !== "struct" && field.kind !== "scalar")) return [];
    return [[name, compact(field.default, field, name)]];
  });
  PUBLISHED.set(schema, found);
  return found;
}
