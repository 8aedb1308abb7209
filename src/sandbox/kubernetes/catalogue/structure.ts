import { isJsonObject, type JsonObject } from "../../../model/index.ts";
import type { Cause } from "../api-error.ts";
import { cause } from "../validate/index.ts";
import { text, texts } from "./definition-parts.ts";

/** Where a schema stands decides in which words its type is missed. */
const LEVELS = {
  root: "must not be empty at the root",
  field: "must not be empty for specified object fields",
  item: "must not be empty for specified array items",
} as const;

/** What keeps a schema from being structural: every part must say its type. Source: Kubernetes, "Specifying a structural schema". */
export function structureCauses(schema: JsonObject, path: string, level: keyof typeof LEVELS = "root"): Cause[] {
  if (schema["$ref"] !== undefined)
    return [cause({ reason: "FieldValueForbidden", field: `${path}.$ref`, detail: "$ref is not supported" })];
  return [...typeCauses(schema, path, level), ...listCauses(schema, path), ...partCauses(schema, path)];
}

function typeCauses(schema: JsonObject, path: string, level: keyof typeof LEVELS): Cause[] {
  const field = `${path}.type`;
  const value = text(schema["type"]);
  if (value === "") {
    const open =
      schema["x-kubernetes-int-or-string"] === true || schema["x-kubernetes-preserve-unknown-fields"] === true;
    return open ? [] : [cause({ reason: "FieldValueRequired", field, detail: LEVELS[level] })];
  }
  if (level !== "root" || value === "object") return [];
  return [cause({ reason: "FieldValueInvalid", field, value, detail: "must be object at the root" })];
}

function listCauses(schema: JsonObject, path: string): Cause[] {
  const reason = "FieldValueRequired";
  if (schema["type"] === "array" && schema["items"] === undefined)
    return [cause({ reason, field: `${path}.items`, detail: "must be specified" })];
  const keys = "x-kubernetes-list-map-keys";
  if (schema["x-kubernetes-list-type"] !== "map" || texts(schema[keys]).length > 0) return [];
  const detail = "must not be empty if x-kubernetes-list-type is map";
  return [cause({ reason, field: `${path}.${keys}`, detail })];
}

function partCauses({ properties, items, additionalProperties }: JsonObject, path: string): Cause[] {
  const fields = Object.entries(isJsonObject(properties) ? properties : {});
  return [
    ...fields.flatMap(([name, field]) =>
      isJsonObject(field) ? structureCauses(field, `${path}.properties[${name}]`, "field") : [],
    ),
    ...(isJsonObject(items) ? structureCauses(items, `${path}.items`, "item") : []),
    ...(isJsonObject(additionalProperties)
      ? structureCauses(additionalProperties, `${path}.additionalProperties`, "field")
      : []),
  ];
}
