import { ANY_SCHEMA, isJsonObject, type Json, type JsonObject, type SchemaNode } from "../../../model/index.ts";
import { goText, unexpectedPatch, unfitPatch } from "./patch-error.ts";

type List = readonly Json[];

export interface ListRule {
  /** Of the list. */
  readonly node: SchemaNode;
  readonly mergeItem: (live: JsonObject, patch: JsonObject, schema: SchemaNode) => JsonObject;
}

/** The list after the patch. Items of the patch come in its order, the others keep theirs and their places among them. Errors: 422, 500. */
export function mergeList(live: List, patch: List, rule: ListRule): List {
  if (rule.node.patch?.merge !== true) return patch;
  if (live.length === 0 && patch.length === 0) return live;
  const { items, ...orders } = combined(live, patch, rule);
  return inOrder(items, orders);
}

/** Both lists in one: what was there first, then what is new. */
function combined(live: List, patch: List, { node, mergeItem }: ListRule): Orders & { readonly items: List } {
  if (!areMaps([...live, ...patch])) {
    return { items: [...new Set([...live, ...patch])], wanted: patch, before: live, idOf: (item) => item };
  }
  const { key } = node.patch ?? {};
  if (key === undefined) throw unexpectedPatch("cannot merge lists without merge key for struct");
  const kept = afterDirectives(live.filter(isJsonObject), patch.filter(isJsonObject), key);
  const wanted = patch.filter(isJsonObject).filter((item) => item["$patch"] === undefined);
  const items = [...kept];
  const places = placesOf(kept.map((item) => item[key] ?? null));
  for (const item of wanted) {
    const id = idOf(item, key);
    const at = places.get(id) ?? items.length;
    const before = items[at];
    items[at] = before === undefined ? item : mergeItem(before, item, node.items() ?? ANY_SCHEMA);
    places.set(id, at);
  }
  return { items, wanted, before: kept, idOf: (item) => idOf(item, key) };
}

interface OrderedLists {
  readonly live: List;
  readonly patch: List;
  /** Where it is known already: the list is new. */
  readonly merged: List | undefined;
  readonly order: List;
}

/** mergeList with an order of its own: `$setElementOrder` goes before the patch's order, and that before live's. Errors: 422, 500. */
export function orderedList({ live, patch, merged, order }: OrderedLists, rule: ListRule): List {
  const { key, merge = false } = rule.node.patch ?? {};
  const id = (item: Json): Json => (key === undefined ? item : idOf(item, key));
  requireSubset(patch, order, id);
  if (live.length + patch.length === 0) throw unexpectedPatch("no elements in any of the given slices");
  areMaps([...live, ...patch]);
  if (merged !== undefined) return inOrder(merged, { wanted: order, before: live, idOf: id });
  if (patch.length === 0) return inOrder(live, { wanted: order, before: live, idOf: id });
  const { items } = merge ? combined(live, patch, rule) : { items: patch };
  // Upstream removes and appends in place: what is new takes the places of what was deleted in the order it then goes by.
  return inOrder(items, { wanted: order, before: merge ? items.slice(0, live.length) : live, idOf: id });
}

/** `$deleteFromPrimitiveList`. */
export function withoutItems(live: List, items: List): List {
  const gone = new Set(items);
  return live.filter((item) => !gone.has(item));
}

/** Items may all be maps, or all scalars of one type. Errors: 422 for lists of lists, 500 for a mixture. */
function areMaps(items: List): boolean {
  const types = new Set(items.map((item) => (Array.isArray(item) ? "list" : typeof item)));
  if (types.has("list")) throw unfitPatch();
  if (types.size > 1 || items.includes(null)) {
    throw unexpectedPatch(`list element types are not identical: ${goText(items)}`);
  }
  return types.has("object");
}

function idOf(item: Json, key: string): Json {
  const id = isJsonObject(item) ? item[key] : undefined;
  if (id !== undefined) return id;
  throw unexpectedPatch(
    isJsonObject(item)
      ? `map: ${goText(item)} does not contain declared merge key: ${key}`
      : `expected a map[string]interface {}, but received a ${typeof item}`,
  );
}

/** What `$patch` in items leaves of live: delete takes those of the same key, replace takes all. */
function afterDirectives(
  live: readonly JsonObject[],
  patch: readonly JsonObject[],
  key: string,
): readonly JsonObject[] {
  const gone = new Set<Json>();
  let isReplaced = false;
  for (const item of patch) {
    const directive = item["$patch"];
    if (directive === "delete") gone.add(idOf(item, key));
    else if (directive === "replace") isReplaced = true;
    else if (directive === "merge") throw unexpectedPatch("merging lists cannot yet be specified in the patch");
    else if (directive !== undefined) {
      throw unexpectedPatch(`unknown patch type: ${goText(directive)} in map: ${goText(item)}`);
    }
  }
  return isReplaced ? [] : live.filter((item) => !gone.has(item[key] ?? null));
}

/** The items of the patch must all be in the order, and in that order. */
function requireSubset(patch: List, order: List, id: (item: Json) => Json): void {
  if (patch.length === 0 || order.length === 0) return;
  const wanted = patch.filter((item) => !isJsonObject(item) || item["$patch"] === undefined).map(id);
  let met = 0;
  for (const item of order) if (met < wanted.length && id(item) === wanted[met]) met++;
  if (met === wanted.length) return;
  throw unexpectedPatch(
    `The order in patch list:\n${goText(patch)}\n doesn't match $setElementOrder list:\n${goText(order)}\n`,
  );
}

interface Orders {
  readonly wanted: List;
  readonly before: List;
  readonly idOf: (item: Json) => Json;
}

/** Two lists in one: what is wanted in its order, the others in live's, each of them before the first that followed it in live. */
function inOrder(items: List, { wanted, before, idOf: id }: Orders): List {
  const wantedAt = placesOf(wanted.map(id));
  const beforeAt = placesOf(before.map(id));
  const at = (places: ReadonlyMap<Json, number>, item: Json) => places.get(id(item)) ?? items.length + before.length;
  const named = items.filter((item) => wantedAt.has(id(item))).sort((a, b) => at(wantedAt, a) - at(wantedAt, b));
  const others = items.filter((item) => !wantedAt.has(id(item))).sort((a, b) => at(beforeAt, a) - at(beforeAt, b));
  const result: Json[] = [];
  let taken = 0;
  for (const item of named) {
    const isNext = (other: Json | undefined) => other !== undefined && at(beforeAt, other) < at(beforeAt, item);
    while (beforeAt.has(id(item)) && isNext(others[taken])) result.push(...others.slice(taken, ++taken));
    result.push(item);
  }
  return [...result, ...others.slice(taken)];
}

/** The first place of each. */
function placesOf(ids: List): Map<Json, number> {
  const places = new Map<Json, number>();
  for (const [place, id] of ids.entries()) if (!places.has(id)) places.set(id, place);
  return places;
}
