import { removalOf } from "../diff/index.ts";
import {
  formatRef,
  type GoingObject,
  HOOK_ANNOTATION,
  type LiveObject,
  type PlanStep,
  type Ref,
  refKey,
  refOf,
  type WithheldPrune,
} from "../model/index.ts";
import { dependsOnOf } from "./depends-on.ts";
import { whatBlocksDeletion } from "./finalizers.ts";
import { type Candidate, heldBack, holdAll } from "./guards.ts";
import { isMember } from "./inventory.ts";
import { byOrder, byPhase } from "./order.ts";
import { deletionOf } from "./pods-left.ts";
import { stageOf, waveOf } from "./stages.ts";
import type { PlanInput } from "./types.ts";

export interface Prunes {
  /** In the order of deletion: the reverse of that of making. */
  readonly steps: readonly PlanStep[];
  readonly withheld: readonly WithheldPrune[];
  /** On their way out already. */
  readonly going: readonly GoingObject[];
  /** Only where the application is deleted. */
  readonly releases: readonly PlanStep[];
}

/** Members that Git does not want any more, and what keeps each from being deleted. */
export function planPrunes(
  input: PlanInput,
  steps: readonly PlanStep[],
  /** By refKey: hooks that go by their own policies. */
  hooks: ReadonlySet<string>,
): Prunes {
  const candidates = unwanted(input, steps, hooks);
  if (input.deleting === "orphan") return { ...NOTHING, releases: releasesOf(candidates, input) };
  const withheld: WithheldPrune[] = [];
  const free: Candidate[] = [];
  const going = candidates.flatMap(goingObject);
  for (const candidate of candidates) {
    if (candidate.object.metadata.deletionTimestamp !== undefined) continue;
    const held = heldBack(candidate, input);
    if (held === undefined) free.push(candidate);
    else withheld.push({ ref: candidate.ref, ...held });
  }
  const all = holdAll(free, input, steps);
  const asked = all === undefined ? free.map(pruneStep).sort(byOrder).reverse() : [];
  const { now, later } = afterGoing(asked, going, awaitedBy(candidates));
  const held = [...withheld, ...later, ...(all === undefined ? [] : free.map(({ ref }) => ({ ref, ...all })))];
  return { steps: now, withheld: held.sort(byName), going: going.sort(byOrder).reverse(), ...kept(withheld, input) };
}

const NOTHING: Prunes = { steps: [], withheld: [], going: [], releases: [] };

function unwanted(input: PlanInput, steps: readonly PlanStep[], hooks: ReadonlySet<string>): Candidate[] {
  const wanted = new Set(steps.map(({ ref }) => refKey(ref)));
  // An Event is served in two groups: the same object, under two names.
  const kept = new Set(steps.map(({ ref }) => sameObject(ref, input.live.get(refKey(ref)))));
  for (const key of hooks) wanted.add(key);
  return input.members
    .filter((object) => input.deleting !== undefined || !isHookObject(object))
    .map((object): Candidate => ({ ref: refOf(object), object }))
    .filter(
      ({ ref, object }) =>
        // One that lost its label is still told of; it is nobody's to delete.
        isMember(object, input) &&
        !wanted.has(refKey(ref)) &&
        !kept.has(sameObject(ref, object)) &&
        !isMadeByController(object),
    );
}

/** Made by a hook: their delete policies say when they go. */
function isHookObject({ metadata }: LiveObject): boolean {
  return metadata.annotations?.[HOOK_ANNOTATION] !== undefined;
}

export function hooksAmong(members: readonly LiveObject[]): Ref[] {
  return members.filter(isHookObject).map(refOf);
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

/** Whoever asked for it: what has a time of deletion cannot be kept, and is asked for once. */
function goingObject({ ref, object }: Candidate): GoingObject[] {
  const { deletionTimestamp: since, finalizers = [], uid } = object.metadata;
  if (since === undefined) return [];
  return [
    {
      ref,
      stage: stageOf(ref, object),
      wave: waveOf(object),
      uid,
      since,
      finalizers,
      waits: whatBlocksDeletion(object),
    },
  ];
}

/** By refKey: what an object on its way out depends on, and so is there until that is gone. */
function awaitedBy(candidates: readonly Candidate[]): ReadonlyMap<string, Ref> {
  const leaving = candidates.filter(({ object }) => object.metadata.deletionTimestamp !== undefined);
  return new Map(
    leaving.flatMap(({ ref, object }) => dependsOnOf(object).map((other) => [refKey(other), ref] as const)),
  );
}

/** What is deleted after something that is still on its way out waits for it: the order holds from one pass to the next. */
function afterGoing(
  asked: readonly PlanStep[],
  going: readonly GoingObject[],
  awaited: ReadonlyMap<string, Ref>,
): { readonly now: readonly PlanStep[]; readonly later: readonly WithheldPrune[] } {
  const now: PlanStep[] = [];
  const later: WithheldPrune[] = [];
  for (const step of asked) {
    const before = going.find((one) => byPhase(step, one) < 0)?.ref ?? awaited.get(refKey(step.ref));
    if (before === undefined) now.push(step);
    else later.push({ ref: step.ref, guard: "order", reason: orderReason(step.ref, before) });
  }
  return { now, later };
}

function orderReason(ref: Ref, before: Ref): string {
  return `${formatRef(ref)} is deleted when ${formatRef(before)} is gone`;
}

/** With its application deleted, what a guard holds back stays and is let go of; a copy of a member was never ours. */
function kept(withheld: readonly WithheldPrune[], input: PlanInput): Pick<Prunes, "releases"> {
  if (input.deleting === undefined) return { releases: [] };
  const why = new Map(
    withheld
      .filter(({ guard }) => guard === "disabled" || guard === "protected-kind")
      .map(({ ref, reason }) => [refKey(ref), reason]),
  );
  const objects = new Map(input.members.map((object) => [refKey(refOf(object)), object]));
  return {
    releases: [...why]
      .flatMap(([key, reason]) => {
        const object = objects.get(key);
        return object === undefined ? [] : [releaseStep({ ref: refOf(object), object }, reason)];
      })
      .sort(byOrder),
  };
}

function releasesOf(candidates: readonly Candidate[], input: PlanInput): PlanStep[] {
  const own = candidates.filter(
    (candidate) => heldBack(candidate, { ...input, allowPrune: true })?.guard !== "not-own-id",
  );
  return own.map((one) => releaseStep(one, "its application is deleted, and leaves its objects")).sort(byOrder);
}

function releaseStep({ ref, object }: Candidate, reason: string): PlanStep {
  const place = { stage: stageOf(ref, object), wave: waveOf(object) };
  return { ref, action: "release", ...place, reason, changes: [], uid: object.metadata.uid };
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
    ...deletionOf(object),
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
