import { canonicalJson } from "../../src/kit/hash.ts";
import { isJsonObject, type Json, type JsonObject } from "../../src/model/index.ts";

/** What makes one object of the other, as RFC 7386 has it: null takes away, lists are replaced. */
export function mergePatch(from: JsonObject, to: JsonObject): JsonObject {
  const patch: { [name: string]: Json } = {};
  for (const name of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const [was, is] = [from[name], to[name]];
    if (is === undefined) patch[name] = null;
    else if (isJsonObject(was) && isJsonObject(is)) {
      const below = mergePatch(was, is);
      if (Object.keys(below).length > 0) patch[name] = below;
    } else if (was === undefined || canonicalJson(was) !== canonicalJson(is)) patch[name] = is;
  }
  return patch;
}
