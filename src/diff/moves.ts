import { unescapeToken } from "../kit/json-pointer.ts";
import type { FieldChange, Json } from "../model/index.ts";

const MOST_NAMED = 3;

/** A change of nothing but the order of a list's items. */
export function isMove({ desired, live }: Pick<FieldChange, "desired" | "live">): boolean {
  return isOrder(desired) && isOrder(live);
}

/** Only a list's order has labels of its items for values. */
export function isOrder(value: Json | undefined): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length > 1 &&
    value.every((one) => typeof one === "string" && /^\[.*=.*\]$/s.test(one))
  );
}

/** Which items moved, and behind what: "[name=b] moved to the front", the fewest that explain the one order by the other. */
export function describeMoves(from: readonly string[], to: readonly string[]): string {
  const before = new Map(from.map((label, position) => [label, position]));
  const staying = longestRising(to.map((label) => before.get(label) ?? -1));
  const moved = to.flatMap((label, position) => {
    if (staying.has(position)) return [];
    const ahead = to[position - 1];
    return [`${unescapeToken(label)} moved ${ahead === undefined ? "to the front" : `behind ${unescapeToken(ahead)}`}`];
  });
  const more = moved.length > MOST_NAMED ? ` and ${moved.length - MOST_NAMED} more` : "";
  return moved.slice(0, MOST_NAMED).join(", ") + more;
}

/** The positions of a longest rising subsequence. */
function longestRising(numbers: readonly number[]): ReadonlySet<number> {
  const ends: number[] = [];
  const previous = numbers.map((number, position) => {
    const length = firstNotBelow(ends, numbers, number);
    ends[length] = position;
    return ends[length - 1];
  });
  const rising = new Set<number>();
  for (let at = ends.at(-1); at !== undefined; at = previous[at]) rising.add(at);
  return rising;
}

/** Where a number belongs among the ends, which rise. */
function firstNotBelow(ends: readonly number[], numbers: readonly number[], number: number): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[ends[middle] ?? 0] ?? 0) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
