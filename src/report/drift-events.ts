import { nameField } from "../kit/format-field.ts";
import { type DriftEpisode, formatAuthor, isDifference } from "../model/index.ts";
import { episodeKey } from "./drift-list.ts";
import { describeChange } from "./event-text.ts";
import type { ReportEvent } from "./types.ts";

type DriftEvent = Pick<ReportEvent, "type" | "reason" | "message" | "ref">;
type Drift = readonly DriftEpisode[];

/** What began, by kind, so that each kind is told by its first few. An episode is told when it begins and, since its end was told, when it goes on for
 *  the first time; then once as a fight. How often it comes back is its count. */
export function driftBegun(before: Drift, after: Drift): readonly (readonly DriftEvent[])[] {
  const known = byKey(before);
  const begun = after.filter((episode) => hasBegun(known.get(episodeKey(episode)), episode));
  const fought = after.filter((one) => one.fight !== undefined && known.get(episodeKey(one))?.fight === undefined);
  return [
    begun.filter(({ change }) => isDifference(change)).map(found),
    begun.filter(({ change, count }) => !isDifference(change) && count === 1).map(foreign),
    fought.filter(({ change }) => isDifference(change)).map(fight),
  ];
}

/** What ended. The first end is told at once; that of a field which came back when it has been quiet, for it may come back again. */
export function driftEnded(before: Drift, after: Drift): readonly (readonly DriftEvent[])[] {
  const [was, is] = [byKey(before), byKey(after)];
  const first = after.filter((one) => {
    const known = was.get(episodeKey(one));
    return one.count === 1 && one.end !== undefined && known !== undefined && known.end === undefined;
  });
  const quiet = before.filter((one) => one.count > 1 && one.end !== undefined && !is.has(episodeKey(one)));
  const ended = [...first, ...quiet].filter(({ change }) => isDifference(change));
  const healed = ended.filter(({ end }) => end?.how === "healed");
  return [healed.map(over), ended.filter((one) => !healed.includes(one)).map(over)];
}

function byKey(episodes: Drift): ReadonlyMap<string, DriftEpisode> {
  return new Map(episodes.map((episode) => [episodeKey(episode), episode]));
}

function hasBegun(before: DriftEpisode | undefined, { end, count, firstSeen }: DriftEpisode): boolean {
  if (end !== undefined) return false;
  if (before === undefined || before.firstSeen !== firstSeen) return true;
  return before.end !== undefined && count === 2;
}

function found({ ref, change, count }: DriftEpisode): DriftEvent {
  const again = count === 1 ? "" : "; it came back";
  return { type: "Warning", reason: "DriftFound", message: `${describeChange(change)}${again}`, ref };
}

function foreign({ ref, change }: DriftEpisode): DriftEvent {
  return { type: "Normal", reason: "ForeignField", message: describeChange(change), ref };
}

function fight({ ref, fight: fought }: DriftEpisode): DriftEvent {
  return { type: "Warning", reason: "Fight", message: fought?.message ?? "", ref };
}

function over(episode: DriftEpisode): DriftEvent {
  const { ref, change, count, end } = episode;
  const times = count === 1 ? "" : `; it was found ${count} times`;
  const reason = end?.how === "healed" ? "Healed" : "DriftGone";
  return { type: "Normal", reason, message: `${nameField(change)} ${howEnded(episode)}${times}`, ref };
}

function howEnded({ end }: DriftEpisode): string {
  if (end?.how === "healed") return "is as Git wants it again";
  if (end?.how === "git") return "differs no more: Git moved";
  if (end?.how === "left") return "is left alone now, and has not changed";
  const author = end?.by === undefined ? undefined : formatAuthor(end.by);
  return `differs no more, and not by our hand${author === undefined ? "" : `: ${author}`}`;
}
