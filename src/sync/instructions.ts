import {
  expiresIn,
  formatRef,
  type Instructions,
  instructionsInForce,
  readInstructions,
  type Suspension,
} from "../model/index.ts";
import { parentRef } from "../plan/index.ts";
import { readParent } from "./parent.ts";
import type { PassInput } from "./pass-input.ts";

/** What people have told Plumbline about an application, as it counts now. */
export interface Told {
  readonly inForce: Instructions;
  /** Written on the parent still, and over. */
  readonly expired: readonly (keyof Instructions)[];
  /** Milliseconds until one of them expires. */
  readonly again: number | undefined;
  /** What could not be understood, by its name. */
  readonly warnings: readonly string[];
}

/** Out of the ApplySet parent, which is followed: no request. Errors: PL-KUBE-* where the cluster was never reached. */
export async function toldOf(input: PassInput): Promise<Told> {
  const { parent } = await readParent(input);
  const { instructions, ignored } = readInstructions(parent?.metadata.annotations);
  const now = input.now();
  const { inForce, expired } = instructionsInForce(instructions, now);
  const where = formatRef(parentRef(input.name, input.inventoryNamespace));
  const warnings = ignored.map(
    ({ annotation, reason }) => `the annotation ${annotation} of ${where} counts for nothing: ${reason}`,
  );
  return { inForce, expired, again: expiresIn(inForce, now), warnings };
}

/** Times and not durations: a sentence that changes by itself would be news at every look. */
export function suspendedSentence({ by, at, reason, until }: Suspension): string {
  const end = until === undefined ? "" : ` until ${until}`;
  return `suspended by ${by} since ${at}${end}: ${reason}; it is looked at, and nothing is written`;
}
