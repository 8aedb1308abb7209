import { isJsonObject, type Json, type JsonObject } from "../../model/index.ts";

type Value = Json | ((parent: JsonObject) => Json | undefined);

/** A place, and what stands there when its parent is there and it is not. `*` is every item of a list. `merged`: what is there is looked
 *  at, too, and replaced. What OpenAPI publishes as a default is not repeated here. */
export type Default = readonly [path: string, value: Value, merged?: "merged"];

export function under(prefix: string, defaults: readonly Default[]): Default[] {
  return defaults.map(([path, ...filling]): Default => [`${prefix}.${path}`, ...filling]);
}

/** The object with each of the defaults; what is there stays. */
export function filledWith(object: JsonObject, defaults: readonly Default[]): JsonObject {
  return defaults.reduce((sum, [path, ...filling]) => filled(sum, path.split("."), filling), object);
}

type Filling = readonly [value: Value, merged?: "merged"];

function filled(parent: JsonObject, [name = "", ...rest]: readonly string[], filling: Filling): JsonObject {
  const there = parent[name];
  if (rest.length > 0) return there === undefined ? parent : { ...parent, [name]: within(there, rest, filling) };
  const [value, merged] = filling;
  if (there !== undefined && merged === undefined) return parent;
  const found = typeof value === "function" ? value(parent) : value;
  return found === undefined ? parent : { ...parent, [name]: found };
}

function within(value: Json, path: readonly string[], filling: Filling): Json {
  if (path[0] === "*") {
    const [, ...rest] = path;
    if (Array.isArray(value)) return value.map((item: Json) => within(item, rest, filling));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, within(part ?? null, rest, filling)]));
  }
  return isJsonObject(value) ? filled(value, path, filling) : value;
}
