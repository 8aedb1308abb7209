import { isJsonObject, type Json, type JsonObject } from "../../src/model/index.ts";
import { isKeyed, isOneValue, isSet, itemLabel, keysOf, type Place, tokenIn } from "./places.ts";
import { otherValues } from "./values.ts";

/** What a hand does to one object, and what has to be said of it. */
export interface Edit {
  readonly does: "change" | "remove" | "add" | "reorder";
  readonly path: string;
  /** `below`: parts of what went are reported, each for itself. */
  readonly says: "drift" | "foreign" | "below";
  /** An item comes that the manifest does not name, in place of one that it does. */
  readonly brings?: boolean;
  /** Ways of doing it, one after the other until the server takes one; undefined: there is nothing to do it to. */
  readonly ways: readonly ((live: JsonObject) => JsonObject | undefined)[];
}

type Published = (place: Place) => readonly Json[];

export function editsOf(places: readonly Place[], published: Published): Edit[] {
  return places.flatMap((place) => [...changesOf(place, published), ...removalOf(place), ...additionsTo(place)]);
}

/** A merge key that changes is an item gone and another one come. */
function changesOf(place: Place, published: Published): Edit[] {
  const { value, keyOf } = place;
  if (typeof value === "object" && value !== null) return [];
  const ways = otherValues(place, published(place)).map((other) =>
    at(place, (parent, token) => set(parent, token, other)),
  );
  return [{ does: "change", path: keyOf?.path ?? place.path, says: "drift", ways, brings: keyOf !== undefined }];
}

function removalOf(place: Place): Edit[] {
  const { value, inside, keyOf, path } = place;
  const hasParts = typeof value === "object" && value !== null && Object.keys(value).length > 0;
  const isItem = typeof place.steps.at(-1) === "object";
  const says = hasParts && !inside && !isItem && !isOneValue(place) ? "below" : "drift";
  return [{ does: "remove", path: keyOf?.path ?? path, says, ways: [at(place, drop)], brings: keyOf !== undefined }];
}

function additionsTo(place: Place): Edit[] {
  const { value } = place;
  if (Array.isArray(value)) return value.length === 0 ? [] : listEdits(place, value);
  if (!isJsonObject(value) || place.schema.kind !== "map") return [];
  const [some] = Object.values(value);
  if (some === undefined) return [];
  const way = inside(place, (map) => ({ ...objectOf(map), "by-hand": some }));
  const says = isOneValue(place) ? "drift" : "foreign";
  return [{ does: "add", path: isOneValue(place) ? place.path : `${place.path}/by-hand`, says, ways: [way] }];
}

function listEdits(place: Place, list: readonly Json[]): Edit[] {
  const { path } = place;
  const turned: Edit = {
    does: "reorder",
    path,
    says: "drift",
    ways: [inside(place, (all) => listOf(all).toReversed())],
  };
  const more = list.length > 1 ? [turned] : [];
  if (isSet(place)) return [...more, ...setEdits(place, list)];
  const last = list.at(-1) ?? null;
  if (!isKeyed(place)) {
    const ways = [
      inside(place, (all) => [...listOf(all), renamed(last)]),
      inside(place, (all) => [...listOf(all), last]),
    ];
    return [...more, { does: "add", path, says: "drift", ways }];
  }
  const item = renamed(last, place);
  const added = path + itemLabel(keysOf(item, place.schema));
  return [
    ...more,
    { does: "add", path: added, says: "foreign", ways: [inside(place, (all) => [...listOf(all), item])] },
  ];
}

function setEdits(place: Place, list: readonly Json[]): Edit[] {
  const { path } = place;
  const gone = list.map((item): Edit => {
    const way = inside(place, (all) => listOf(all).filter((one) => one !== item));
    return { does: "remove", path: `${path}[=${String(item).replaceAll("/", "~1")}]`, says: "drift", ways: [way] };
  });
  const item = `${String(list.at(-1))}-by-hand`;
  const label = `[=${item.replaceAll("/", "~1")}]`;
  const added = inside(place, (all) => [...listOf(all), item]);
  return [...gone, { does: "add", path: path + label, says: "foreign", ways: [added] }];
}

/** An item like the last one, with another name or number. */
function renamed(item: Json, { schema }: Partial<Place> = {}): Json {
  if (typeof item === "string") return item.includes("/") ? item : `${item}-2`;
  if (!isJsonObject(item)) return item;
  const keys = schema?.keys ?? ["name", "key", "port", "path"];
  const entries = Object.entries(item).map(([key, value]): [string, Json | undefined] => {
    if (key !== "name" && !keys.includes(key)) return [key, value];
    if (typeof value === "number") return [key, value + 1000];
    return [key, typeof value === "string" && key !== "protocol" ? `${value}2` : value];
  });
  return Object.fromEntries(entries);
}

type Work = (parent: JsonObject | Json[], token: string | number) => void;

/** The object with its part at the place worked on. A place that live does not have can only be set. */
function at(place: Place, work: Work): (live: JsonObject) => JsonObject | undefined {
  return (live) => {
    const copy = structuredClone(live);
    let parent: Json = copy;
    for (const step of place.steps.slice(0, -1)) {
      const token = tokenIn(parent, step);
      const next: Json | undefined = token === undefined ? undefined : partOf(parent, token);
      if (next === undefined) return undefined;
      parent = next;
    }
    const last = place.steps.at(-1) ?? "";
    const token = tokenIn(parent, last) ?? (typeof last === "string" ? last : undefined);
    if (token === undefined || typeof parent !== "object" || parent === null) return undefined;
    if (work === drop && partOf(parent, token) === undefined) return undefined;
    work(parent as JsonObject | Json[], token);
    return copy;
  };
}

function inside(place: Place, work: (value: Json) => Json): (live: JsonObject) => JsonObject | undefined {
  return at(place, (parent, token) => set(parent, token, work(partOf(parent, token) ?? null)));
}

function partOf(parent: Json, token: string | number): Json | undefined {
  return (parent as { readonly [name: string | number]: Json | undefined })[token];
}

function set(parent: JsonObject | Json[], token: string | number, value: Json): void {
  Object.assign(parent, { [token]: value });
}

function drop(parent: JsonObject | Json[], token: string | number): void {
  if (Array.isArray(parent)) parent.splice(Number(token), 1);
  else Reflect.deleteProperty(parent, token);
}

function listOf(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function objectOf(value: Json): JsonObject {
  return isJsonObject(value) ? value : {};
}
