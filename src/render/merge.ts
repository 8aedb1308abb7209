import { isJsonObject, type Json, type JsonObject } from "../model/index.ts";

interface Merge {
  readonly target: Record<string, Json>;
  /** Keys that came this way, and may be given again. */
  readonly merged: Set<string>;
  readonly source: Json;
}

/**
 * `<<: mapping`, or a list of mappings of which earlier ones win. As kubectl reads it, and against the YAML 1.1 working draft, what is
 * merged overrides the keys that stand before it in the text. Gives those keys; undefined when the source is no mapping.
 */
export function mergeInto({ target, merged, source }: Merge): string[] | undefined {
  const sources: readonly Json[] = Array.isArray(source) ? source.toReversed() : [source];
  const maps = sources.filter((one): one is JsonObject => isJsonObject(one));
  if (maps.length < sources.length) return undefined;
  const overridden: string[] = [];
  for (const map of maps) {
    for (const [key, value] of Object.entries(map)) {
      if (value === undefined) continue;
      if (!Object.hasOwn(target, key)) merged.add(key);
      else if (!merged.has(key)) overridden.push(key);
      target[key] = value;
    }
  }
  return overridden;
}
