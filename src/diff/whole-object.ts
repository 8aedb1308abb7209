import { type FieldChange, isJsonObject, type JsonObject, type KubeObject } from "../model/index.ts";
import { jsonOf } from "./field-path.ts";
import { maskObject } from "./mask.ts";

/** What the server notes about every object, whoever wrote it. */
const SERVERS_METADATA: ReadonlySet<string> = new Set([
  ...["uid", "resourceVersion", "generation", "creationTimestamp", "selfLink", "managedFields"],
  ...["deletionTimestamp", "deletionGracePeriodSeconds"],
]);

/** The object as its author would write it: without status, and without what the server notes in metadata. */
export function withoutServersPart(object: JsonObject): JsonObject {
  const { status: _status, metadata, ...rest } = object;
  if (!isJsonObject(metadata)) return metadata === undefined ? rest : { ...rest, metadata };
  const kept = Object.entries(metadata).filter(([name]) => !SERVERS_METADATA.has(name));
  return { ...rest, metadata: Object.fromEntries(kept) };
}

/** That an object goes, since Git wants it no more. */
export function removalOf(live: KubeObject): FieldChange {
  return { path: "", pointer: "", live: withoutServersPart(jsonOf(maskObject(live))), class: "pending" };
}
