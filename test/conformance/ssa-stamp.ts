import {
  APPLIED_ANNOTATION,
  FIELD_MANAGER,
  isJsonObject,
  type JsonObject,
  type KubeObject,
  type LiveObject,
  type ManagedFieldsEntry,
} from "../../src/model/index.ts";

/** A manifest as we would send it: with the annotation that says which one it is. */
export function stamped(object: KubeObject, manifestHash: string): KubeObject {
  const { metadata } = object;
  return {
    ...object,
    metadata: { ...metadata, annotations: { ...metadata.annotations, [APPLIED_ANNOTATION]: manifestHash } },
  };
}

/** As if our annotation had been there when the case was recorded. */
export function stampedLive(live: LiveObject, manifestHash: string): LiveObject {
  const entries = live.metadata.managedFields ?? [];
  const ours = ourEntry(live) ?? { manager: FIELD_MANAGER, operation: "Apply" as const };
  const managedFields = [{ ...ours, fieldsV1: withStamp(ours.fieldsV1) }, ...entries.filter((entry) => entry !== ours)];
  const annotations = { ...live.metadata.annotations, [APPLIED_ANNOTATION]: manifestHash };
  return { ...live, metadata: { ...live.metadata, annotations, managedFields } };
}

export function ourEntry(live: LiveObject): ManagedFieldsEntry | undefined {
  return live.metadata.managedFields?.find(
    (entry) => entry.manager === FIELD_MANAGER && entry.operation === "Apply" && !entry.subresource,
  );
}

function withStamp(fields: JsonObject = {}): JsonObject {
  const below = (parent: JsonObject, name: string) => (isJsonObject(parent[name]) ? parent[name] : {});
  const metadata = below(fields, "f:metadata");
  const annotations = { ...below(metadata, "f:annotations"), [`f:${APPLIED_ANNOTATION}`]: {} };
  return { ...fields, "f:metadata": { ...metadata, "f:annotations": annotations } };
}
