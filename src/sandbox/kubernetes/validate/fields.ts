import {
  ANY_SCHEMA,
  type GroupVersionKind,
  isJsonObject,
  type Json,
  type JsonObject,
  type SchemaNode,
} from "../../../model/index.ts";
import { ApiError } from "../api-error.ts";
import { type FieldProblem, fieldProblems } from "./field-problems.ts";
import { conversionWords, decoderWords, dotted, isUntyped, typedWords } from "./field-words.ts";
import { cause, invalid } from "./invalid.ts";

/** `?fieldValidation=` of a request. */
export type FieldPolicy = "Ignore" | "Strict" | "Warn";

interface Checked {
  /** Without the unknown fields. */
  readonly value: JsonObject;
  /** For a `Warning` header each. */
  readonly warnings: readonly string[];
}

interface FieldRequest {
  readonly where: GroupVersionKind;
  readonly policy: FieldPolicy;
  /** From duplicateFields, of the body's text. */
  readonly duplicates?: readonly string[];
  /** A custom resource, with what pruneCustom found: only its metadata are looked at here, the rest is for validateCustom. */
  readonly unknown?: readonly string[];
  /** The text of a patch that led to this value: refusals are about it, with 422. */
  readonly patch?: string;
}

/**
 * What the server does to a body when it decodes it. Errors: 400 BadRequest for a wrong type, and with Strict for unknown
 * and duplicate fields; 422 Invalid in place of them after a patch.
 */
export function validateFields(value: JsonObject, schema: SchemaNode, request: FieldRequest): Checked {
  const { where, policy, duplicates = [], unknown } = request;
  const problems = fieldProblems(value, schema).filter((problem) => unknown === undefined || isMetadata(problem));
  const wrong = problems.find(({ kind }) => kind !== "unknown");
  if (wrong !== undefined) throw undecodable(decoderWords(wrong, where.kind), request);
  const strange = problems.map(({ path }) => dotted(path));
  const fields = unknown === undefined ? strange : [...strange, ...unknown].sort();
  const warnings = [
    ...duplicates.map((field) => `duplicate field ${JSON.stringify(field)}`),
    ...fields.map((field) => `unknown field ${JSON.stringify(field)}`),
  ];
  if (policy === "Strict" && warnings.length > 0) {
    throw undecodable(`strict decoding error: ${warnings.join(", ")}`, request);
  }
  return { value: kept(value, schema, unknown !== undefined), warnings: policy === "Ignore" ? [] : warnings };
}

function isMetadata({ path: [first] }: FieldProblem): boolean {
  return first !== undefined && "field" in first && first.field === "metadata";
}

function kept(value: JsonObject, schema: SchemaNode, isCustom: boolean): JsonObject {
  if (!isCustom) return dropUnknown(value, schema);
  const { metadata } = value;
  return isJsonObject(metadata)
    ? { ...value, metadata: dropUnknown(metadata, schema.field("metadata") ?? ANY_SCHEMA) }
    : value;
}

function undecodable(why: string, { where: { version, kind }, patch }: FieldRequest): ApiError {
  if (patch !== undefined) {
    const causes = [cause({ reason: "FieldValueInvalid", field: "patch", value: patch, detail: why })];
    return invalid({ group: "", kind: "" }, causes);
  }
  const message = `${kind} in version "${version}" cannot be handled as a ${kind}: ${why}`;
  return new ApiError(400, { reason: "BadRequest", message });
}

/** The value without the fields that its schema does not know. */
export function dropUnknown(object: JsonObject, schema: SchemaNode): JsonObject {
  if (schema.kind === "any") return object;
  const kept = Object.entries(object).flatMap(([name, part]) => {
    const node = schema.field(name);
    return node === undefined || part === undefined ? [] : [[name, knownPart(part, node)]];
  });
  return Object.fromEntries(kept);
}

function knownPart(value: Json, schema: SchemaNode): Json {
  if (Array.isArray(value)) return value.map((item: Json) => knownPart(item, schema.items() ?? ANY_SCHEMA));
  return isJsonObject(value) && (schema.kind === "struct" || schema.kind === "map")
    ? dropUnknown(value, schema)
    : value;
}

interface Applied extends GroupVersionKind {
  readonly namespace?: string;
  readonly name: string;
}

/** What server-side apply demands of a manifest, whatever fieldValidation says. Errors: 500 without a reason (kube-apiserver 1.36). */
export function requireTyped(manifest: JsonObject, schema: SchemaNode, object: Applied): void {
  const problems = fieldProblems(manifest, schema);
  if (problems.length === 0) return;
  const { group, version, kind, namespace = "", name } = object;
  const type = `${group}/${version}, Kind=${kind}`;
  const subject = `object (${namespace}/${name}; ${type})`;
  const typed = problems.filter(isUntyped).map(typedWords).sort();
  const [first = ""] = typed;
  const all = typed.length > 1 ? `errors:\n${typed.map((line) => `  ${line}`).join("\n")}` : first;
  if (typed.length > 0) throw new ApiError(500, { message: `failed to create typed patch ${subject}: ${all}` });
  const [unread = ""] = problems.map(conversionWords);
  throw new ApiError(500, {
    message: `failed to convert new ${subject} to proper version: unable to convert unstructured object to ${type}: ${unread}`,
  });
}
