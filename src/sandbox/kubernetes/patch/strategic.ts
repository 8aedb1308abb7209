import { isJsonObject, type Json, type JsonObject, type SchemaNode } from "../../../model/index.ts";
import { mergeList, orderedList, withoutItems } from "./merge-list.ts";
import { withoutNulls } from "./merge-patch.ts";
import { badPatch, goText, refuseHostile, unexpectedPatch } from "./patch-error.ts";

const DIRECTIVE = "$patch";
const RETAIN_KEYS = "$retainKeys";
const DELETE_ITEMS = "$deleteFromPrimitiveList";
const SET_ORDER = "$setElementOrder";

type Fields = Map<string, Json>;

/**
 * The server's half of a strategic merge patch. Source: apimachinery, strategicpatch, and its test cases.
 * Errors: 400 and 422 for a malformed directive; 500 for an unknown one, a list item without its merge key, and an order
 * that does not fit its list: so answers the real server.
 */
export function strategicMerge(live: JsonObject, patch: JsonObject, schema: SchemaNode): JsonObject {
  refuseHostile(patch);
  return mergeMap(live, patch, schema);
}

function mergeMap(live: JsonObject, patch: JsonObject, schema: SchemaNode): JsonObject {
  if (patch[DIRECTIVE] !== undefined) return directed(patch);
  const fields = retained(live, patch);
  const changes = fieldsOf(patch);
  changes.delete(RETAIN_KEYS);
  for (const [name, order] of takeDirectives(changes, SET_ORDER)) {
    setOrdered(fields, changes, { name, order, node: childOf(schema, name) });
  }
  for (const [name, items] of takeDirectives(changes, DELETE_ITEMS)) {
    const before = fields.get(name);
    if (items === null) fields.delete(name);
    else if (Array.isArray(items) && Array.isArray(before)) fields.set(name, withoutItems(before, items));
  }
  for (const [name, value] of changes) mergeField(fields, schema, { name, value });
  return Object.fromEntries(fields);
}

/** The map itself is to go, or to be replaced. */
function directed({ [DIRECTIVE]: directive, ...rest }: JsonObject): JsonObject {
  if (directive === "replace") return rest;
  if (directive === "delete") return {};
  throw unexpectedPatch(
    `unknown patch type: ${goText(directive)} in map: ${goText({ ...rest, [DIRECTIVE]: directive })}`,
  );
}

/** With $retainKeys only the keys it names stay, and the patch may set no others. */
function retained(live: JsonObject, { [RETAIN_KEYS]: names, ...patch }: JsonObject): Fields {
  const fields = fieldsOf(live);
  if (names === undefined) return fields;
  const isNamed = (name: string) => Array.isArray(names) && names.includes(name);
  const isForeign = ([name, value]: [string, Json]) =>
    value !== null && !name.startsWith(DELETE_ITEMS) && !name.startsWith(SET_ORDER) && !isNamed(name);
  if (!Array.isArray(names) || [...fieldsOf(patch)].some(isForeign))
    throw badPatch("invalid patch format of retainKeys");
  return new Map([...fields].filter(([name]) => isNamed(name)));
}

function fieldsOf(object: JsonObject): Fields {
  return new Map(Object.entries(object).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** Directives beside a list, `$prefix/<field>`, with the field's name; they are taken out of the fields. */
function takeDirectives(fields: Fields, prefix: string): [name: string, value: Json][] {
  const found = [...fields].filter(([name]) => name.startsWith(prefix));
  return found.map(([name, value]) => {
    fields.delete(name);
    if (name.startsWith(`${prefix}/`)) return [name.slice(prefix.length + 1), value];
    throw badPatch(`invalid patch format of ${prefix === SET_ORDER ? "setElementOrder" : "primitive"} list`);
  });
}

interface Ordered {
  readonly name: string;
  readonly order: Json;
  readonly node: SchemaNode;
}

/** Merges a list together with the order that the patch wants, and takes it out of the changes. */
function setOrdered(fields: Fields, changes: Fields, { name, order, node }: Ordered): void {
  const [before, after] = [fields.get(name), changes.get(name)];
  for (const list of [order, before ?? [], after ?? []]) {
    if (!Array.isArray(list)) throw unexpectedPatch(`expected a []interface {}, but received a ${typeof list}`);
  }
  if (!Array.isArray(order) || (before === undefined && after === undefined)) return;
  const added = after === undefined ? undefined : withoutDirectives(after);
  const lists = {
    live: Array.isArray(before) ? before : [],
    patch: Array.isArray(after) ? after : [],
    merged: before === undefined && Array.isArray(added) ? added : undefined,
  };
  fields.set(name, orderedList({ ...lists, order }, { node, mergeItem: mergeMap }));
  changes.delete(name);
}

function mergeField(fields: Fields, schema: SchemaNode, { name, value }: { name: string; value: Json }): void {
  const before = fields.get(name);
  if (value === null) fields.delete(name);
  else if (isJsonObject(before) && isJsonObject(value)) {
    const node = childOf(schema, name);
    fields.set(name, isReplaced(node) ? value : mergeMap(before, value, node));
  } else if (Array.isArray(before) && Array.isArray(value)) {
    fields.set(name, mergeList(before, value, { node: childOf(schema, name), mergeItem: mergeMap }));
  } else {
    const added = withoutDirectives(withoutNulls(value));
    if (added === undefined) fields.delete(name);
    else fields.set(name, added);
  }
}

function isReplaced({ patch }: SchemaNode): boolean {
  return patch !== undefined && !patch.merge && !patch.retainKeys;
}

function childOf(schema: SchemaNode, name: string): SchemaNode {
  const node = schema.field(name);
  if (node !== undefined) return node;
  throw unexpectedPatch(`unable to find api field in struct for the json field ${JSON.stringify(name)}`);
}

/** Where nothing is, nothing is to be removed or replaced. Undefined: nothing is left. */
function withoutDirectives(value: Json): Json | undefined {
  if (Array.isArray(value)) return value.flatMap((item: Json) => withoutDirectives(item) ?? []);
  if (!isJsonObject(value)) return value;
  if (value[DIRECTIVE] !== undefined) return undefined;
  const fields = [...fieldsOf(value)].map(([name, part]) => [name, withoutDirectives(part)] as const);
  return Object.fromEntries(fields.filter(([, part]) => part !== undefined));
}
