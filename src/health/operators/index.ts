import { globMatches } from "../../kit/glob.ts";
import { type GroupKind, groupKindKey } from "../../model/index.ts";
import type { Convention } from "../convention.ts";
import { CLOUDS } from "./clouds.ts";
import { CLUSTERS } from "./clusters.ts";
import { DATA } from "./data.ts";
import { DELIVERY } from "./delivery.ts";
import { PLATFORM } from "./platform.ts";

/** The one table of kinds whose operators have conventions of their own. An exact kind goes before a pattern, an earlier line before a later one. */
export const OPERATORS: readonly Convention[] = [...PLATFORM, ...CLOUDS, ...DELIVERY, ...DATA, ...CLUSTERS];

const EXACT: ReadonlyMap<string, Convention> = new Map(
  OPERATORS.toReversed().flatMap((one) => one.kinds.filter(isExact).map((kind) => [kind, one] as const)),
);

const PATTERNS: readonly (readonly [string, Convention])[] = OPERATORS.flatMap((one) =>
  one.kinds.filter((kind) => !isExact(kind)).map((kind) => [kind, one] as const),
);

export function conventionOf(kind: GroupKind): Convention | undefined {
  const key = groupKindKey(kind);
  return EXACT.get(key) ?? PATTERNS.find(([pattern]) => globMatches(pattern, key))?.[1];
}

function isExact(kind: string): boolean {
  return !kind.includes("*");
}
