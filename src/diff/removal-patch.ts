import type { Operation } from "fast-json-patch";
import { laterFirst } from "../kit/json-pointer.ts";
import type { FieldChange, LiveObject } from "../model/index.ts";

/** RFC 6902 operations for one version of an object. They name it, so that the server refuses them for another one as a conflict (409).
 *  Source: Kubernetes API conventions, "Concurrency Control". */
export interface VersionedPatch {
  readonly resourceVersion: string;
  readonly operations: readonly Operation[];
}

/** Takes out of live what others added and `spec.foreign: prune` removes: an apply cannot, for it only takes out what is ours.
 *  Holds only for the version of the object in which the changes were found. Undefined: there is nothing to take out. */
export function removalPatch(
  live: LiveObject | undefined,
  changes: readonly FieldChange[],
): VersionedPatch | undefined {
  const pruned = changes.filter(({ policy }) => policy === "prune");
  if (live === undefined || pruned.length === 0) return undefined;
  const { resourceVersion } = live.metadata;
  const operations: Operation[] = [
    { op: "replace", path: "/metadata/resourceVersion", value: resourceVersion },
    ...removals(pruned.map(({ pointer }) => pointer)),
  ];
  return { resourceVersion, operations };
}

/** In an order in which each pointer still means what it meant before the first removal. */
export function removals(pointers: readonly string[]): Operation[] {
  return pointers.toSorted(laterFirst).map((path): Operation => ({ op: "remove", path }));
}
