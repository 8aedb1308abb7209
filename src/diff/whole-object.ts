import { type FieldChange, isJsonObject, type JsonObject, type KubeObject } from "../model/index.ts";
import { jsonOf } from "./field-path.ts";
import { isManifestMetadata } from "./field-set.ts";
import { maskObject } from "./mask.ts";

const NAMES: ReadonlySet<string> = new Set(["name", "generateName", "namespace"]);

/** The object as its author would write it: without status, and without what the server notes in metadata. */
export function withoutServersPart(object: JsonObject): JsonObject {
  const { status: _status, metadata, ...rest } = object;
  if (!isJsonObject(metadata)) return metadata === undefined ? rest : { ...rest, metadata };
  const kept = Object.entries(metadata).filter(([name]) => NAMES.has(name) || isManifestMetadata(name));
  return { ...rest, metadata: Object.fromEntries(kept) };
}

/** That an object goes, since Git wants it no more. */
export function removalOf(live: KubeObject): FieldChange {
  return { path: "", pointer: "", live: withoutServersPart(jsonOf(maskObject(live))), class: "pending" };
}
