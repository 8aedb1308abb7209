import type { Clusters } from "../cluster/index.ts";
import { APPLICATION_ANNOTATION, APPLYSET_ID_LABEL, refKey } from "../model/index.ts";
import type { Departures } from "./departures.ts";
import type { Entries } from "./entries.ts";
import type { Instructing } from "./instructing.ts";

export interface WatchedChangesParts {
  readonly clusters: Clusters;
  readonly entries: Entries;
  readonly departures: Departures;
  readonly instructions: Instructing;
  /** Something of it is no longer as its last pass saw it. */
  readonly onMoved: (name: string) => void;
  /** The same of one that is being deleted. */
  readonly onLeavingMoved: (name: string) => void;
}

/** Finds whose an object is that has changed in the cluster. What a pass has seen already, or writes just now, is no news. Returns the end of it. */
export function followChanges({
  clusters,
  entries,
  departures,
  instructions,
  ...tell
}: WatchedChangesParts): () => void {
  return clusters.onLive(({ object, ref, type, applySetId: id }, cluster) => {
    for (const other of entries.markingNamespace(ref, cluster)) tell.onMoved(other);
    const name = id === undefined ? object.metadata.annotations?.[APPLICATION_ANNOTATION] : entries.nameOfSet(id);
    const entry = name === undefined ? undefined : entries.at(name, cluster);
    const leaving = id === undefined ? undefined : departures.nameOfSet(id, cluster);
    if (leaving !== undefined) tell.onLeavingMoved(leaving);
    if (name === undefined || entry === undefined || !entries.isOwn(name)) return;
    if (object.metadata.labels?.[APPLYSET_ID_LABEL] !== undefined && instructions.isWriting(name)) return;
    const seen = entry.memory.of(refKey(ref)).verdict?.resourceVersion;
    if (type === "present" && seen === object.metadata.resourceVersion) return;
    tell.onMoved(name);
  });
}
