import { ANY_SCHEMA, isJsonObject, type Json, type JsonObject, type SchemaNode } from "../model/index.ts";
import {
  type FieldPath,
  fieldStep,
  indexItems,
  isList,
  itemLabel,
  itemStep,
  keyElement,
  setElement,
} from "./field-path.ts";
import { isManifestField, isManifestMetadata, isMergedList } from "./field-set.ts";
import type { Left } from "./ignore/leave.ts";
import { isZero, sameJson, sameValue, type Verdict } from "./value-equality.ts";

/** A place where live is not, or may not be, what the manifest says. */
export interface Candidate {
  readonly path: FieldPath;
  readonly desired: Json | undefined;
  readonly live: Json | undefined;
  /** Not to be explained by the server's spelling. */
  readonly certain: boolean;
  /** Only the order of a list differs; the values are the items' labels. */
  readonly move: boolean;
}

/** The same place in the manifest (without what is left), in live and, where one was asked, in the dry run's answer. */
interface Place {
  readonly desired: Json;
  readonly live: Json | undefined;
  readonly want: Json | undefined;
}

export interface WalkContext {
  /** Compare the dry run's answer with live, at the manifest's places. */
  readonly dry: boolean;
  /** The kind is of a definition: its empty objects are kept. */
  readonly custom: boolean;
  readonly isOurs: (path: FieldPath) => boolean;
  readonly left: Pick<Left, "covers" | "stripLive" | "stripDryRun">;
  readonly out: Candidate[];
}

/** Of an object that no rule is about. */
export const NOTHING_LEFT: WalkContext["left"] = {
  covers: () => false,
  stripLive: (_path, value) => value,
  stripDryRun: (_path, value) => value,
};

/** Collects the places of the manifest at which live differs; nothing is said about fields that the manifest does not name. */
export function walkManifest(root: Place, schema: SchemaNode, context: WalkContext): void {
  if (!isJsonObject(root.desired)) return;
  for (const name of Object.keys(root.desired)) {
    if (!isManifestField(name)) continue;
    const place = placeAt(root, name);
    if (place === undefined) continue;
    const field = schema.field(name) ?? ANY_SCHEMA;
    const path = [fieldStep(name)];
    if (name === "metadata") walkMetadata(path, place, field, context);
    else walk(path, place, field, schema, context);
  }
}

function walkMetadata(path: FieldPath, place: Place, schema: SchemaNode, context: WalkContext): void {
  if (!isJsonObject(place.desired)) return;
  for (const name of Object.keys(place.desired)) {
    const child = isManifestMetadata(name) ? placeAt(place, name) : undefined;
    if (child !== undefined) {
      walk([...path, fieldStep(name)], child, schema.field(name) ?? ANY_SCHEMA, schema, context);
    }
  }
}

function placeAt({ desired, live, want }: Place, name: string): Place | undefined {
  const value = ownValue(desired, name);
  return value === undefined ? undefined : { desired: value, live: ownValue(live, name), want: ownValue(want, name) };
}

function ownValue(parent: Json | undefined, name: string): Json | undefined {
  return isJsonObject(parent) && Object.hasOwn(parent, name) ? parent[name] : undefined;
}

function walk(path: FieldPath, place: Place, schema: SchemaNode, parent: SchemaNode, context: WalkContext): void {
  if (context.left.covers(path)) return;
  const { desired, live } = place;
  const absent = live === undefined || live === null;
  if (isGranular(schema) && desired === null) return;
  if (isJsonObject(desired) && !schema.atomic && (absent || isJsonObject(live))) {
    walkObject(path, place, desired, schema, context);
  } else if (isList(desired) && isMergedList(schema) && (absent || isList(live))) {
    walkList(path, place, desired, schema, context);
  } else leaf(path, place, schema, parent, context);
}

/** null over something that is merged asks for nothing: what others have in it stays. */
function isGranular(schema: SchemaNode): boolean {
  return !schema.atomic && (schema.kind === "struct" || schema.kind === "map" || isMergedList(schema));
}

function walkObject(path: FieldPath, place: Place, desired: JsonObject, schema: SchemaNode, context: WalkContext) {
  const names = Object.keys(desired);
  if (names.length === 0) noteEmpty(path, place, context);
  for (const name of names) {
    const child = placeAt(place, name);
    if (child !== undefined && !isPlainlySame(child, context)) {
      walk([...path, fieldStep(name)], child, schema.field(name) ?? ANY_SCHEMA, schema, context);
    }
  }
}

/** Most places: a scalar that is spelt alike. Nothing can be said of it, so that its path need not be made. */
function isPlainlySame({ desired, live, want }: Place, { dry }: WalkContext): boolean {
  return typeof desired !== "object" && live === (dry ? want : desired);
}

/** Being there is all that `{}` says: much in `emptyDir: {}`, nothing in `labels: {}`, and the schema does not tell which. */
function noteEmpty(path: FieldPath, { desired, live, want }: Place, context: WalkContext): void {
  if (context.dry) {
    if (isAbsent(want) !== isAbsent(live)) {
      context.out.push({ path, desired: want, live, certain: true, move: false });
    }
  } else if (isAbsent(live) && (!context.isOurs(path) || isOfDefinition(path, context))) {
    context.out.push({ path, desired, live, certain: false, move: false });
  }
}

function isAbsent(value: Json | undefined): boolean {
  return value === undefined || value === null;
}

