import { leavingOut } from "../diff/index.ts";
import {
  isDifference,
  type KubeObject,
  type LiveObject,
  type Plan,
  type PlanStep,
  type ResourceStatus,
  refKey,
} from "../model/index.ts";
import type { Prepared } from "../plan/index.ts";
import { type DriftTrack, type DriftTracks, MOST_FIELDS } from "./drift-tracks.ts";
import { healsAt, objectHealsAt, objectSentence, waitingSentence } from "./fights.ts";
import type { Observed } from "./observe.ts";

/** Healing of one object that waits, as a whole or but for some fields. */
export interface Hold {
  /** The fields that somebody fights us for, by path. */
  readonly fought: ReadonlyMap<string, DriftTrack>;
  /** What may be sent meanwhile; absent where all of it must wait. */
  readonly object?: KubeObject;
  readonly sentence: string;
  /** Milliseconds until something of it may be healed again. */
  readonly waitMs: number;
}

/** By refKey. */
export type Holds = ReadonlyMap<string, Hold>;

export const NO_HOLDS: Holds = new Map();

interface HoldInput {
  readonly tracks: DriftTracks;
  readonly observed: Pick<Observed, "comparisons" | "live"> & { readonly plan: Pick<Plan, "steps"> };
  readonly objects: readonly Pick<Prepared, "ref" | "object">[];
  readonly now: number;
}

/** Where somebody fights us: only drift waits. Where Git moved, too, the commit is followed, and heals what it meets. */
export function holdsOf({ tracks, observed, objects, now }: HoldInput): Holds {
  if (tracks.size === 0) return NO_HOLDS;
  const ofObject = Map.groupBy(tracks.values(), ({ ref }) => refKey(ref));
  const manifests = new Map(objects.map(({ ref, object }) => [refKey(ref), object]));
  const holds = new Map<string, Hold>();
  for (const step of observed.plan.steps) {
    const key = refKey(step.ref);
    const comparison = observed.comparisons.get(key);
    if (comparison?.status !== "Drifted") continue;
    const sides = { manifest: comparison.sent ?? manifests.get(key), live: observed.live.get(key) };
    const hold = holdOf(ofObject.get(key) ?? [], { step, sides, now });
    if (hold !== undefined) holds.set(key, hold);
  }
  return holds;
}

function holdOf(
  tracks: readonly DriftTrack[],
  { step, sides, now }: { readonly step: PlanStep; readonly sides: Sides; readonly now: number },
): Hold | undefined {
  const waiting = tracks.filter((track) => isOpen(track) && healsAt(track) > now);
  const fought = new Map(waiting.map((track) => [track.change.path, track]));
  const restless = objectHealsAt(tracks, now) - now;
  if (restless > 0) return { fought, sentence: objectSentence(tracks, now), waitMs: restless };
  const [first, ...more] = waiting;
  if (first === undefined) return undefined;
  const object = withoutFought(step, fought, sides);
  const waitMs = Math.max(1, Math.min(...waiting.map((track) => healsAt(track) - now)));
  const sentence = more.length === 0 ? waitingSentence(first) : `${waitingSentence(first)}; and ${more.length} more`;
  return { fought, sentence, waitMs, ...(object === undefined ? {} : { object }) };
}

function isOpen({ end, change }: DriftTrack): boolean {
  return end === undefined && isDifference(change);
}

interface Sides {
  readonly manifest: KubeObject | undefined;
  readonly live: LiveObject | undefined;
}

/** Undefined: nothing else of the object is to be healed, or the fought fields cannot be left out. */
function withoutFought(
  { changes }: PlanStep,
  fought: ReadonlyMap<string, DriftTrack>,
  { manifest, live }: Sides,
): KubeObject | undefined {
  if (manifest === undefined || live === undefined) return undefined;
  const drift = changes.filter((change) => isDifference(change));
  // Of more fields than are followed nobody knows how often they came back.
  if (drift.length > MOST_FIELDS || drift.every(({ path }) => fought.has(path))) return undefined;
  return leavingOut(
    manifest,
    live,
    drift.filter(({ path }) => fought.has(path)),
  );
}

/** The objects of which nothing may be healed now. */
export function heldWhole(holds: Holds): ReadonlySet<string> {
  return new Set([...holds].filter(([, { object }]) => object === undefined).map(([key]) => key));
}

export function waitsOf(holds: Holds): number[] {
  return [...holds.values()].map(({ waitMs }) => waitMs);
}

export function withWaiting(resources: readonly ResourceStatus[], holds: Holds): readonly ResourceStatus[] {
  if (holds.size === 0) return resources;
  return resources.map((resource) => {
    const hold = holds.get(refKey(resource.ref));
    return hold === undefined ? resource : { ...resource, waiting: hold.sentence };
  });
}

/** What an application says while it waits. */
export function waitingOf(holds: Holds): { readonly waiting?: string } {
  const [first, ...more] = [...holds.values()].sort((one, other) => one.waitMs - other.waitMs);
  if (first === undefined) return {};
  return { waiting: more.length === 0 ? first.sentence : `${first.sentence}; and ${more.length} more objects` };
}
