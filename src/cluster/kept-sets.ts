import type { LiveObject } from "../model/index.ts";

/**
 * Of which ApplySets this process keeps the objects, where several processes share the applications. What another one works on is dropped as it arrives, and
 * what is kept no more when that is told. Absent: everything is kept.
 */
export interface KeptSets {
  has(applySetId: string): boolean;
  ids(): Iterable<string>;
  /** All that is remembered of the parent of a set that is not kept. */
  digest(parent: LiveObject): LiveObject;
  /** Called in the very tick in which some are kept no more. */
  onLost(listener: (applySetIds: readonly string[]) => void): () => void;
}
