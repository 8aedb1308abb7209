import { isJsonObject, type Json, type JsonObject, type SchemaNode } from "../../../model/index.ts";
import { refuseHostile } from "../patch/patch-error.ts";
import { scalarProblem } from "./scalar.ts";

/** One step into a value: a field, or an item with the merge keys that its list has. */
export type Place =
  | { readonly field: string; readonly inMap: boolean }
  | { readonly index: number; readonly keys: readonly (readonly [name: string, value: Json])[] };

/** What is wrong with a value before any rule of its kind is asked. */
export interface FieldProblem {
  /** unknown: the struct has no such field. type: not of the schema's type. number: a fraction, or too large, for an integer.
   *  format: of its type, but not to be read. */
  readonly kind: "unknown" | "type" | "number" | "format";
  readonly path: readonly Place[];
  readonly value: Json;
  readonly schema: SchemaNode | undefined;
  /** Only for format: why it cannot be read, in the server's words. */
  readonly why?: string;
}

/** In the order of the document. null is right everywhere: to the server it is absent. Errors: 400 for hostile values. */
export function fieldProblems(value: Json, schema: SchemaNode): readonly FieldProblem[] {
  refuseHostile(value);
  const found: FieldProblem[] = [];
  visit(value, schema, [], found);
  return found;
}

function visit(value: Json, schema: SchemaNode, path: readonly Place[], found: FieldProblem[]): void {
  if (value === null || schema.kind === "any") return;
  if (schema.kind === "scalar") {
    const problem = scalarProblem(value, schema);
    if (problem !== undefined) found.push({ ...problem, path, value, schema });
  } else if (schema.kind === "list" && Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      visit(item, schema.items() ?? schema, [...path, { index, keys: keysOf(item, schema) }], found);
    }
  } else if (schema.kind !== "list" && isJsonObject(value)) visitFields(value, schema, path, found);
  else found.push({ kind: "type", path, value, schema });
}

function visitFields(value: JsonObject, schema: SchemaNode, path: readonly Place[], found: FieldProblem[]): void {
  for (const [field, part] of Object.entries(value)) {
    if (part === undefined) continue;
    const node = schema.field(field);
    const place = [...path, { field, inMap: schema.kind === "map" }];
    if (node === undefined) found.push({ kind: "unknown", path: place, value: part, schema: undefined });
    else visit(part, node, place, found);
  }
}

function keysOf(item: Json, { keys = [] }: SchemaNode): [string, Json][] {
  if (!isJsonObject(item)) return [];
  return keys.flatMap((key): [string, Json][] => {
    const value = item[key];
    return value === undefined ? [] : [[key, value]];
  });
}
