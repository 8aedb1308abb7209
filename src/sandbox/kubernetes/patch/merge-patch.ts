import { isJsonObject, type Json, type JsonObject } from "../../../model/index.ts";
import { refuseHostile } from "./patch-error.ts";

/** RFC 7386. Errors: 400 for a hostile patch. */
export function mergePatch(live: JsonObject, patch: JsonObject): JsonObject {
  refuseHostile(patch);
  return merged(live, patch);
}

function merged(live: JsonObject, patch: JsonObject): JsonObject {
  const result = new Map(Object.entries(live));
  for (const [name, value] of Object.entries(patch)) {
    const before = result.get(name);
    if (value === undefined) continue;
    if (value === null) result.delete(name);
    else result.set(name, isJsonObject(value) && isJsonObject(before) ? merged(before, value) : withoutNulls(value));
  }
  return Object.fromEntries(result);
}

/** What is new has nothing that null could remove: nulls among its fields go, in lists, too (as the server's library does). */
export function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => withoutNulls(item));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, part]) =>
      part === null || part === undefined ? [] : [[name, withoutNulls(part)]],
    ),
  );
}
