import { canonicalJson } from "../kit/hash.ts";
import { escapeToken } from "../kit/json-pointer.ts";
import { formatRef, isJsonObject, type Manifest, refKey } from "../model/index.ts";

/** More differences than these help nobody. */
const MAX_WARNINGS = 20;

/** What is another in each of two renders of the same, as warnings that show places and no values. */
export function chanceWarnings(first: readonly Manifest[], second: readonly Manifest[]): string[] {
  const others = new Map(second.map(({ ref, object }) => [refKey(ref), object]));
  const warnings: string[] = [];
  for (const { ref, object } of first) {
    const other = others.get(refKey(ref));
    const path = other === undefined ? "its name" : firstDifference(object, other, "");
    if (path === undefined || warnings.length >= MAX_WARNINGS) continue;
    warnings.push(
      `${formatRef(ref)}: ${path} is another at each render, so the chart can never be in sync by itself; what was rendered first stays until the chart or its values change`,
    );
  }
  return warnings;
}

/** JSON pointer. */
function firstDifference(one: unknown, other: unknown, at: string): string | undefined {
  if (canonicalJson(one) === canonicalJson(other)) return undefined;
  if (!isTable(one) || !isTable(other)) return at;
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const found = firstDifference(one[key], other[key], `${at}/${escapeToken(key)}`);
    if (found !== undefined) return found;
  }
  return at;
}

/** A list has its items under their numbers. */
function isTable(value: unknown): value is { readonly [key: string]: unknown } {
  return isJsonObject(value) || Array.isArray(value);
}
