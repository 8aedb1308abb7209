import type { SchemaNode } from "../../../model/index.ts";
import { goText } from "../patch/patch-error.ts";
import type { FieldProblem, Place } from "./field-problems.ts";
import { jsonType } from "./scalar.ts";

/** `spec.containers[0].foo` */
export function dotted(path: readonly Place[]): string {
  return path.reduce((text, place) => {
    if ("index" in place) return `${text}[${place.index}]`;
    return text === "" ? place.field : `${text}.${place.field}`;
  }, "");
}

/** The decoder knows the way by names of fields only: no indices, no keys of maps. The type's name stands in for the struct's. */
export function decoderWords({ path, value, schema, why }: FieldProblem, kind: string): string {
  if (why !== undefined && !why.startsWith("json: ")) return why;
  const way = path.flatMap((place) => ("index" in place || place.inMap ? [] : [place.field])).join(".");
  const got = why === undefined || typeof value !== "number" ? jsonType(value) : `number ${value}`;
  return `json: cannot unmarshal ${got} into Go struct field ${kind}.${way} of type ${goType(schema)}`;
}

function goType(schema: SchemaNode | undefined): string {
  if (schema?.kind !== "scalar") return schema?.kind ?? "";
  if (schema.scalar === "boolean") return "bool";
  if (schema.scalar === "int-or-string") return "int32";
  if (schema.scalar === "integer") return schema.format ?? "int64";
  return schema.scalar === "number" ? "float64" : (schema.scalar ?? "");
}

/** As the library of typed patches says it, to which int-or-string and quantity are any scalar. */
export function typedWords({ kind, path, value, schema }: FieldProblem): string {
  const where = path.map(placeText).join("");
  if (kind === "unknown") return `${where}: field not declared in schema`;
  switch (schema?.kind === "scalar" ? schema.scalar : schema?.kind) {
    case "string":
      return `${where}: expected string, got &value.valueUnstructured{Value:${goText(value)}}`;
    case "boolean":
      return `${where}: expected boolean, got &{${goText(value)}}`;
    case "integer":
    case "number":
      return `${where}: expected numeric (int or float), got ${jsonType(value)}`;
    case "list":
      return `${where}: expected list, got &{${goText(value)}}`;
    default:
      return `${where}: expected map, got &{${goText(value)}}`;
  }
}

function placeText(place: Place): string {
  if ("field" in place) return `.${place.field}`;
  if (place.keys.length === 0) return `[${place.index}]`;
  return `[${place.keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(",")}]`;
}
