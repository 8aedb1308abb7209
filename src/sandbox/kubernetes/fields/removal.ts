import { childSchema, type FieldTree, isList, isMergedList, keyElement, setElement } from "../../../diff/index.ts";
import { ANY_SCHEMA, isJsonObject, type Json, type JsonObject, type SchemaNode } from "../../../model/index.ts";

/** The value without the places of a set. What becomes empty by it leaves its name behind, with null, which is no value to the kinds of the
 *  server and may be refused in custom resources. An atomic value goes as a whole or not at all.
 *  Source: structured-merge-diff, typed (remove). */
export function withoutFields(value: Json, gone: FieldTree, schema: SchemaNode): Json {
  if (schema.atomic || gone.children.size === 0) return value;
  if (isJsonObject(value)) return withoutKeys(value, gone, schema);
  if (isList(value) && isMergedList(schema) && value.length > 0) return withoutItems(value, gone, schema);
  return value;
}

function withoutKeys(value: JsonObject, gone: FieldTree, schema: SchemaNode): JsonObject | null {
  const left = Object.entries(value).flatMap(([name, part]): [string, Json][] => {
    const below = gone.children.get(`f:${name}`);
    if (part === undefined || below?.member === true) return [];
    return [[name, below === undefined ? part : withoutFields(part, below, schema.field(name) ?? ANY_SCHEMA)]];
  });
  return left.length === 0 && Object.keys(value).length > 0 ? null : Object.fromEntries(left);
}

function withoutItems(value: readonly Json[], gone: FieldTree, schema: SchemaNode): readonly Json[] | null {
  const items = schema.items() ?? ANY_SCHEMA;
  const left = value.flatMap((item): readonly Json[] => {
    const element = schema.listType === "set" ? setElement(item) : keyElement(item, schema.keys ?? [], items);
    const below = gone.children.get(element);
    if (below?.member === true) return [];
    return [below === undefined ? item : withoutFields(item, below, items)];
  });
  return left.length === 0 ? null : left;
}

/** The set with the named fields of structs on the way to its members: an owner of `/spec/replicas` has `/spec` in hand as well. Keys of
 *  free maps and items of lists are not added. */
export function withParents(tree: FieldTree, schema: SchemaNode): FieldTree {
  const children = new Map<string, FieldTree>();
  for (const [element, child] of tree.children) {
    const below = childSchema(schema, element);
    const inner = withParents(child, below);
    const named = element.startsWith("f:") && schema.kind === "struct";
    children.set(element, { member: inner.member || (named && inner.children.size > 0), children: inner.children });
  }
  return { member: tree.member, children };
}
