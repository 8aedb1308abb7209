import { isJsonObject, type Json, type JsonObject } from "../../src/model/index.ts";
import type { Place } from "./places.ts";

/** The values that the server's OpenAPI document of a kind allows at a place; none where it names none. */
export function publishedValues(document: JsonObject, kind: string): (place: Place) => readonly Json[] {
  const parts = objectAt(objectAt(document, "components"), "schemas");
  const root = Object.values(parts).find((part) => isJsonObject(part) && isOf(part, kind));
  return ({ names }) => {
    let node = resolved(root, parts);
    for (const name of names) node = resolved(below(node, name), parts);
    const values = node["enum"];
    return Array.isArray(values) ? values : [];
  };
}

function isOf(part: JsonObject, kind: string): boolean {
  const kinds = part["x-kubernetes-group-version-kind"];
  const hasMetadata = objectAt(part, "properties")["metadata"] !== undefined;
  return hasMetadata && Array.isArray(kinds) && kinds.some((one: Json) => isJsonObject(one) && one["kind"] === kind);
}

function below(node: JsonObject, name: string): Json | undefined {
  if (name === "*") return node["items"];
  return objectAt(node, "properties")[name] ?? node["additionalProperties"];
}

function resolved(node: Json | undefined, parts: JsonObject): JsonObject {
  if (!isJsonObject(node)) return {};
  const [only] = Array.isArray(node["allOf"]) ? node["allOf"] : [];
  const ref = node["$ref"] ?? (isJsonObject(only) ? only["$ref"] : undefined);
  return typeof ref === "string" ? resolved(parts[ref.replace("#/components/schemas/", "")], parts) : node;
}

function objectAt(object: JsonObject, field: string): JsonObject {
  const value = object[field];
  return isJsonObject(value) ? value : {};
}
