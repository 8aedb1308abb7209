import { removalOf } from "../diff/index.ts";
import {
  formatRef,
  groupKindKey,
  ID_ANNOTATION,
  type LiveObject,
  type PlanStep,
  PRUNE_ANNOTATION,
  type Ref,
  refKey,
  refOf,
  type WithheldPrune,
} from "../model/index.ts";
import { dependsOnOf } from "./depends-on.ts";
import { hasOwnId, isMember, scopeOf } from "./inventory.ts";
import { byOrder } from "./order.ts";
import { stageOf, waveOf } from "./stages.ts";
import type { PlanInput } from "./types.ts";

export interface Prunes {
  /** In the order of deletion: the reverse of that of making. */
  readonly steps: readonly PlanStep[];
  readonly withheld: readonly WithheldPrune[];
}

interface Candidate {
  readonly ref: Ref;
  readonly object: LiveObject;
}

/** Below this many members a share of them says nothing. What is only now adopted is none yet. */
const LEAST_FOR_LIMIT = 4;

/** Members that Git does not want any more, and what keeps each from being deleted. */
export function planPrunes(input: PlanInput, steps: readonly PlanStep[]): Prunes {
  const wanted = new Set(steps.map(({ ref }) => refKey(ref)));
  // An Event is served in two groups: the same object, under two names.
  const kept = new Set(steps.map(({ ref }) => sameObject(ref, input.live.get(refKey(ref)))));
  const candidates = input.members
    .map((object): Candidate => ({ ref: refOf(object), object }))
    .filter(
      ({ ref, object }) =>
        !wanted.has(refKey(ref)) && !kept.has(sameObject(ref, object)) && !isMadeByController(object),
    );
  const withheld: WithheldPrune[] = [];
  const free: Candidate[] = [];
  for (const candidate of candidates) {
    const held = heldBack(candidate, input);
    if (held === undefined) free.push(candidate);
    else withheld.push({ ref: candidate.ref, ...held });
  }
  const all = holdAll(free, input, steps);
  if (all !== undefined)
    return { steps: [], withheld: [...withheld, ...free.map(({ ref }) => ({ ref, ...all }))].sort(byName) };
  return { steps: free.map(pruneStep).sort(byOrder).reverse(), withheld: withheld.sort(byName) };
}

function sameObject({ kind }: Ref, object: LiveObject | undefined): string | undefined {
  return object && `${kind} ${object.metadata.uid}`;
}

/** Endpoint slices copy their Service's labels, Pods their workload's: what a controller made, it deletes. Endpoints name no owner, and are
 *  known by having no other writer. */
function isMadeByController({ metadata }: LiveObject): boolean {
  const { ownerReferences, managedFields } = metadata;
  if (ownerReferences?.some(({ controller }) => controller === true)) return true;
  const writers: readonly { readonly manager?: unknown }[] = Array.isArray(managedFields) ? managedFields : [];
  return writers.length > 0 && writers.every((entry) => entry?.manager === CONTROLLERS);
}

const CONTROLLERS = "kube-controller-manager";

type Held = Pick<WithheldPrune, "guard" | "reason">;

function heldBack({ ref, object }: Candidate, input: PlanInput): Held | undefined {
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
  if (moving !== undefined) return { guard: "moving", reason: `${name} stays for now: ${moving}` };
  const wish = object.metadata.annotations?.[PRUNE_ANNOTATION];
  if (wish === "disabled")
    return { guard: "disabled", reason: `${name} says ${PRUNE_ANNOTATION}: disabled, and stays` };
  if (!input.policy.prune)
    return { guard: "policy", reason: `${name} is no longer in Git and stays, since sync.prune is off` };
  if (isPrecious(ref) && wish !== "confirm") {
    return {
      guard: "protected-kind",
      reason: `${name} would take everything in it along: annotate it with ${PRUNE_ANNOTATION}=confirm to delete it`,
    };
  }
  return undefined;
}

function isPrecious(ref: Ref): boolean {
  return ["Namespace", "CustomResourceDefinition.apiextensions.k8s.io"].includes(groupKindKey(ref));
}

/** What stops every deletion at once: a set that is not whole, or a share of it that looks like a mistake. */
function holdAll(free: readonly Candidate[], input: PlanInput, steps: readonly PlanStep[]): Held | undefined {
  const broken = steps.find(({ problem }) => problem !== undefined);
  if (broken !== undefined) {
    return {
      guard: "incomplete",
      reason: `nothing is deleted while ${formatRef(broken.ref)} has a problem (${broken.problem?.code})`,
    };
  }
  if (steps.length === 0 && free.length > 0)
    return { guard: "incomplete", reason: "nothing is deleted while Git wants no object at all" };
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
  };
}

function pruneStep({ ref, object }: Candidate): PlanStep {
  return {
    ref,
    action: "prune",
    stage: stageOf(ref, object),
    wave: waveOf(object),
    reason: "it was removed in Git",
    changes: [removalOf(object)],
    uid: object.metadata.uid,
    ...dependenciesOf(object),
  };
}

/** What it says now counts: Git has it no more. */
function dependenciesOf(object: LiveObject): Pick<PlanStep, "dependsOn"> {
  const dependsOn = dependsOnOf(object);
  return dependsOn.length === 0 ? {} : { dependsOn };
}

function byName(a: WithheldPrune, b: WithheldPrune): number {
  return refKey(a.ref) < refKey(b.ref) ? -1 : 1;
}
