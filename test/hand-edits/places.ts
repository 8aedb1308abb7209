import { escapeToken } from "../../src/kit/json-pointer.ts";
import { ANY_SCHEMA, isJsonObject, type Json, type JsonObject, type SchemaNode } from "../../src/model/index.ts";

/** A field's name, a position (of a list that is one value), or the merge keys of an item. */
export type Step = string | number | { readonly keys: JsonObject };

/** A value that a manifest sets. */
export interface Place {
  readonly steps: readonly Step[];
  /** As a report names it: that of the whole value where it is owned as one. */
  readonly path: string;
  readonly value: Json;
  readonly schema: SchemaNode;
  /** The names down to it, items as `*`: what it is, whichever object it is in. */
  readonly names: readonly string[];
  /** Part of a value that is owned as one. */
  readonly inside: boolean;
  /** The item whose merge key it is. */
  readonly keyOf?: Place;
}

const NAMES = new Set(["name", "namespace"]);

/** Every value of the manifest, the parts after the whole; what names the object itself is no field. */
export function placesOf(manifest: JsonObject, schema: SchemaNode): Place[] {
  const root = { steps: [], path: "", value: manifest, schema, names: [], inside: false };
  return childrenOf(root)
    .filter(({ names: [first = ""] }) => first !== "apiVersion" && first !== "kind")
    .flatMap((place) => (place.names[0] === "metadata" ? childrenOf(place) : [place]))
    .filter(({ names: [first, second = ""] }) => first !== "metadata" || !NAMES.has(second))
    .flatMap(withParts);
}

function withParts(place: Place): Place[] {
  return [place, ...childrenOf(place).flatMap(withParts)];
}

function childrenOf(place: Place): Place[] {
  const { value } = place;
  if (Array.isArray(value)) return isKeyed(place) ? keyedItems(place, value) : positions(place, value);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, part]) => (part === undefined ? [] : [fieldOf(place, name, part)]));
}

export function isKeyed({ schema, inside }: Place): boolean {
  return !inside && !schema.atomic && schema.listType === "map";
}

export function isSet({ schema, inside }: Place): boolean {
  return !inside && !schema.atomic && schema.listType === "set";
}

/** The value is owned as one, with all that is in it. */
export function isOneValue(place: Place): boolean {
  return place.inside || place.schema.atomic || (Array.isArray(place.value) && !isKeyed(place) && !isSet(place));
}

function fieldOf(place: Place, name: string, value: Json): Place {
  const schema = place.schema.field(name) ?? ANY_SCHEMA;
  const last = place.steps.at(-1);
  const isKey = !place.inside && typeof last === "object" && Object.hasOwn(last.keys, name);
  return {
    steps: [...place.steps, name],
    path: isOneValue(place) ? place.path : `${place.path}/${escapeToken(name)}`,
    value,
    schema,
    names: [...place.names, name],
    inside: isOneValue(place),
    ...(isKey ? { keyOf: place } : {}),
  };
}

/** The items of a set are values, which `edits` knows of; those of a list that is one value are parts of it. */
function positions(place: Place, list: readonly Json[]): Place[] {
  if (isSet(place)) return [];
  const schema = place.schema.items() ?? ANY_SCHEMA;
  return list.map((value, at) => ({
    ...{ steps: [...place.steps, at], path: place.path, value, schema, names: [...place.names, "*"], inside: true },
  }));
}

function keyedItems(place: Place, list: readonly Json[]): Place[] {
  const schema = place.schema.items() ?? ANY_SCHEMA;
  return list.map((value) => {
    const keys = keysOf(value, place.schema);
    const path = place.path + itemLabel(keys);
    return { steps: [...place.steps, { keys }], path, value, schema, names: [...place.names, "*"], inside: false };
  });
}

export function keysOf(item: Json, list: SchemaNode): JsonObject {
  const pairs = (list.keys ?? []).toSorted().flatMap((key): [string, Json][] => {
    const value = (isJsonObject(item) ? item[key] : undefined) ?? list.items()?.field(key)?.default;
    return value === undefined ? [] : [[key, value]];
  });
  return Object.fromEntries(pairs);
}

export function itemLabel(keys: JsonObject): string {
  return `[${Object.entries(keys)
    .map(([key, value]) => `${key}=${escapeToken(String(value))}`)
    .join(",")}]`;
}

/** The name or position of the next value in its parent; undefined where there is none. */
export function tokenIn(parent: Json, step: Step): string | number | undefined {
  if (typeof step === "string") return isJsonObject(parent) && parent[step] !== undefined ? step : undefined;
  if (!Array.isArray(parent)) return undefined;
  if (typeof step === "number") return step < parent.length ? step : undefined;
  const at = parent.findIndex(
    (item: Json) => isJsonObject(item) && Object.entries(step.keys).every(([key, value]) => item[key] === value),
  );
  return at < 0 ? undefined : at;
}
