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

/** The decoder knows the way by names of fields only: no indices, no keys of maps. The kind's name stands in for the struct's. */
export function decoderWords({ path, value, schema, why, kind }: FieldProblem, object: string): string {
  if (why !== undefined) return why;
  const way = path.flatMap((place) => ("index" in place || place.inMap ? [] : [place.field])).join(".");
  const got = kind === "number" ? `number ${value}` : jsonType(value);
  return `json: cannot unmarshal ${got} into Go struct field ${object}.${way} of type ${goType(schema)}`;
}

/** The library of typed patches takes any scalar for an int-or-string or a quantity, and any number for an integer. */
export function isUntyped({ kind, schema }: FieldProblem): boolean {
  return kind === "unknown" || (kind === "type" && schema?.scalar !== "int-or-string");
}

/** What it took is read afterwards, and then says only this. */
export function conversionWords({ kind, value, schema, why }: FieldProblem): string {
  if (why !== undefined) return schema?.format === "byte" ? `error decoding from json: ${why}` : why;
  const type = goType(schema);
  if (kind === "number" && schema?.scalar === "integer") return `cannot convert float64 to ${type}`;
  return `json: cannot unmarshal ${kind === "number" ? `number ${value}` : jsonType(value)} into Go value of type ${type}`;
}

function goType(schema: SchemaNode | undefined): string {
  if (schema?.kind !== "scalar") return schema?.kind ?? "";
  if (schema.scalar === "boolean") return "bool";
  if (schema.scalar === "int-or-string") return "int32";
  if (schema.scalar === "integer") return schema.format ?? "int64";
  return schema.scalar === "number" ? "float64" : (schema.scalar ?? "");
}

/** As the library of typed patches says it. */
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
