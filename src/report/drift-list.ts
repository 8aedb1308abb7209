import { type ApplicationStatus, type ChangeClass, type DriftEpisode, refKey } from "../model/index.ts";
import { comparePositions, type Position } from "./page.ts";
import type { DriftItem } from "./types.ts";

/** What the report calls drift: Pending is Git's own doing and stands in the diff alone. */
export type DriftClass = Exclude<ChangeClass, "pending">;

export interface ListedDrift {
  readonly item: DriftItem;
  readonly class: DriftClass;
  /** OPEN, then application's sort key, object, path, manager; or ENDED, then the time of the end, then the same. */
  readonly position: Position;
}

const [OPEN, ENDED] = ["0", "1"];

/** Object and path: what stays one episode while value, author or class change. */
export function episodeKey({ ref, change }: DriftEpisode): string {
  return `${refKey(ref)} ${change.path}`;
}

export function listedDrift(application: string, sortKey: string, episode: DriftEpisode): ListedDrift | undefined {
  const { ref, change, end } = episode;
  if (change.class === "pending") return undefined;
  const place = [sortKey, refKey(ref), change.path, change.manager ?? ""];
  const position = end === undefined ? [OPEN, ...place] : [ENDED, end.at, ...place];
  const state = end === undefined ? "open" : "ended";
  return { item: { application, state, ...episode }, class: change.class, position };
}

/** Where drift stands in its list, whoever tells of it. */
export const DRIFT_ORDER = {
  position: ({ application, ...episode }: DriftItem): Position =>
    listedDrift(application, sortKeyOf(application), episode)?.position ?? [],
  compare: compareDrift,
};

/** Sorts by namespace first: in "a-b/x" and "a/x" the slash itself would not. No name holds a NUL. */
export function sortKeyOf(application: string): string {
  return application.replace("/", "\u0000");
}

/** What differs now by name, then what ended, the newest first. */
export function compareDrift(one: Position, other: Position): number {
  const isEnded = one[0] === ENDED && other[0] === ENDED;
  return isEnded ? comparePositions(other, one) : comparePositions(one, other);
}

/** The fields of one application that differ now, sorted. */
export function openDrift(application: string, sortKey: string, { drift }: ApplicationStatus): readonly ListedDrift[] {
  if (drift.length === 0) return NONE;
  return drift
    .flatMap((episode) => (episode.end === undefined ? (listedDrift(application, sortKey, episode) ?? []) : []))
    .sort((one, other) => compareDrift(one.position, other.position));
}

const NONE: readonly ListedDrift[] = [];
