import { isJsonObject, type Json, type JsonObject } from "../../../src/model/index.ts";
import { ATOMIC, NAMED, shortName } from "../../../src/sandbox/kubernetes/catalogue/notation.ts";

/** The facts of a published schema, in the notation that src/sandbox/kubernetes/catalogue/notation.ts reads. */
export function typeText(schema: JsonObject): string {
  const required = new Set(Array.isArray(schema["required"]) ? schema["required"] : []);
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
  const fields = Object.entries(properties).map(([name, field]) => {
    if (!isJsonObject(field)) throw new Error(`${name} has no schema`);
    return `${name}${required.has(name) ? "!" : ""} ${fieldText(field)}`;
  });
  return `${schema["x-kubernetes-map-type"] === "atomic" ? `${ATOMIC}; ` : ""}${fields.join("; ")}`;
}

/** A type that is no struct, such as Time. */
export function namedText(schema: JsonObject): string {
  return `${NAMED}${partText(schema)}`;
}

function fieldText(field: JsonObject): string {
  return [partText(field), ...traits(field)].join(" ");
}

function partText(field: JsonObject): string {
  const ref = refOf(field);
  const mapType = field["x-kubernetes-map-type"];
  if (ref !== undefined) return `${mapType === undefined ? "" : `{${mapType}:}`}${ref}`;
  const { type } = field;
  if (type === "array") return `${listText(field)}${partOf(field["items"])}`;
  if (type === "object" && field["additionalProperties"] !== undefined) {
    return `${field["x-kubernetes-map-type"] === "atomic" ? "{atomic}" : "{}"}${partOf(field["additionalProperties"])}`;
  }
  const format = field["format"] === undefined ? "" : `:${String(field["format"])}`;
  return `${String(type ?? "any")}${format}`;
}

function partOf(part: Json | undefined): string {
  return isJsonObject(part) ? fieldText(part).replaceAll(" ", "~") : "any";
}

function listText(field: JsonObject): string {
  const type = field["x-kubernetes-list-type"] ?? "";
  const keys = field["x-kubernetes-list-map-keys"];
  return `[${String(type)}${Array.isArray(keys) ? `:${keys.join(",")}` : ""}]`;
}

function traits(field: JsonObject): string[] {
  const [strategy, key] = [field["x-kubernetes-patch-strategy"], field["x-kubernetes-patch-merge-key"]];
  const value = field["default"];
  const list = field["enum"];
  return [
    ...(strategy === undefined ? [] : [`patch=${String(strategy)}${key === undefined ? "" : `/${String(key)}`}`]),
    ...(Array.isArray(list) ? [`enum=${list.join("|")}`] : []),
    ...(value === undefined ? [] : [`=${JSON.stringify(value)}`]),
  ];
}

function refOf(field: JsonObject): string | undefined {
  const all = field["allOf"];
  const only = Array.isArray(all) ? all[0] : undefined;
  const ref = field["$ref"] ?? (isJsonObject(only) ? only["$ref"] : undefined);
  return typeof ref === "string" ? `#${shortName(ref.slice(ref.lastIndexOf("/") + 1))}` : undefined;
}
