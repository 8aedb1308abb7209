import { indexItems, isList, isMergedList, keyElement, setElement } from "../../../diff/index.ts";
import { ANY_SCHEMA, isJsonObject, type Json, type JsonObject, type SchemaNode } from "../../../model/index.ts";

/** What is applied, laid over what is there: maps key by key, list maps and sets item by item, all else as one value.
 *  Source: structured-merge-diff, typed (the applied side wins, items that only one side has stay). */
export function merged(live: Json | undefined, applied: Json | undefined, schema: SchemaNode): Json | undefined {
  if (applied === undefined) return live;
  if (live === undefined || schema.atomic || (isEmpty(live) && isEmpty(applied))) return applied;
  const map = isJsonObject(live) ? live : {};
  if (isMapLike(schema) && (isJsonObject(applied) || applied === null) && isJsonObject(live)) {
    return mergedMap(map, applied ?? {}, schema);
  }
  if (isMergedList(schema) && isList(live) && (isList(applied) || applied === null)) {
    return mergedList(live, applied ?? [], schema);
  }
  return applied;
}

function isMapLike(schema: SchemaNode): boolean {
  return schema.kind === "struct" || schema.kind === "map" || schema.kind === "any";
}

function isEmpty(value: Json): boolean {
  if (value === null) return true;
  return isList(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0;
}

function mergedMap(live: JsonObject, applied: JsonObject, schema: SchemaNode): JsonObject {
  const out: { [name: string]: Json | undefined } = { ...live };
  for (const [name, value] of Object.entries(applied)) {
    const before = Object.hasOwn(live, name) ? live[name] : undefined;
    Object.defineProperty(out, name, {
      value: merged(before, value, schema.field(name) ?? ANY_SCHEMA),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return out;
}

/** The items of both in one order: those that both have in the order of what is applied, those of live alone as early as that allows. */
function mergedList(live: readonly Json[], applied: readonly Json[], schema: SchemaNode): readonly Json[] {
  const items = schema.items() ?? ANY_SCHEMA;
  const keys = schema.listType === "set" ? undefined : (schema.keys ?? []);
  const elementOf = (item: Json): string => (keys === undefined ? setElement(item) : keyElement(item, keys, items));
  const inLive = indexItems(live, keys, items);
  const inApplied = indexItems(applied, keys, items);
  const order = [...inApplied.keys()].filter((element) => inLive.has(element));
  const taken = new Set<string>();
  const out: Json[] = [];
  let [fromLive, fromApplied] = [0, 0];
  const take = (item: Json, element: string): void => {
    const [position, ...more] = inLive.get(element) ?? [];
    // Of an item that live has twice nothing is kept: which of the two would it be?
    const before = position === undefined || more.length > 0 ? undefined : live[position];
    out.push(keys === undefined ? item : (merged(before, item, items) ?? item));
    taken.add(element);
    fromApplied++;
    if (order[0] === element) order.shift();
  };
  while (fromLive < live.length || fromApplied < applied.length) {
    const [there, next] = [live[fromLive], applied[fromApplied]];
    const element = there === undefined ? "" : elementOf(there);
    const isLivesAlone = there !== undefined && !inApplied.has(element);
    // Its turn comes in the order of what is applied, or was.
    const isPassed = there !== undefined && (next === undefined || taken.has(element) || isLater(element, order));
    if (isLivesAlone) out.push(there);
    if (isLivesAlone || isPassed) fromLive++;
    else if (next !== undefined) take(next, elementOf(next));
  }
  return out;
}

/** Both have it, and another one that both have is to come before it. */
function isLater(element: string, order: readonly string[]): boolean {
  return order[0] !== undefined && order[0] !== element;
}
