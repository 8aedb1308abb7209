import { type ApplicationStatus, type ChangeClass, type FieldChange, type Ref, refKey } from "../model/index.ts";
import { comparePositions, type Position } from "./page.ts";
import type { DriftItem } from "./types.ts";

/** What the report calls drift: Pending is Git's own doing and stands in the diff alone. */
export type DriftClass = Exclude<ChangeClass, "pending">;

export interface DriftEpisode {
  readonly item: DriftItem;
  readonly class: DriftClass;
  /** Application's sort key, object, path, manager. */
  readonly position: Position;
  /** Object and path: what stays one episode while value, author or class change. */
  readonly key: string;
}

interface EpisodeInput {
  readonly application: string;
  readonly sortKey: string;
  readonly status: ApplicationStatus;
  readonly previous: readonly DriftEpisode[];
  /** RFC 3339. */
  readonly time: string;
}

function driftClass(change: FieldChange): DriftClass | undefined {
  return change.class === "pending" ? undefined : change.class;
}

function episodeKey(ref: Ref, change: FieldChange): string {
  return `${refKey(ref)} ${change.path}`;
}

/** The drifted fields of one application, sorted. A field that was drifted before keeps the time when it was first seen. */
export function driftEpisodes({ application, sortKey, status, previous, time }: EpisodeInput): DriftEpisode[] {
  const seen = new Map(previous.map((episode) => [episode.key, episode.item.firstSeen]));
  const episodes: DriftEpisode[] = [];
  for (const { ref, changes } of status.resources) {
    for (const change of changes) {
      const found = driftClass(change);
      if (found === undefined) continue;
      const key = episodeKey(ref, change);
      const item = { application, ref, change, firstSeen: seen.get(key) ?? time };
      const position = [sortKey, refKey(ref), change.path, change.manager ?? ""];
      episodes.push({ item, key, class: found, position });
    }
  }
  return episodes.sort((a, b) => comparePositions(a.position, b.position));
}
