import jsonPatchLibrary from "fast-json-patch";
import { canonicalJson } from "../../../kit/hash.ts";
import { parsePointer, valueAt } from "../../../kit/json-pointer.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../model/index.ts";
import { ApiError } from "../api-error.ts";
import { badPatch, refuseHostile, unfitPatch } from "./patch-error.ts";

const MAX_OPERATIONS = 10_000;
/** Copies may double a document again and again: all of them together may add as much as a body may hold. */
const MAX_COPIED = 3 * 1024 * 1024;

/**
 * RFC 6902, as lax as the real server is: `replace` sets a field that is not there, `copy` of one gives null, a missing
 * value is null (kube-apiserver 1.36). `operations` is what the client sent, parsed. Errors: 400 when it is no list of
 * operations, 413 when it is too long, 422 when an operation does not apply or a test fails.
 */
export function jsonPatch(live: JsonObject, operations: Json): JsonObject {
  refuseHostile(operations);
  if (!Array.isArray(operations)) throw notOperations(operations, "[]handlers.jsonPatchOp");
  if (operations.length > MAX_OPERATIONS) throw tooMany(operations.length);
  const steps = operations.map(stepOf);
  const budget = { left: MAX_COPIED };
  const document = steps.reduce<Json>((before, step) => applied(before, step, budget), structuredClone(live));
  if (isJsonObject(document)) return document;
  throw unfitPatch();
}

function tooMany(count: number): ApiError {
  const message = `Request entity too large: The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${count}`;
  return new ApiError(413, { reason: "RequestEntityTooLarge", message });
}

function notOperations(value: Json, wanted: string): ApiError {
  const got = isJsonObject(value) ? "object" : Array.isArray(value) ? "array" : typeof value;
  return badPatch(`error decoding patch: json: cannot unmarshal ${got} into Go value of type ${wanted}`);
}

interface Step {
  readonly op: string;
  readonly path: string;
  readonly from: string;
  readonly value: Json;
}

function stepOf(operation: Json): Step {
  if (!isJsonObject(operation)) throw notOperations(operation, "handlers.jsonPatchOp");
  const { op = "", path, from = "", value = null } = operation;
  if (typeof op !== "string" || typeof from !== "string") throw notOperations(op, "string");
  if (path !== undefined && typeof path !== "string") throw notOperations(path, "string");
  if (path === undefined) throw unfitPatch();
  return { op, path, from, value };
}

function applied(document: Json, { op, path, from, value }: Step, budget: { left: number }): Json {
  switch (op) {
    case "add":
    case "remove":
      return changed(document, { op, path, value });
    case "replace":
      return path === "" ? value : changed(document, { op, path, value });
    case "move": {
      const value = found(document, from);
      return changed(changed(document, { op: "remove", path: from }), { op: "add", path, value });
    }
    case "copy":
      return changed(document, { op: "add", path, value: copied(found(document, from), budget) });
    case "test":
      if (canonicalJson(path === "" ? document : found(document, path)) === canonicalJson(value)) return document;
  }
  throw unfitPatch();
}

interface Change {
  readonly op: "add" | "remove" | "replace";
  readonly path: string;
  readonly value?: Json;
}

/** The library changes the document it is given. It takes inherited properties for fields, so the place is looked at before. */
function changed(document: Json, { op, path, value = null }: Change): Json {
  const { parent, key } = placeOf(document, path);
  const isItem = Array.isArray(parent) && isIndex(key, op === "add" ? parent.length + 1 : parent.length);
  const isAppended = Array.isArray(parent) && key === "-" && op === "add";
  const isField = isJsonObject(parent) && (op !== "remove" || Object.hasOwn(parent, key));
  if (!isItem && !isAppended && !isField) throw unfitPatch();
  return jsonPatchLibrary.applyOperation<Json>(document, op === "remove" ? { op, path } : { op, path, value })
    .newDocument;
}

/** null where the field is not there. Errors: 422 where even its parent is not. */
function found(document: Json, path: string): Json {
  const { parent, key } = placeOf(document, path);
  if (Array.isArray(parent) && !isIndex(key, parent.length)) throw unfitPatch();
  return asJson(valueAt(parent, [key]));
}

function placeOf(document: Json, path: string): { parent: Json; key: string } {
  const tokens = parsePointer(path);
  const key = tokens?.pop();
  const parent = tokens === undefined ? null : asJson(valueAt(document, tokens));
  if (key === undefined || key === "__proto__" || tokens?.includes("__proto__")) throw unfitPatch();
  if (tokens?.at(-1) === "constructor" && key === "prototype") throw unfitPatch();
  if (typeof parent !== "object" || parent === null) throw unfitPatch();
  return { parent, key };
}

function isIndex(key: string, length: number): boolean {
  return /^(0|[1-9]\d{0,8})$/.test(key) && Number(key) < length;
}

/** Documents come out of a parser: whatever is in them is JSON. */
function asJson(value: unknown): Json {
  return (value ?? null) as Json;
}

function copied(value: Json, budget: { left: number }): Json {
  budget.left -= JSON.stringify(value).length;
  if (budget.left < 0) throw unfitPatch();
  return structuredClone(value);
}
