import type { Log } from "../../model/index.ts";
import { OwnerLine } from "./owner-line.ts";
import type { SharedSources } from "./types.ts";

/** What all repositories of a process have in common where several replicas share them. */
export interface Sharing {
  readonly sources: SharedSources;
  readonly owners: OwnerLine;
  /** Milliseconds of a clock that nobody sets. */
  readonly now: () => number;
  /** Milliseconds since the epoch. */
  readonly wall: () => number;
  /** Ever higher numbers, higher than those of a process that had this one's address before. */
  readonly draw: () => number;
}

export function createSharing(sources: SharedSources, { log, wall }: { log: Log; wall: () => number }): Sharing {
  const now = (): number => performance.now();
  let drawn = Date.now();
  return { sources, owners: new OwnerLine({ log, now }), now, wall, draw: () => ++drawn };
}
