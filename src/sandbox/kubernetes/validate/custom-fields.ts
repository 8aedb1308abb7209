import { isJsonObject, type Json, type JsonObject, type KubeObject } from "../../../model/index.ts";
import { refuseHostile } from "../patch/patch-error.ts";

/** What every object has, whatever its definition says. Also of an embedded one. */
const OWN_FIELDS: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata"]);

interface Pruned {
  readonly object: JsonObject;
  /** As `spec.foo`, in the order of the document. */
  readonly unknown: readonly string[];
}

/**
 * A custom resource without the fields that its openAPIV3Schema does not know, and without null where it is neither allowed
 * nor stands for a default. The server does so to what it decodes, and not to what was applied: there null is refused.
 * Source: apiextensions-apiserver, schema/pruning and schema/defaulting.
 */
export function pruneCustom(object: JsonObject, schema: JsonObject): Pruned {
  refuseHostile(object);
  const unknown: string[] = [];
  return {
    object: pruned(object, { ...schema, "x-kubernetes-embedded-resource": true }, { path: "", unknown }),
    unknown,
  };
}

interface Pruning {
  readonly path: string;
  readonly unknown: string[];
}

function pruned(object: JsonObject, schema: JsonObject, { path, unknown }: Pruning): JsonObject {
  const kept = Object.entries(object).flatMap(([name, value]): [string, Json | undefined][] => {
    const place = path === "" ? name : `${path}.${name}`;
    const part = partOf(schema, name);
    if (isOwn(schema, name)) return [[name, value]];
    if (part !== undefined)
      return isVoid(value, part) ? [] : [[name, prunedPart(value, part, { path: place, unknown })]];
    if (keepsUnknown(schema)) return [[name, value]];
    unknown.push(place);
    return [];
  });
  return Object.fromEntries(kept);
}

function isVoid(value: Json | undefined, schema: JsonObject): boolean {
  return value === null && schema["nullable"] !== true && schema["default"] === undefined;
}

function prunedPart(value: Json | undefined, schema: JsonObject, { path, unknown }: Pruning): Json | undefined {
  const { items } = schema;
  if (Array.isArray(value)) {
    if (!isJsonObject(items)) return value;
    return value.map((item: Json, at) => prunedPart(item, items, { path: `${path}[${at}]`, unknown }) ?? null);
  }
  return isJsonObject(value) ? pruned(value, schema, { path, unknown }) : value;
}

function isOwn(schema: JsonObject, name: string): boolean {
  return schema["x-kubernetes-embedded-resource"] === true && OWN_FIELDS.has(name);
}

function keepsUnknown(schema: JsonObject): boolean {
  return schema["x-kubernetes-preserve-unknown-fields"] === true || schema["additionalProperties"] === true;
}

/** The schema of a field or of a key of a map. */
export function partOf(schema: JsonObject, name: string): JsonObject | undefined {
  const { properties, additionalProperties } = schema;
  const own = isJsonObject(properties) && Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
  return isJsonObject(own) ? own : undefined;
}

/**
 * A custom resource with the defaults of its schema, also inside of defaults. null where none is allowed counts as absent
 * if there is a default, and otherwise stays, to be refused. Source: apiextensions-apiserver, schema/defaulting.
 */
export function defaultCustom(object: JsonObject, schema: JsonObject): JsonObject {
  const result = withDefaults(object, schema);
  return isJsonObject(result) ? result : object;
}

/** What every object has is JSON, too. */
export function jsonOf(object: KubeObject): JsonObject {
  return isJsonObject(object) ? object : {};
}

function withDefaults(given: Json, schema: JsonObject): Json {
  const value = given === null ? defaultOf(given, schema) : given;
  const { items, properties } = schema;
  if (Array.isArray(value)) return isJsonObject(items) ? value.map((item: Json) => withDefaults(item, items)) : value;
  if (!isJsonObject(value)) return value;
  const absent = Object.entries(isJsonObject(properties) ? properties : {}).flatMap(([name, part]): [string, Json][] =>
    isJsonObject(part) && part["default"] !== undefined && !Object.hasOwn(value, name) ? [[name, part["default"]]] : [],
  );
  const all = [...Object.entries(value), ...absent];
  return Object.fromEntries(
    all.map(([name, part]) => {
      const node = partOf(schema, name);
      return [name, part === undefined || node === undefined ? part : withDefaults(part, node)];
    }),
  );
}

function defaultOf(value: null, schema: JsonObject): Json {
  return schema["nullable"] === true ? value : (schema["default"] ?? value);
}
