import { type DriftEnd, type FieldChange, isDifference, type Json, type Ref, refKey } from "../model/index.ts";

/** A field that comes back sooner goes on with its episode; one that stays away longer has ended it. */
export const QUIET_MS = 300_000;
const MOST_TIMES = 32;
/** Of one object: what its manifest bounds otherwise, others could make as much as they like. */
export const MOST_FIELDS = 50;
const LONGEST_VALUE = 1024;

/** What is remembered of one field's drift. All that is said of it follows from these times; times are milliseconds since the epoch. */
export interface DriftTrack {
  readonly ref: Ref;
  readonly change: FieldChange;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly count: number;
  /** When it was found anew, the newest last. */
  readonly found: readonly number[];
  /** When we put it right last. */
  readonly healedAt?: number;
  readonly end?: Omit<DriftEnd, "at"> & { readonly at: number };
  /** The object when the field was seen last. */
  readonly manifestHash: string;
  readonly resourceVersion: string;
}

/** By object and path: one episode, whatever becomes of value, author or class. */
export type DriftTracks = ReadonlyMap<string, DriftTrack>;

export const NO_DRIFT: DriftTracks = new Map();

type DriftedField = Pick<DriftTrack, "ref" | "change" | "manifestHash" | "resourceVersion">;

export interface DriftLook {
  /** What differs now, at most MOST_FIELDS of an object. */
  readonly fields: readonly DriftedField[];
  readonly now: number;
  /** How the drift of a field ended that differs no more; undefined where nobody looked at its object. */
  readonly endOf: (track: DriftTrack) => Omit<DriftEnd, "at"> | undefined;
}

function trackKey({ ref, change }: Pick<DriftTrack, "ref" | "change">): string {
  return `${refKey(ref)} ${change.path}`;
}

/** The fields of a change list that are followed: Git's own moves are no drift, and what is merely foreign comes last. */
export function followed(changes: readonly FieldChange[]): readonly FieldChange[] {
  const drift = changes.filter((change) => change.class !== "pending");
  if (drift.length <= MOST_FIELDS) return drift;
  return drift.toSorted((one, other) => Number(isDifference(other)) - Number(isDifference(one))).slice(0, MOST_FIELDS);
}

/** What a look adds to what is known. */
export function afterLook(tracks: DriftTracks, { fields, now, endOf }: DriftLook): DriftTracks {
  if (fields.length === 0 && tracks.size === 0) return NO_DRIFT;
  const next = new Map<string, DriftTrack>();
  for (const field of fields) {
    const key = trackKey(field);
    next.set(key, seen(tracks.get(key), field, now));
  }
  for (const [key, track] of tracks) {
    if (next.has(key)) continue;
    const left = track.end === undefined ? ended(track, endOf(track), now) : track;
    if (left.end === undefined || now - left.end.at < QUIET_MS) next.set(key, left);
  }
  return next;
}

/** What writing adds: the fields that `isWritten` names are as Git wants them, until the next look says otherwise. */
export function afterHeal(
  tracks: DriftTracks,
  { isWritten, pass, now }: { isWritten: (track: DriftTrack) => boolean; pass: number; now: number },
): DriftTracks {
  const next = new Map(tracks);
  for (const [key, track] of tracks) {
    if (track.end !== undefined || !isDifference(track.change) || !isWritten(track)) continue;
    next.set(key, { ...ended(track, { how: "healed", pass }, now), healedAt: now });
  }
  return next;
}

function seen(known: DriftTrack | undefined, field: DriftedField, now: number): DriftTrack {
  if (known === undefined) return { ...field, firstSeen: now, lastSeen: now, count: 1, found: [now] };
  const { end, ...track } = known;
  const same = { ...track, ...field, lastSeen: now };
  if (end === undefined) return same;
  return { ...same, count: track.count + 1, found: [...track.found, now].slice(-MOST_TIMES) };
}

/** Long values go with the status that they came from. */
function ended(track: DriftTrack, end: Omit<DriftEnd, "at"> | undefined, now: number): DriftTrack {
  return end === undefined ? track : { ...track, change: shortened(track.change), end: { ...end, at: now } };
}

function shortened(change: FieldChange): FieldChange {
  const { desired, live, base } = change;
  return {
    ...change,
    ...(desired !== undefined && { desired: short(desired) }),
    ...(live !== undefined && { live: short(live) }),
    ...(base !== undefined && { base: short(base) }),
  };
}

function short(value: Json): Json {
  const { length } = JSON.stringify(value);
  return length <= LONGEST_VALUE ? value : `(${length} characters, not kept)`;
}
