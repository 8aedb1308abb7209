import type { Replica } from "./types.ts";

/** What a replica says of itself where all others can see it. */
export interface Notice extends Replica {
  /** By which set of replicas it divides: it may be writing for every key that is its own in that. Absent: it writes nothing. */
  readonly claims?: readonly string[];
  /** It has ended in good order, and writes nothing any more. */
  readonly released?: boolean;
}

/** The same as somebody else sees it. `version` is another one whenever the replica has said it anew. */
export interface SeenNotice extends Notice {
  readonly version: string;
}

/** Where the replicas see one another: Leases of Kubernetes, or Redis. */
export interface NoticeBoard {
  /** Says this in place of what this replica said before; also when nothing of it is new, as a sign of life. What was said before and is still on its way never replaces it. */
  post(notice: Notice, signal: AbortSignal): Promise<void>;
  /** Everything that is said now: whatever was posted before this was asked is in it. A board that may have lost some of that gives no answer, but an error, until who is not in it cannot be writing. */
  read(signal: AbortSignal): Promise<readonly SeenNotice[]>;
  /** Takes away what a replica that has ended left behind, unless it has said something since. */
  remove(notice: SeenNotice, signal: AbortSignal): Promise<void>;
}
