import { type FieldTree, LAST_APPLIED, NO_FIELDS, without } from "../../../diff/index.ts";
import { canonicalJson } from "../../../kit/hash.ts";
import { parseJson } from "../../../kit/parse-json.ts";
import { isJsonObject, type KubeObject, type ObjectMeta, type SchemaNode } from "../../../model/index.ts";
import type { Writer } from "../types.ts";
import { changesBetween } from "./changes.ts";
import { fieldsOf, jsonOf } from "./ownable.ts";

/** The server knows kubectl by this name, and helps it from client-side to server-side apply. Source: apimachinery, managedfields. */
export function isKubectl({ manager }: Writer): boolean {
  return manager === "kubectl";
}

/** What kubectl noted that it applied, and what nobody changed since: kubectl may take these fields from whoever owns them. */
export function stillAsApplied(live: KubeObject, schema: SchemaNode): FieldTree {
  const applied = parseJson(live.metadata.annotations?.[LAST_APPLIED] ?? "");
  if (!isJsonObject(applied) || applied["apiVersion"] !== live.apiVersion) return NO_FIELDS;
  const { written, removed } = changesBetween(applied, jsonOf(live), { schema, resets: [] });
  return without(without(fieldsOf(applied, schema), written), removed);
}

/** An object that has kubectl's note has it kept up to date, so that a client-side apply may follow. */
export function withLastApplied(metadata: ObjectMeta, manifest: KubeObject): ObjectMeta {
  const { annotations = {} } = metadata;
  if ((annotations[LAST_APPLIED] ?? "") === "") return metadata;
  return { ...metadata, annotations: { ...annotations, [LAST_APPLIED]: noteOf(manifest) } };
}

function noteOf(manifest: KubeObject): string {
  const { annotations, managedFields: _, ...metadata } = manifest.metadata;
  const { [LAST_APPLIED]: _note, ...others } = annotations ?? {};
  const noted = {
    ...manifest,
    metadata: { ...metadata, ...(annotations === undefined ? {} : { annotations: others }) },
  };
  return `${escapedForHtml(canonicalJson(noted))}\n`;
}

/** As Go writes JSON. */
function escapedForHtml(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
