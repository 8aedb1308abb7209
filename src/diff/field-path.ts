import { canonicalJson } from "../kit/hash.ts";
import { escapeToken, formatPointer, unescapeToken } from "../kit/json-pointer.ts";
import {
  ANY_SCHEMA,
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type SchemaNode,
} from "../model/index.ts";

/** One step down an object. `element` is what fieldsV1 calls it (`f:spec`, `k:{"name":"web"}`, `v:"x"`). */
export interface Step {
  readonly element: string;
  /** Field name, or position in live (in the manifest where live lacks the item). */
  readonly token: string;
}
export type FieldPath = readonly Step[];

export function fieldStep(name: string): Step {
  return { element: `f:${name}`, token: name };
}

export function itemStep(element: string, position: number): Step {
  return { element, token: String(position) };
}

/** How a path names the element: `/spec`, `[name=web]`, or `/0` for an item that only has its position (`i:0`). */
export function labelOf({ element }: Pick<Step, "element">): string {
  if (element.startsWith("i:")) return `/${element.slice(2)}`;
  return element.startsWith("f:") ? `/${escapeToken(element.slice(2))}` : itemLabel(element);
}

/** `[containerPort=80,protocol=TCP]` for an item by key, `[=x]` for one of a set. */
export function itemLabel(element: string): string {
  const value: unknown = JSON.parse(element.slice(2));
  if (!element.startsWith("k:") || !isJsonObject(value)) return `[=${keyText(value)}]`;
  return `[${Object.entries(value)
    .map(([key, part]) => `${escapeToken(key)}=${keyText(part)}`)
    .join(",")}]`;
}

function keyText(value: unknown): string {
  return escapeToken(typeof value === "string" ? value : canonicalJson(value));
}

/** `/spec/template/spec/containers[name=web]/image` */
export function formatPath(path: FieldPath): string {
  return path.map(labelOf).join("");
}

export function pointerOf(path: FieldPath): string {
  return formatPointer(tokensOf(path));
}

export function tokensOf(path: FieldPath): string[] {
  return path.map((step) => step.token);
}

export function elementsOf(path: FieldPath): string[] {
  return path.map((step) => step.element);
}

/** The element by which an item of a list map is known; a key that is missing has its default, as on the server. */
export function keyElement(item: Json, keys: readonly string[], schema: SchemaNode): string {
  const parts: string[] = [];
  for (const key of keys.length < 2 ? keys : keys.toSorted()) {
    const own = isJsonObject(item) && Object.hasOwn(item, key) ? item[key] : undefined;
    const value = own ?? schema.field(key)?.default;
    if (value !== undefined) parts.push(`${JSON.stringify(key)}:${canonicalJson(value)}`);
  }
  return `k:{${parts.join(",")}}`;
}

export function setElement(item: Json): string {
  return `v:${canonicalJson(item)}`;
}

/** The merge keys that an element names; undefined for an item of a set. */
function keysOf(element: string): string[] | undefined {
  if (!element.startsWith("k:")) return undefined;
  const keys: unknown = JSON.parse(element.slice(2));
  return isJsonObject(keys) ? Object.keys(keys) : undefined;
}

/** Positions by element. Several positions under one element: duplicates, which only live objects may have. */
export function indexItems(
  list: readonly Json[],
  keys: readonly string[] | undefined,
  schema: SchemaNode,
): Map<string, number[]> {
  const index = new Map<string, number[]>();
  list.forEach((item, position) => {
    const element = keys === undefined ? setElement(item) : keyElement(item, keys, schema);
    const there = index.get(element);
    if (there === undefined) index.set(element, [position]);
    else there.push(position);
  });
  return index;
}

export function childSchema(schema: SchemaNode, element: string): SchemaNode {
  return (element.startsWith("f:") ? schema.field(element.slice(2)) : schema.items()) ?? ANY_SCHEMA;
}

/** The values of `elements` below `parent`, each with its step; those that are not there are left out. */
export function* childrenAt(
  parent: Json | undefined,
  elements: Iterable<string>,
  schema: SchemaNode,
): Generator<{ readonly step: Step; readonly value: Json }> {
  const indexes = new Map<string, Map<string, number[]>>();
  for (const element of elements) {
    if (element.startsWith("f:")) {
      const name = element.slice(2);
      const value = isJsonObject(parent) && Object.hasOwn(parent, name) ? parent[name] : undefined;
      if (value !== undefined) yield { step: fieldStep(name), value };
    } else if (isList(parent)) {
      const position = positionOf(parent, element, schema, indexes);
      const value = position === undefined ? undefined : parent[position];
      if (position !== undefined && value !== undefined) yield { step: itemStep(element, position), value };
    }
  }
}

function positionOf(
  list: readonly Json[],
  element: string,
  schema: SchemaNode,
  indexes: Map<string, Map<string, number[]>>,
): number | undefined {
  const keys = keysOf(element);
  const name = keys === undefined ? "" : keys.join("\n");
  let index = indexes.get(name);
  if (index === undefined) {
    index = indexItems(list, keys, schema.items() ?? ANY_SCHEMA);
    indexes.set(name, index);
  }
  return index.get(element)?.[0];
}

/** The value that stands at a path in another version of the object (the base, the dry run). */
export function valueAtPath(root: Json | undefined, path: FieldPath, schema: SchemaNode): Json | undefined {
  let value = root;
  let node = schema;
  for (const { element } of path) {
    const next: { readonly value: Json } | undefined = childrenAt(value, [element], node).next().value ?? undefined;
    if (next === undefined) return undefined;
    value = next.value;
    node = childSchema(node, element);
  }
  return value;
}

export function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

/** The schema of the value at a path. */
export function schemaAtPath(root: SchemaNode, path: FieldPath): SchemaNode {
  return path.reduce((node, { element }) => childSchema(node, element), root);
}

/** An object of Kubernetes as the JSON that it is. */
export function jsonOf(object: KubeObject): JsonObject {
  return isJsonObject(object) ? object : {};
}

/** Whether an item is the one that a label names: `[name=web]` by its fields, `[=x]` by itself. */
export function hasLabel(item: Json, label: string): boolean {
  if (!label.startsWith("[") || !label.endsWith("]")) return false;
  return label
    .slice(1, -1)
    .split(",")
    .every((pair) => {
      const equals = pair.indexOf("=");
      const key = unescapeToken(pair.slice(0, equals));
      const own = key === "" ? item : isJsonObject(item) && Object.hasOwn(item, key) ? item[key] : undefined;
      return own !== undefined && pair.slice(equals + 1) === keyText(own);
    });
}
