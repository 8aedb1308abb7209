import { hashJson } from "../kit/hash.ts";
import { ARGO_HOOK_ANNOTATION, isJsonObject, type Json, type JsonObject, type KubeObject } from "../model/index.ts";
import type { Reading } from "./reading.ts";

/** A candidate for a manifest: a document, or an item of a list. */
export interface Candidate {
  readonly value: Json;
  readonly offset: number;
}

const OPTIONAL_META = ["labels", "annotations", "namespace"];

/** "a number", "a list": what stands where something else was expected. The value itself is not said: it may be a Secret's. */
export function typeName(value: Json | undefined): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return "a text";
  return typeof value === "object" ? "a mapping" : `a ${typeof value}`;
}

/** The candidate as an object of Kubernetes; undefined, with everything reported that is missing or of a wrong type, when it is none. */
export function checkedObject(reading: Reading, { value, offset }: Candidate): KubeObject | undefined {
  if (!isJsonObject(value)) {
    const message = `the document is ${typeName(value)}, not a mapping with apiVersion, kind and metadata`;
    reading.report({ code: "PL-MANIFEST-INVALID", offset, message });
    return undefined;
  }
  const object = withGeneratedName(withoutEmptyMeta(value));
  if (isKubeObject(object)) return object;
  const before = reading.faults;
  for (const message of wrongTypes(value)) reading.report({ code: "PL-MANIFEST-INVALID", offset, message });
  reportMissing(reading, value, offset);
  if (reading.faults === before) {
    reading.report({ code: "PL-MANIFEST-INVALID", offset, message: "the document is no object of Kubernetes" });
  }
  return undefined;
}

/** `labels:` with nothing behind it means none, and a namespace of "" is none: the server sees no difference, but a Ref does. */
function withoutEmptyMeta(value: JsonObject): JsonObject {
  const { metadata } = value;
  if (!isJsonObject(metadata)) return value;
  const isEmpty = (field: string): boolean =>
    metadata[field] === null || (field === "namespace" && metadata[field] === "");
  if (!OPTIONAL_META.some(isEmpty)) return value;
  const kept = Object.entries(metadata).filter(([field]) => !(OPTIONAL_META.includes(field) && isEmpty(field)));
  return { ...value, metadata: Object.fromEntries(kept) };
}

/** Argo CD's hooks may leave their name to the server. Here it comes of what they say, so that whoever looks again finds the same object. */
function withGeneratedName(value: JsonObject): JsonObject {
  const { metadata } = value;
  if (!isJsonObject(metadata) || !isMissing(metadata["name"]) || !isName(metadata["generateName"])) return value;
  const { annotations } = metadata;
  if (!isJsonObject(annotations) || annotations[ARGO_HOOK_ANNOTATION] === undefined) return value;
  return { ...value, metadata: { ...metadata, name: metadata["generateName"] + hashJson(value).slice(0, 8) } };
}

/** The quick way for what is in order, which is nearly everything. */
function isKubeObject(value: unknown): value is KubeObject {
  if (!isJsonObject(value)) return false;
  const { apiVersion, kind, metadata } = value;
  return (
    isName(apiVersion) &&
    isName(kind) &&
    isJsonObject(metadata) &&
    isName(metadata["name"]) &&
    isAbsentOr(metadata["namespace"], (namespace) => typeof namespace === "string") &&
    isAbsentOr(metadata["labels"], isTextMap) &&
    isAbsentOr(metadata["annotations"], isTextMap)
  );
}

function isName(value: Json | undefined): value is string {
  return typeof value === "string" && value !== "";
}

function isAbsentOr(value: Json | undefined, test: (value: Json) => boolean): boolean {
  return value === undefined || test(value);
}

function isTextMap(value: Json): boolean {
  return isJsonObject(value) && Object.values(value).every((one) => typeof one === "string");
}

function isMissing(value: Json | undefined): boolean {
  return value === undefined || value === null || value === "";
}

function* wrongTypes(value: JsonObject): Generator<string> {
  const { metadata } = value;
  yield* wrongText("apiVersion", value["apiVersion"]);
  yield* wrongText("kind", value["kind"]);
  if (isMissing(metadata)) return;
  if (!isJsonObject(metadata)) {
    yield `metadata is ${typeName(metadata)}, not a mapping`;
    return;
  }
  yield* wrongText("metadata.name", metadata["name"]);
  yield* wrongText("metadata.namespace", metadata["namespace"]);
  yield* wrongTextMap("metadata.labels", metadata["labels"]);
  yield* wrongTextMap("metadata.annotations", metadata["annotations"]);
}

function* wrongText(path: string, value: Json | undefined): Generator<string> {
  if (isMissing(value) || typeof value === "string") return;
  yield `${path} is ${typeName(value)}, not a text${quotesHelp(value)}`;
}

function quotesHelp(value: Json | undefined): string {
  return typeof value === "number" || typeof value === "boolean" ? "; put it in quotes" : "";
}

function* wrongTextMap(path: string, value: Json | undefined): Generator<string> {
  if (value === undefined || value === null) return;
  if (!isJsonObject(value)) {
    yield `${path} is ${typeName(value)}, not a mapping`;
    return;
  }
  for (const [key, one] of Object.entries(value)) {
    if (typeof one === "string") continue;
    const help = one === null ? '; write "" for an empty text' : quotesHelp(one);
    yield `${path}[${JSON.stringify(key)}] is ${typeName(one)}, not a text${help}`;
  }
}

function reportMissing(reading: Reading, value: JsonObject, offset: number): void {
  const { metadata } = value;
  const missing = ["apiVersion", "kind"].filter((field) => isMissing(value[field]));
  const meta = isJsonObject(metadata) ? metadata : {};
  if (isMissing(metadata) || (isJsonObject(metadata) && isMissing(metadata["name"]))) missing.push("metadata.name");
  if (missing.length === 0) return;
  const message = `${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} missing`;
  if (isMissing(meta["generateName"])) {
    reading.report({ code: "PL-MANIFEST-INCOMPLETE", offset, message });
    return;
  }
  reading.report({
    code: "PL-MANIFEST-INCOMPLETE",
    offset,
    message: `${message}; metadata.generateName makes a new object each time, so it cannot be applied declaratively`,
    next: "give the object a name of its own in metadata.name",
  });
}