/** Empty values are kept there. And an apply that takes the last fields out of an object takes the object, too, though the manifest says
 *  `{}`; only the next one brings it back, with its defaults (server fact 17). */
function isOfDefinition([first]: FieldPath, { custom }: WalkContext): boolean {
  return custom && first?.token !== "metadata";
}

function leaf(path: FieldPath, place: Place, schema: SchemaNode, parent: SchemaNode, context: WalkContext): void {
  const { desired } = place;
  const live = place.live === undefined ? undefined : context.left.stripLive(path, place.live);
  if (context.dry) {
    const want = place.want === undefined ? undefined : context.left.stripDryRun(path, place.want);
    if (!sameJson(want, live)) context.out.push({ path, desired: want, live, certain: true, move: false });
    return;
  }
  const found = live === undefined ? whereLiveLacks(desired, parent) : whereBothAre(desired, live, schema, parent);
  const verdict = found === "alike" ? whereEmpty(path, context) : found;
  if (verdict !== "same") {
    context.out.push({ path, desired, live, certain: verdict === "different", move: false });
  }
}

function whereEmpty(path: FieldPath, context: WalkContext): Verdict {
  return context.isOurs(path) && !isOfDefinition(path, context) ? "same" : "maybe";
}

function whereBothAre(desired: Json, live: Json, schema: SchemaNode, parent: SchemaNode): Verdict {
  if (desired === null && parent.kind === "map" && schema.nullable !== true)
    return live === "" || live === null ? "same" : "different";
  return sameValue(desired, live, schema);
}

/** Free keys of a map keep their empty values, and so does a custom resource; of the rest the server answers nothing. */
function whereLiveLacks(desired: Json, parent: SchemaNode): Verdict {
  if (!isZero(desired)) return "different";
  if (parent.kind === "map") return desired === "" || desired === null ? "different" : "maybe";
  return "alike";
}

interface Lists {
  readonly desired: readonly Json[];
  readonly live: readonly Json[];
  readonly want: readonly Json[];
  readonly keys: readonly string[] | undefined;
  readonly items: SchemaNode;
}

function walkList(path: FieldPath, place: Place, desired: readonly Json[], schema: SchemaNode, context: WalkContext) {
  // Nobody owns an empty list of items, yet a custom resource gets and keeps it.
  if (desired.length === 0 && isOfDefinition(path, context)) noteEmpty(path, place, context);
  const lists: Lists = {
    desired,
    live: isList(place.live) ? place.live : [],
    want: isList(place.want) ? place.want : [],
    keys: schema.listType === "set" ? undefined : (schema.keys ?? []),
    items: schema.items() ?? ANY_SCHEMA,
  };
  const inLive = indexItems(lists.live, lists.keys, lists.items);
  const inWant = indexItems(lists.want, lists.keys, lists.items);
  const elements = elementsIn(desired, lists);
  desired.forEach((item, position) => {
    const element = elements[position] ?? "";
    const at = inLive.get(element) ?? [];
    const wanted = inWant.get(element)?.[0];
    const itemPath = [...path, itemStep(element, at[0] ?? position)];
    if (context.left.covers(itemPath)) return;
    walkItem(itemPath, { item, at, want: wanted === undefined ? undefined : lists.want[wanted] }, lists, context);
  });
  noteMove(path, elements, { lists, inLive }, context);
}

function elementsIn(list: readonly Json[], { keys, items }: Lists): string[] {
  return list.map((item) => (keys === undefined ? setElement(item) : keyElement(item, keys, items)));
}

interface Item {
  readonly item: Json;
  /** Positions in live: none, one, or several where live has duplicates. */
  readonly at: readonly number[];
  readonly want: Json | undefined;
}

function walkItem(path: FieldPath, { item, at, want }: Item, lists: Lists, context: WalkContext): void {
  const [first, ...more] = at;
  const live = first === undefined ? undefined : lists.live[first];
  if (more.length > 0 && lists.keys !== undefined) {
    const all = at.map((position) => lists.live[position] ?? null);
    context.out.push({ path, desired: item, live: all, certain: true, move: false });
  } else if (live === undefined) {
    if (!context.dry || want !== undefined) {
      context.out.push({ path, desired: item, live: undefined, certain: true, move: false });
    }
  } else if (lists.keys !== undefined) walk(path, { desired: item, live, want }, lists.items, ANY_SCHEMA, context);
}

interface Order {
  readonly lists: Lists;
  readonly inLive: ReadonlyMap<string, readonly number[]>;
}

/** The server puts the manifest's items in the manifest's order; items of others between them stay. Those of a set may stay where they are. */
function noteMove(path: FieldPath, elements: readonly string[], { lists, inLive }: Order, context: WalkContext): void {
  const named = new Set(elements);
  const common: { readonly element: string; readonly at: number }[] = [];
  for (const element of context.dry ? elementsIn(lists.want, lists) : elements) {
    const at = inLive.get(element);
    if (at?.[0] !== undefined && at.length === 1 && named.has(element)) common.push({ element, at: at[0] });
  }
  if (common.every(({ at }, position) => position === 0 || at > (common[position - 1]?.at ?? -1))) return;
  const labels = (items: typeof common): string[] => items.map(({ element }) => itemLabel(element));
  const live = labels(common.toSorted((one, other) => one.at - other.at));
  const certain = context.dry || lists.keys !== undefined;
  context.out.push({ path, desired: labels(common), live, certain, move: true });
}
