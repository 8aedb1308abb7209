import { type FieldTree, fieldsOfValue, isManifestMetadata, NO_FIELDS } from "../../../diff/index.ts";
import { isJsonObject, type JsonObject, type KubeObject, type SchemaNode } from "../../../model/index.ts";

/** What somebody may own of an object: not its names, nor what the server keeps there, nor the fields at the root that this way of
 *  writing cannot change (`resets`: status in a write of the whole, all else in a write of the status). */
export function ownablePart(object: JsonObject, resets: readonly string[]): JsonObject {
  const { apiVersion: _1, kind: _2, ...rest } = object;
  const { metadata, ...parts } = Object.fromEntries(Object.entries(rest).filter(([name]) => !resets.includes(name)));
  const kept = Object.entries(isJsonObject(metadata) ? metadata : {}).filter(([name]) => isManifestMetadata(name));
  const fields = Object.entries(parts);
  return Object.fromEntries(kept.length === 0 ? fields : [...fields, ["metadata", Object.fromEntries(kept)]]);
}

/** All that an object brings along. */
export function fieldsOf(object: JsonObject, schema: SchemaNode, resets: readonly string[] = []): FieldTree {
  const part = ownablePart(object, resets);
  if (Object.keys(part).length === 0) return NO_FIELDS;
  return { member: false, children: fieldsOfValue(part, schema)?.children ?? new Map() };
}

export function jsonOf(object: KubeObject): JsonObject {
  return isJsonObject(object) ? object : {};
}
