import type { TriggerKind } from "../model/index.ts";

/** From the weakest to the strongest: of triggers that wait together the strongest names the pass. */
const STRENGTH: readonly TriggerKind[] = [
  "retry",
  "interval",
  "start",
  "drift",
  "config",
  "commit",
  "webhook",
  "manual",
];

export function strongerOf(one: TriggerKind, other: TriggerKind): TriggerKind {
  return STRENGTH.indexOf(other) > STRENGTH.indexOf(one) ? other : one;
}
