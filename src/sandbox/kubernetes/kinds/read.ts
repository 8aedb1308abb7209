import { isJsonObject, type Json, type JsonObject } from "../../../model/index.ts";

/** The value at a path with dots; undefined where there is none. */
export function at(object: JsonObject | undefined, path: string): Json | undefined {
  let value: Json | undefined = object;
  for (const name of path.split("."))
    value = isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value;
}

export function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** The objects in a list; none where there is no list. */
export function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

export function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
