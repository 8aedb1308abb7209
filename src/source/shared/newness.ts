import type { Newness } from "./types.ts";

/** JSON has no infinity. */
export function newness(withinMs: number): Pick<Newness, "withinMs"> {
  return withinMs === Number.POSITIVE_INFINITY ? {} : { withinMs: Math.max(0, withinMs) };
}
