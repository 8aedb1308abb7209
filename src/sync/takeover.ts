import type { ApplyInput } from "../apply/index.ts";
import { takeover } from "../diff/index.ts";
import { refKey } from "../model/index.ts";
import type { Prepared } from "../plan/index.ts";
import type { PassInput } from "./pass-input.ts";
import { rulesOf } from "./rules.ts";

/** How an object becomes ours: what rules leave to others stays theirs, as in its comparison. */
export function takeoverFor(
  input: Pick<PassInput, "application" | "settings" | "memory">,
  prepared: readonly Prepared[],
): NonNullable<ApplyInput["takeover"]> {
  const wanted = new Map(prepared.map(({ ref, object }) => [refKey(ref), object]));
  return (ref, live, schema) => {
    const key = refKey(ref);
    const desired = wanted.get(key);
    const autoscaler = input.memory.of(key).leaving?.autoscaler;
    const rules = { ignore: rulesOf(input), ...(autoscaler !== undefined && { autoscaler }) };
    return desired && takeover(live, { desired, schema, ...rules });
  };
}
