import { formatRef, isJsonObject, type Json, type JsonObject, type KubeObject, refOf } from "../model/index.ts";
import { jsonOf } from "./field-path.ts";
import { LAST_APPLIED } from "./mask.ts";

/** What the server writes itself, with what happens when a manifest brings it along. */
const SERVER_METADATA = new Map([
  ["selfLink", "every apply would write"],
  ["uid", "the server refuses it"],
  ["resourceVersion", "the server refuses it once the object has changed"],
  ["creationTimestamp", "the server sets it"],
  ["generation", "the server sets it"],
  ["managedFields", "the server refuses it"],
  ["deletionTimestamp", "the server sets it"],
  ["deletionGracePeriodSeconds", "the server sets it"],
]);

export interface Normalised {
  readonly object: KubeObject;
  /** One sentence for each thing left out, with the object's name; never a value. */
  readonly warnings: readonly string[];
}

/** The manifest as it may be applied again and again: without what the server writes itself, Secrets' stringData as data.
 *  The reasons are server facts 7, 13, 15 and 16; `creationTimestamp: null` goes without a word, for every generator writes it. */
export function normaliseDesired(object: KubeObject): Normalised {
  const warnings: string[] = [];
  const warn = (field: string, why: string) => warnings.push(`${formatRef(refOf(object))}: ${field} left out: ${why}`);
  const fields = isSecretV1(object) ? withStringDataAsData(jsonOf(object)) : { ...jsonOf(object) };
  if (fields["status"] !== undefined) {
    delete fields["status"];
    warn("status", "it belongs to the controller");
  }
  if (isJsonObject(fields["aggregationRule"]) && isEmptyList(fields["rules"])) delete fields["rules"];
  const { apiVersion, kind } = object;
  return { object: { ...fields, apiVersion, kind, metadata: cleanMetadata(object.metadata, warn) }, warnings };
}

function isSecretV1({ apiVersion, kind }: KubeObject): boolean {
  return apiVersion === "v1" && kind === "Secret";
}

/** Of a ClusterRole with an aggregationRule, the controller fills in the rules: claiming them empty would empty them. */
function isEmptyList(value: Json | undefined): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

type Warn = (field: string, why: string) => void;

function cleanMetadata(metadata: KubeObject["metadata"], warn: Warn): KubeObject["metadata"] {
  const { name, namespace, annotations, ...rest } = metadata;
  const kept = Object.entries(rest).filter(([field, value]) => {
    const why = SERVER_METADATA.get(field);
    if (why !== undefined && value !== null) warn(`metadata.${field}`, why);
    return why === undefined;
  });
  const clean = annotations === undefined ? undefined : cleanAnnotations(annotations, warn);
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    ...Object.fromEntries(kept),
    ...(clean !== undefined && { annotations: clean }),
  };
}

function cleanAnnotations(annotations: NonNullable<KubeObject["metadata"]["annotations"]>, warn: Warn) {
  if (!isJsonObject(annotations) || !Object.hasOwn(annotations, LAST_APPLIED)) return annotations;
  const { [LAST_APPLIED]: copy, ...rest } = annotations;
  if (copy !== undefined) warn(`annotation ${LAST_APPLIED}`, "kubectl's copy of another manifest");
  return Object.keys(rest).length > 0 ? rest : undefined;
}

/** As the server would do it, and stringData wins; but so that the values become ours (server fact 7). Shapes that the server
 *  will refuse stay as they are: its answer is better than a guess. */
function withStringDataAsData(secret: JsonObject): { [field: string]: Json | undefined } {
  const { stringData, ...rest } = secret;
  if (stringData === undefined || stringData === null) return rest;
  const data = rest["data"] ?? {};
  if (!isJsonObject(stringData) || !isJsonObject(data)) return { ...secret };
  const texts = Object.entries(stringData);
  if (!texts.every(([, text]) => typeof text === "string" || text === null)) return { ...secret };
  const encoded = texts.map(([key, text]) => [key, Buffer.from(String(text ?? ""), "utf8").toString("base64")]);
  return { ...rest, data: Object.fromEntries([...Object.entries(data), ...encoded]) };
}
