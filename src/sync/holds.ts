import { leavingOut } from "../diff/index.ts";
import {
  isDifference,
  type KubeObject,
  type LiveObject,
  type PlanStep,
  type ResourceStatus,
  refKey,
} from "../model/index.ts";
import type { Prepared } from "../plan/index.ts";
import type { DriftTrack, DriftTracks } from "./drift-tracks.ts";
import { healsAt, waitingSentence } from "./fights.ts";
import type { Observed } from "./observe.ts";

/** Healing of one object that waits, as a whole or but for some fields. */
export interface Hold {
  /** The fields that somebody fights us for, by path. */
  readonly fought: ReadonlyMap<string, DriftTrack>;
  /** What may be sent meanwhile; absent where all of it must wait. */
  readonly object?: KubeObject;
  readonly sentence: string;
  /** Milliseconds until one of the fields may be healed again. */
  readonly waitMs: number;
}

/** By refKey. */
export type Holds = ReadonlyMap<string, Hold>;

export const NO_HOLDS: Holds = new Map();

interface HoldInput {
  readonly tracks: DriftTracks;
  readonly observed: Pick<Observed, "plan" | "comparisons" | "live">;
  readonly objects: readonly Pick<Prepared, "ref" | "object">[];
  readonly now: number;
}

/** Where somebody fights us: only drift waits. Where Git moved, too, the commit is followed, and heals what it meets. */
export function holdsOf({ tracks, observed, objects, now }: HoldInput): Holds {
  const fought = foughtOver(tracks, now);
  if (fought.size === 0) return NO_HOLDS;
  const manifests = new Map(objects.map(({ ref, object }) => [refKey(ref), object]));
  const holds = new Map<string, Hold>();
  for (const step of observed.plan.steps) {
    const key = refKey(step.ref);
    const fields = fought.get(key);
    const [first] = fields?.values() ?? [];
    const comparison = observed.comparisons.get(key);
    if (fields === undefined || first === undefined || comparison?.status !== "Drifted") continue;
    const manifest = comparison.sent ?? manifests.get(key);
    const object = withoutFought(step, fields, { manifest, live: observed.live.get(key) });
    const waitMs = Math.max(1, Math.min(...[...fields.values()].map((track) => healsAt(track) - now)));
    const sentence =
      fields.size === 1 ? waitingSentence(first) : `${waitingSentence(first)}; and ${fields.size - 1} more`;
    holds.set(key, { fought: fields, sentence, waitMs, ...(object === undefined ? {} : { object }) });
  }
  return holds;
}

function foughtOver(tracks: DriftTracks, now: number): ReadonlyMap<string, ReadonlyMap<string, DriftTrack>> {
  const fought = new Map<string, Map<string, DriftTrack>>();
  for (const track of tracks.values()) {
    if (track.end !== undefined || !isDifference(track.change) || healsAt(track) <= now) continue;
    const key = refKey(track.ref);
    const fields = fought.get(key) ?? new Map<string, DriftTrack>();
    fought.set(key, fields.set(track.change.path, track));
  }
  return fought;
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
  if (drift.every(({ path }) => fought.has(path))) return undefined;
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
