import { parsePointer, valueAt } from "../kit/json-pointer.ts";
import {
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type LeftField,
  type LiveObject,
} from "../model/index.ts";

/**
 * The manifest of an object that is made anew, with what live has in the fields that are left to others: the replicas of an autoscaler, say, which
 * else would begin again at one. Fields inside lists are not carried, since the new list may be another.
 */
export function carriedOver(
  object: KubeObject,
  live: LiveObject | undefined,
  left: readonly Pick<LeftField, "pointer">[],
): KubeObject {
  return left.reduce<KubeObject>((made, { pointer }) => {
    const tokens = parsePointer(pointer) ?? [];
    const value = valueAt(live, tokens);
    // The server's own identity of the old object, and its status, are nobody's to give.
    if (value === undefined || tokens.length < 2 || tokens[0] === "metadata" || tokens[0] === "status") return made;
    return (withValue(made as JsonObject, tokens, value as Json) ?? made) as KubeObject;
  }, object);
}

/** Undefined where the way leads through a list or something else without fields. */
function withValue(object: Json | undefined, [name, ...rest]: readonly string[], value: Json): Json | undefined {
  if (name === undefined) return value;
  if (object !== undefined && !isJsonObject(object)) return undefined;
  const below = withValue(object?.[name], rest, value);
  return below === undefined ? undefined : { ...object, [name]: below };
}
