import {
  formatRef,
  type Guard,
  groupKindKey,
  ID_ANNOTATION,
  type LiveObject,
  type PlanStep,
  PRUNE_ANNOTATION,
  type Ref,
  refKey,
  type WithheldPrune,
} from "../model/index.ts";
import { hasOwnId, isMember, scopeOf } from "./inventory.ts";
import { deletionWish } from "./keep.ts";
import type { PlanInput } from "./types.ts";

export interface Candidate {
  readonly ref: Ref;
  readonly object: LiveObject;
}

/** What these hold back stays for good, where the application is deleted. Whatever else is withheld is waited for. */
const STAYS: ReadonlySet<Guard> = new Set(["disabled", "protected-kind", "not-own-id", "controller-owned"]);

export function staysForGood(guard: Guard): boolean {
  return STAYS.has(guard);
}

type Held = Omit<WithheldPrune, "ref">;

/** Below this many members a share of them says nothing. What is only now adopted is none yet. */
const LEAST_FOR_LIMIT = 4;

/** What keeps this one object from being deleted. */
export function heldBack({ ref, object }: Candidate, input: PlanInput): Held | undefined {
  const name = formatRef(ref);
  if (!hasOwnId(input.application, ref, object)) {
    const id = object.metadata.annotations?.[ID_ANNOTATION];
    const says = id === undefined ? "carries no id" : `carries the id of another object, ${id}`;
    return { guard: "not-own-id", reason: `${name} has the label but ${says}: somebody copied it, and it stays` };
  }
  if (input.parent === undefined || !scopeOf(input.parent).groupKinds.includes(groupKindKey(ref))) {
    return { guard: "not-own-id", reason: `${name} is of a kind that the inventory does not name: it stays` };
  }
  const moving = input.moving?.get(refKey(ref));
  if (moving !== undefined) return { guard: moving.guard, reason: `${name} stays for now: ${moving.why}` };
  const { wish, said = "" } = deletionWish(object) ?? {};
  if (wish === "keep") return { guard: "disabled", reason: `${name} says ${said}, and stays` };
  if (!input.policy.prune && input.deleting === undefined)
    return { guard: "policy", reason: `${name} is no longer in Git and stays, since sync.prune is off` };
  return input.allowPrune === true ? undefined : protectedKind({ ref, object }, input, { wish, said });
}

function protectedKind(
  { ref, object }: Candidate,
  { application }: PlanInput,
  { wish, said }: { readonly wish: "confirm" | undefined; readonly said: string },
): Held | undefined {
  const guard = { guard: "protected-kind", lift: liftOf(application) } as const;
  if (object.metadata.annotations?.[PRUNE_ANNOTATION] === "confirm") return undefined;
  if (wish === "confirm")
    return { ...guard, reason: `${formatRef(ref)} says ${said}: it is deleted when a person allows it` };
  if (!isPrecious(ref)) return undefined;
  const reason = `${formatRef(ref)} would take everything in it along: annotate it with ${PRUNE_ANNOTATION}=confirm to delete it`;
  return { ...guard, reason };
}

function isPrecious(ref: Ref): boolean {
  return ["Namespace", "CustomResourceDefinition.apiextensions.k8s.io"].includes(groupKindKey(ref));
}

/** What stops every deletion at once: a set that is not whole, or a share of it that looks like a mistake. */
export function holdAll(free: readonly Candidate[], input: PlanInput, steps: readonly PlanStep[]): Held | undefined {
  if (input.deleting !== undefined) return undefined;
  const broken = steps.find(({ problem }) => problem !== undefined);
  if (broken !== undefined) {
    return {
      guard: "incomplete",
      reason: `nothing is deleted while ${formatRef(broken.ref)} has a problem (${broken.problem?.code})`,
    };
  }
  if (steps.length === 0 && free.length > 0)
    return { guard: "incomplete", reason: "nothing is deleted while Git wants no object at all" };
  return input.allowPrune === true ? undefined : overLimit(free, input, steps);
}

function overLimit(free: readonly Candidate[], input: PlanInput, steps: readonly PlanStep[]): Held | undefined {
  const kept = steps.filter(({ ref }) => {
    const live = input.live.get(refKey(ref));
    return live !== undefined && isMember(live, input);
  });
  const total = free.length + kept.length;
  const { pruneLimit } = input.policy;
  if (total < LEAST_FOR_LIMIT || free.length * 100 <= total * pruneLimit) return undefined;
  return {
    guard: "limit",
    reason: `${free.length} of ${total} objects would be deleted, more than sync.pruneLimit (${pruneLimit} %) allows at once`,
    lift: liftOf(input.application),
  };
}

function liftOf(application: string): string {
  return `plumb sync ${application} --allow-prune`;
}
