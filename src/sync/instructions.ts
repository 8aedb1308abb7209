import { dropInstructions } from "../apply/index.ts";
import {
  type ApplicationStatus,
  expiresIn,
  formatRef,
  type Instructions,
  instructionsInForce,
  readInstructions,
  type Suspension,
  toProblem,
} from "../model/index.ts";
import { parentRef } from "../plan/index.ts";
import { unlessForbidden } from "./forbidden.ts";
import { type FoundParent, readParent } from "./parent.ts";
import type { PassInput } from "./pass-input.ts";

/** What people have told Plumbline about an application, as it counts now. */
export interface Told {
  readonly inForce: Instructions;
  /** Written on the parent still, and over. */
  readonly expired: readonly (keyof Instructions)[];
  /** The parent that says so. */
  readonly found: FoundParent;
  /** Milliseconds until one of them expires. */
  readonly again: number | undefined;
  /** What could not be understood, by its name. */
  readonly warnings: readonly string[];
}

/** Out of the ApplySet parent, which is followed: no request. Errors: PL-KUBE-* where the cluster was never reached. */
export async function toldOf(input: PassInput): Promise<Told> {
  const found = await readParent(input);
  const { instructions, ignored } = readInstructions(found.parent?.metadata.annotations);
  const now = input.now();
  const { inForce, expired } = instructionsInForce(instructions, now);
  const where = formatRef(parentRef(input.name, input.inventoryNamespace));
  const warnings = ignored.map(
    ({ annotation, reason }) => `the annotation ${annotation} of ${where} counts for nothing: ${reason}`,
  );
  return { inForce, expired, found, again: expiresIn(inForce, now), warnings };
}

/** What a pass of a pinned application is about. */
interface Revisions {
  /** That is rendered. */
  readonly revision: string;
  /** To which the ref leads, where that is known. */
  readonly newest: string | undefined;
  /** That was last applied whole. */
  readonly applied: string | undefined;
}

/**
 * Does a pin take another revision back than was applied: then the hooks of a rollback are due in place of those of an upgrade. As long as that has not been applied
 * whole, so also in a pass that goes on where another one failed. A pin to what the ref leads to anyway goes forward.
 */
export function isRollback({ pin }: Instructions, { revision, newest, applied }: Revisions): boolean {
  return pin !== undefined && applied !== undefined && revision !== applied && revision !== newest;
}

/** Since when is told beside it. */
export function suspendedSentence({ by, reason, until }: Suspension): string {
  const end = until === undefined ? "" : ` until ${until}`;
  return `suspended by ${by}${end}: ${reason}; it is looked at, and nothing is written`;
}

/** What a status says of it. */
export function saidOf(
  told: Pick<ApplicationStatus, "pin" | "suspended"> = {},
): Pick<ApplicationStatus, "pin" | "suspended"> {
  const { pin, suspended } = told;
  return { ...(pin === undefined ? {} : { pin }), ...(suspended === undefined ? {} : { suspended }) };
}

/** Takes what is over off the parent. It counts for nothing anyway, so that nothing fails with it: what cannot be done now is done by a later pass. */
export async function forgetExpired(input: PassInput): Promise<void> {
  const { application, name, inventoryNamespace, cluster, signal, log } = input;
  if (signal.aborted || application.spec.sync.observe) return;
  const target = { cluster, application: name, inventoryNamespace, signal };
  try {
    const { expired, found } = await toldOf(input);
    const resourceVersion = found.parent?.metadata.resourceVersion ?? "";
    if (expired.length === 0) return;
    await unlessForbidden("patch parent", input, () => dropInstructions(target, expired, resourceVersion));
  } catch (error) {
    const { code, message } = toProblem(error);
    log.debug({ application: name, code, reason: message }, "an instruction that is over could not be taken off yet");
  }
}
