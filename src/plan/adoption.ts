import { type Comparison, isStampedByUs, previousWriters, STAMPS } from "../diff/index.ts";
import {
  ADOPT_ANNOTATION,
  type Adoption,
  type ApplicationSpec,
  formatRef,
  type KubeObject,
  type LiveObject,
  PlumblineError,
  type PreviousOwner,
  type Problem,
  type Ref,
  toProblem,
} from "../model/index.ts";
import type { Claim } from "./claims.ts";
import { isMember } from "./inventory.ts";

/** A claim, and whether its claimant is still there. */
export interface JudgedClaim {
  readonly claim: Claim;
  readonly living: NonNullable<PreviousOwner["living"]>;
  /** Only with unknown: why it cannot be seen. */
  readonly why?: string;
}

/**
 * The object is there and is not this application's: it carries neither its label nor our stamp under our name. So an adoption that a crash cut
 * short goes on, and an object that was adopted is never adopted again: who writes to it from then on makes drift.
 */
export function isForAdoption(
  live: LiveObject,
  set: { readonly application: string; readonly inventoryNamespace: string },
): boolean {
  return !isMember(live, set) && !isStampedByUs(live);
}

/** What is wrong with the annotation that allows an adoption, if anything. */
export function adoptionWishProblem({ metadata }: KubeObject, where: string): Problem | undefined {
  const wish = metadata.annotations?.[ADOPT_ANNOTATION];
  if (wish === undefined || wish === "allowed") return undefined;
  const message = `${ADOPT_ANNOTATION} is ${JSON.stringify(wish)}; it may be allowed`;
  return toProblem(new PlumblineError("PL-MANIFEST-INVALID", { message, where }));
}

interface Refusing {
  readonly ref: Ref;
  readonly object: KubeObject;
  readonly claims: readonly JudgedClaim[];
  readonly policy: ApplicationSpec["sync"]["adopt"];
  readonly where: string;
}

/** Why the object may not become Plumbline's. What cannot be seen is taken to be there: two tools on one object undo each other. */
export function adoptionProblem({ ref, object, claims, policy, where }: Refusing): Problem | undefined {
  if (policy === "all" || object.metadata.annotations?.[ADOPT_ANNOTATION] === "allowed") return undefined;
  if (policy === "never") {
    const message = `${formatRef(ref)} is there already, and spec.sync.adopt is never`;
    return toProblem(new PlumblineError("PL-ADOPT-REFUSED", { message, where }));
  }
  const standing = claims.find(({ living }) => living === "yes") ?? claims.find(({ living }) => living === "unknown");
  if (standing === undefined) return undefined;
  const { claim, why } = standing;
  const doubt = why === undefined ? "" : `; whether that is still there cannot be seen: ${why}`;
  const message = `${formatRef(ref)} is there already, and ${claim.tool} claims it (${claim.evidence})${doubt}`;
  const next = `${claim.release}, or allow it: spec.sync.adopt: all, or ${ADOPT_ANNOTATION}: allowed on the object in Git`;
  return toProblem(new PlumblineError("PL-ADOPT-CLAIMED", { message, where, next }));
}

/** Whose the object was and what its adoption changes, Plumbline's own marks apart. */
export function adoptionOf(
  live: LiveObject,
  comparison: Pick<Comparison, "changes"> | undefined,
  claims: readonly JudgedClaim[],
): Adoption {
  const fields = (comparison?.changes ?? []).filter(({ class: kind, path }) => kind !== "foreign" && !STAMPS.has(path));
  const removed = fields.filter(({ desired }) => desired === undefined).length;
  return { from: previousOwners(live, claims), changed: fields.length - removed, removed };
}

function previousOwners(live: LiveObject, claims: readonly JudgedClaim[]): PreviousOwner[] {
  const writers = previousWriters(live).filter(
    ({ manager }, i, all) => all.findIndex((one) => one.manager === manager) === i,
  );
  const claimed = claims.map(({ claim: { tool, evidence }, living }): PreviousOwner => {
    const writer = writers.find((one) => one.tool === tool);
    return { tool, ...(writer !== undefined && { manager: writer.manager }), evidence, living };
  });
  return [...claimed, ...writers.filter(({ tool }) => !claimed.some((one) => one.tool === tool))];
}

/** "adopts it from Helm (release shop/web, which is gone): 3 fields change, 2 are removed" */
export function adoptionReason({ from, changed, removed }: Adoption): string {
  const whom = from.length === 0 ? "which nobody that is known has applied" : `from ${from.map(named).join(" and ")}`;
  const counts = [
    ...(changed > 0 ? [`${changed} ${changed === 1 ? "field changes" : "fields change"}`] : []),
    ...(removed > 0 ? [`${removed} ${removed === 1 ? "is" : "are"} removed`] : []),
  ];
  return `adopts it${from.length === 0 ? ", " : " "}${whom}: ${counts.length === 0 ? "no field changes" : counts.join(", ")}`;
}

function named({ tool, evidence, living }: PreviousOwner): string {
  if (evidence === undefined) return tool;
  return living === "no" ? `${tool} (${evidence}, which is gone)` : `${tool} (${evidence})`;
}
