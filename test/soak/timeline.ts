import type { Key, Wanted } from "./garden.ts";

/** RFC 3339 in UTC with fractions: the order of the texts is that of the times, to the millisecond. */
export type Time = string;

/** What Git wanted from then on. */
export interface Revision {
  readonly from: Time;
  readonly revision: string;
  readonly wanted: ReadonlyMap<Key, Wanted>;
}

/** At that time everything was as the revision at this position of the list wants it. */
export interface Checkpoint {
  readonly at: Time;
  readonly position: number;
}

/** Every state that Git was in, and when everything was seen to be as it said. */
export interface Timeline {
  readonly revisions: readonly Revision[];
  readonly checkpoints: readonly Checkpoint[];
}

export function now(): Time {
  return new Date().toISOString();
}
