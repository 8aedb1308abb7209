import { type FieldTree, indexItems, isList, isMergedList, isNothing } from "../../../diff/index.ts";
import { canonicalJson } from "../../../kit/hash.ts";
import { ANY_SCHEMA, isJsonObject, type Json, type JsonObject, type SchemaNode } from "../../../model/index.ts";
import { ownablePart } from "./ownable.ts";

/** Which places came, changed and went between two states of an object. The order of items is no change. */
export interface Changes {
  /** Came or changed. */
  readonly written: FieldTree;
  readonly removed: FieldTree;
}

interface Tree {
  member: boolean;
  readonly children: Map<string, Tree>;
}

interface Sides {
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** Both are walked at once: a place that nothing happened at leaves nothing behind. */
interface Trees {
  readonly written: Tree;
  readonly removed: Tree;
}

/** `resets`: fields at the root that this writer cannot change, such as status. Source: structured-merge-diff, typed (compare). */
export function changesBetween(
  before: JsonObject | undefined,
  after: JsonObject,
  { schema, resets }: { readonly schema: SchemaNode; readonly resets: readonly string[] },
): Changes {
  const trees = { written: empty(), removed: empty() };
  const sides = { before: withMetadata(before, resets), after: withMetadata(after, resets) };
  mapChanges(sides, { schema, trees });
  return trees;
}

/** No object is without metadata. */
function withMetadata(object: JsonObject | undefined, resets: readonly string[]): JsonObject {
  return { metadata: {}, ...ownablePart(object ?? {}, resets) };
}

interface Place {
  readonly schema: SchemaNode;
  readonly trees: Trees;
}

function changes({ before, after }: Sides, { schema, trees }: Place): void {
  const map = asMap(before, after, schema);
  const list = map === undefined ? asList(before, after, schema) : undefined;
  if (map !== undefined) mapChanges(map, { schema, trees });
  else if (list !== undefined) listChanges(list, { schema, trees });
  else {
    if (before === undefined || (after !== undefined && canonicalJson(before) !== canonicalJson(after)))
      trees.written.member = true;
    else if (after === undefined) trees.removed.member = true;
    return;
  }
  if (before === undefined) trees.written.member = true;
  if (after === undefined) trees.removed.member = true;
}

interface MapSides {
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
}

/** Two sides that are compared key by key; two empty ones are compared as one value. */
function asMap(before: Json | undefined, after: Json | undefined, schema: SchemaNode): MapSides | undefined {
  if (schema.atomic || schema.kind === "list" || schema.kind === "scalar") return undefined;
  if (![before, after].every((side) => side === undefined || side === null || isJsonObject(side))) return undefined;
  const keys = [before, after].flatMap((side) => (isJsonObject(side) ? Object.keys(side) : []));
  return keys.length === 0 ? undefined : { before: asSide(before), after: asSide(after) };
}

function asSide(value: Json | undefined): JsonObject | undefined {
  return value === undefined || isJsonObject(value) ? value : {};
}

interface Lists {
  readonly before: readonly Json[];
  readonly after: readonly Json[];
}

function asList(before: Json | undefined, after: Json | undefined, schema: SchemaNode): Lists | undefined {
  if (!isMergedList(schema)) return undefined;
  if (![before, after].every((side) => side === undefined || side === null || isList(side))) return undefined;
  const [one, other] = [isList(before) ? before : [], isList(after) ? after : []];
  return one.length + other.length === 0 ? undefined : { before: one, after: other };
}

function mapChanges({ before, after }: MapSides, { schema, trees }: Place): void {
  for (const name of new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])) {
    const child = schema.field(name) ?? ANY_SCHEMA;
    const absent = zeroOf(child, schema.required?.includes(name) === true);
    const sides = { before: partOf(before, name, absent), after: partOf(after, name, absent) };
    below(trees, `f:${name}`, (inner) => changes(sides, { schema: child, trees: inner }));
  }
}

/** In the server's types some fields are never absent: structs that are no pointers (published with the default `{}`), and required lists,
 *  which are null. Nobody can add or remove these. */
function zeroOf(schema: SchemaNode, required: boolean): Json | undefined {
  if (schema.kind === "list") return required ? null : undefined;
  return isJsonObject(schema.default) ? {} : undefined;
}

function listChanges({ before, after }: Lists, { schema, trees }: Place): void {
  const items = schema.items() ?? ANY_SCHEMA;
  const keys = schema.listType === "set" ? undefined : (schema.keys ?? []);
  const [one, other] = [indexItems(before, keys, items), indexItems(after, keys, items)];
  for (const element of new Set([...one.keys(), ...other.keys()])) {
    const sides = { before: itemsAt(before, one.get(element)), after: itemsAt(after, other.get(element)) };
    below(trees, element, (inner) => changes(sides, { schema: items, trees: inner }));
  }
}

/** The item; where there are several with the same key, all of them as one value. */
function itemsAt(list: readonly Json[], positions: readonly number[] | undefined): Json | undefined {
  if (positions === undefined) return undefined;
  const found = positions.map((position) => list[position] ?? null);
  return found.length === 1 ? found[0] : found;
}

function below({ written, removed }: Trees, element: string, walk: (inner: Trees) => void): void {
  const inner = { written: empty(), removed: empty() };
  walk(inner);
  if (!isNothing(inner.written)) written.children.set(element, inner.written);
  if (!isNothing(inner.removed)) removed.children.set(element, inner.removed);
}

function partOf(object: JsonObject | undefined, name: string, absent: Json | undefined): Json | undefined {
  if (object === undefined) return undefined;
  const part = Object.hasOwn(object, name) ? object[name] : undefined;
  return part === undefined ? absent : part;
}

function empty(): Tree {
  return { member: false, children: new Map() };
}
