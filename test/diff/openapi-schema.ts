import { ANY_SCHEMA, isJsonObject, type Json, type JsonObject, type SchemaNode } from "../../src/model/index.ts";

type Documents = readonly JsonObject[];

/** The schema of one kind out of OpenAPI v3 documents, for the recorded cases. */
export function schemaOf(documents: Documents, apiVersion: string, kind: string): SchemaNode {
  for (const document of documents) {
    for (const schema of Object.values(schemasOf(document))) {
      const names = isJsonObject(schema) ? schema["x-kubernetes-group-version-kind"] : undefined;
      if (Array.isArray(names) && names.some((name) => nameOf(name) === `${apiVersion} ${kind}`)) {
        return node(schema ?? null, schemasOf(document));
      }
    }
  }
  return ANY_SCHEMA;
}

function nameOf(name: Json): string {
  if (!isJsonObject(name)) return "";
  const { group, version, kind } = name;
  return `${group === "" ? "" : `${String(group)}/`}${String(version)} ${String(kind)}`;
}

function schemasOf(document: JsonObject): JsonObject {
  const { components } = document;
  const schemas = isJsonObject(components) ? components["schemas"] : undefined;
  return isJsonObject(schemas) ? schemas : {};
}

/** References and their siblings as one. */
function resolved(schema: Json, all: JsonObject): JsonObject {
  if (!isJsonObject(schema)) return {};
  const { allOf, $ref, ...rest } = schema;
  const parts = Array.isArray(allOf) ? allOf : $ref === undefined ? [] : [schema];
  const referred = parts.map((part) => {
    const name = isJsonObject(part) && typeof part["$ref"] === "string" ? part["$ref"].split("/").at(-1) : undefined;
    return { ...resolved((name === undefined ? undefined : all[name]) ?? null, all), name: name ?? "" };
  });
  return Object.assign({}, ...referred, rest);
}

function node(schema: Json, all: JsonObject): SchemaNode {
  const it = resolved(schema, all);
  const properties = isJsonObject(it["properties"]) ? it["properties"] : undefined;
  const free = it["additionalProperties"];
  const cache = new Map<string, SchemaNode>();
  const once = (key: string, part: Json | undefined): SchemaNode | undefined => {
    if (part === undefined) return undefined;
    const made = cache.get(key) ?? node(part, all);
    cache.set(key, made);
    return made;
  };
  const own = (name: string) => (properties && Object.hasOwn(properties, name) ? properties[name] : undefined);
  return {
    ...traits(it, properties, free),
    field: (name) => once(`f${name}`, own(name)) ?? (isJsonObject(free) ? once("*", free) : undefined),
    fieldNames: () => Object.keys(properties ?? {}),
    items: () => once("[]", it["items"]),
  };
}

type Traits = Omit<SchemaNode, "field" | "fieldNames" | "items">;

function traits(it: JsonObject, properties: JsonObject | undefined, free: Json | undefined): Traits {
  const listType = it["x-kubernetes-list-type"];
  const keys = it["x-kubernetes-list-map-keys"];
  const isList = it["type"] === "array";
  const merged = listType === "map" || listType === "set" ? listType : "atomic";
  const scalar = scalarOf(it);
  return {
    kind: properties ? "struct" : isList ? "list" : scalar ? "scalar" : isJsonObject(free) ? "map" : "any",
    atomic: isList ? merged === "atomic" : it["x-kubernetes-map-type"] === "atomic",
    ...(isList && { listType: merged }),
    ...(Array.isArray(keys) && { keys: keys.map(String) }),
    ...(scalar && { scalar }),
    ...(typeof it["format"] === "string" && { format: it["format"] }),
    ...(it["default"] !== undefined && { default: it["default"] }),
  };
}

function scalarOf(it: JsonObject): SchemaNode["scalar"] {
  if (it["name"] === "io.k8s.apimachinery.pkg.api.resource.Quantity") return "quantity";
  if (it["x-kubernetes-int-or-string"] === true || it["format"] === "int-or-string") return "int-or-string";
  const { type } = it;
  return type === "string" || type === "integer" || type === "number" || type === "boolean" ? type : undefined;
}
