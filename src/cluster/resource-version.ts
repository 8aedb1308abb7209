/**
 * Whether `one` is newer than `other`, of objects of one kind. Decimal numbers are compared as numbers of any length; where one
 * of them is none, it cannot be told, and the one that came later counts as newer.
 * Source: KEP-5504, "Comparable resource version".
 */
export function isNewerVersion(one: string, other: string): boolean {
  if (!isNumber(one) || !isNumber(other)) return one !== other;
  return one.length === other.length ? one > other : one.length > other.length;
}

function isNumber(version: string): boolean {
  return /^(0|[1-9][0-9]*)$/.test(version);
}
