import { unescapeToken } from "../kit/json-pointer.ts";
import { ANY_SCHEMA, isJsonObject, type Json } from "../model/index.ts";
import { indexItems, keyElement, setElement } from "./field-path.ts";

/** Positions in a list, the first `live` of them taken by what the server has and the others by what comes, in the order in which an apply
 *  leaves them: those applied in the order of `applied`, those of others alone as early as that allows.
 *  Source: sigs.k8s.io/structured-merge-diff, merging of associative lists. */
export function mergedOrder(live: number, applied: readonly number[]): number[] {
  const wanted = new Set(applied);
  const shared = applied.filter((position) => position < live);
  const out = new Set<number>();
  let [there, turn, due] = [0, 0, 0];
  while (there < live || turn < applied.length) {
    while (out.has(shared[due] ?? -1)) due++;
    const next = applied[turn];
    const isLater = shared[due] !== undefined && shared[due] !== there;
    if (there < live && !wanted.has(there)) out.add(there++);
    else if (there < live && (next === undefined || out.has(there) || isLater)) there++;
    else if (next !== undefined) {
      out.add(next);
      turn++;
    }
  }
  return [...out];
}

/** Where the items of `wanted` stand in `list`, by the keys that a label of the list names; those that are not in it have no place.
 *  A key that the manifest leaves out is the server's default, which the manifest alone does not tell: the others decide. */
export function positionsOf(wanted: readonly Json[], list: readonly Json[], label: string): number[] {
  const keys = keysIn(label);
  const indexes = new Map<string, Map<string, number[]>>();
  const positions = wanted.flatMap((item) => {
    const given = keys?.filter((key) => isJsonObject(item) && item[key] !== undefined);
    const name = given?.join("\n") ?? "";
    const index = indexes.get(name) ?? indexItems(list, given, ANY_SCHEMA);
    indexes.set(name, index);
    return index.get(given === undefined ? setElement(item) : keyElement(item, given, ANY_SCHEMA))?.[0] ?? [];
  });
  return [...new Set(positions)];
}

/** `[containerPort=80,protocol=TCP]` -> containerPort, protocol; undefined for `[=x]`, an item of a set. */
function keysIn(label: string): string[] | undefined {
  const keys = label
    .slice(1, -1)
    .split(",")
    .map((pair) => unescapeToken(pair.split("=")[0] ?? ""));
  return label.startsWith("[=") ? undefined : keys;
}
