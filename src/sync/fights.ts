import { nameField } from "../kit/format-field.ts";
import { type DriftEpisode, type DriftFight, formatRef, type IgnoreRule, isDifference } from "../model/index.ts";
import { type DriftTrack, QUIET_MS } from "./drift-tracks.ts";

const FREE_HEALS = 3;
const FIRST_DISTANCE_MS = 1000;
const LONGEST_DISTANCE_MS = 60_000;

/** Milliseconds that lie between two healings of a field, at least: none for one that came back twice, then twice as many each time, up to a minute.
 *  So a fight costs the API server one write a minute, and a field that is left in peace for five is healed at once again. */
export function healDistanceMs(count: number): number {
  if (count <= FREE_HEALS) return 0;
  return Math.min(LONGEST_DISTANCE_MS, FIRST_DISTANCE_MS * 2 ** Math.min(30, count - FREE_HEALS - 1));
}

/** When a field that differs may be healed again; in the past where nothing keeps it waiting. */
export function healsAt({ count, healedAt }: DriftTrack): number {
  return healedAt === undefined ? Number.NEGATIVE_INFINITY : healedAt + healDistanceMs(count);
}

/** More often than any three fields that are fought over would be. */
const FREE_OBJECT_HEALS = 10;

/** When an object may be healed at all: one that was healed more than ten times within five minutes is fought over by somebody who never takes
 *  the same field twice. In the past where nothing keeps it waiting. */
export function objectHealsAt(tracks: readonly DriftTrack[], now: number): number {
  const heals = recentHeals(tracks, now);
  const last = heals.at(-1);
  if (last === undefined || heals.length <= FREE_OBJECT_HEALS) return Number.NEGATIVE_INFINITY;
  return last + healDistanceMs(heals.length - FREE_OBJECT_HEALS + FREE_HEALS);
}

/** Each once, though it healed several fields; the newest last. */
function recentHeals(tracks: readonly DriftTrack[], now: number): number[] {
  const times = tracks.flatMap(({ healedAt }) =>
    healedAt === undefined || now - healedAt >= QUIET_MS ? [] : [healedAt],
  );
  return [...new Set(times)].sort((one, other) => one - other);
}

/** What is said of a track at a time. */
export function episodeOf(track: DriftTrack, now: number): DriftEpisode {
  const { ref, change, firstSeen, lastSeen, count, end } = track;
  const fight = fightOf(track, now);
  return {
    ref,
    change,
    firstSeen: timeText(firstSeen),
    lastSeen: timeText(lastSeen),
    count,
    ...(end === undefined ? {} : { end: { ...end, at: timeText(end.at) } }),
    ...(fight === undefined ? {} : { fight }),
  };
}

function fightOf(track: DriftTrack, now: number): DriftFight | undefined {
  const { ref, change, found, end } = track;
  if (!isFight(found)) return undefined;
  const at = healsAt(track);
  const rule = endingRule(track);
  return {
    times: recentTimes(found),
    message: `${fighterOf(track)} has changed ${nameField(change)} of ${formatRef(ref)} ${recentTimes(found)} times within 5 minutes`,
    ...(end === undefined && isDifference(change) && at > now ? { healsAt: timeText(at) } : {}),
    ...(rule === undefined ? {} : { rule }),
  };
}

/** How often it was found anew in the five minutes up to the last time. */
function recentTimes(found: readonly number[]): number {
  const last = found.at(-1) ?? 0;
  return found.filter((at) => last - at < QUIET_MS).length;
}

/** More often within five minutes than is healed without a word. It stays a fight for as long as the times are remembered. */
function isFight(found: readonly number[]): boolean {
  return found.some((at, position) => at - (found[position - FREE_HEALS] ?? Number.NEGATIVE_INFINITY) < QUIET_MS);
}

/** "waits 8 s before healing spec.replicas of Deployment shop/web again: foo-operator has changed it 7 times within 5 minutes; ..." The distance
 *  and not what is left of it: a sentence that moved with every look would be written to the cluster with every look. */
export function waitingSentence(track: DriftTrack): string {
  const { change, ref, found } = track;
  const seconds = healDistanceMs(track.count) / 1000;
  const rule = endingRule(track);
  const way = rule === undefined ? "" : `; to leave it to ${change.manager ?? "others"}: ignore: [${ruleText(rule)}]`;
  const what = `waits ${seconds} s before healing ${nameField(change)} of ${formatRef(ref)} again`;
  return `${what}: ${fighterOf(track)} has changed it ${recentTimes(found)} times within 5 minutes${way}`;
}

/** "waits 8 s before healing ConfigMap shop/a again: foo-operator has changed 17 of its fields within 5 minutes" */
export function objectSentence(tracks: readonly DriftTrack[], now: number): string {
  const [first] = tracks.toSorted((one, other) => other.lastSeen - one.lastSeen);
  if (first === undefined) return "";
  const heals = recentHeals(tracks, now).length;
  const seconds = healDistanceMs(heals - FREE_OBJECT_HEALS + FREE_HEALS) / 1000;
  const what = `waits ${seconds} s before healing ${formatRef(first.ref)} again`;
  return `${what}: ${fighterOf(first)} has changed ${tracks.length} of its fields within 5 minutes, and it was healed ${heals} times`;
}

function fighterOf({ change: { manager, likely = [] } }: DriftTrack): string {
  if (manager !== undefined) return manager;
  const [first] = likely;
  return first?.manager === undefined ? "somebody" : `somebody (likely ${first.manager})`;
}

/** None for an object that is deleted again and again: a rule leaves fields alone. */
function endingRule({ ref, change: { path, manager } }: DriftTrack): IgnoreRule | undefined {
  if (path === "") return undefined;
  return {
    kind: ref.kind,
    name: ref.name,
    path,
    ...(manager === undefined ? {} : { manager }),
    reason: `left to ${manager ?? "somebody else"}`,
  };
}

/** As it would stand in YAML. */
function ruleText({ kind, name, path, manager, reason }: IgnoreRule): string {
  const parts = Object.entries({ kind, name, path, manager, reason }).filter(([, value]) => value !== undefined);
  return `{ ${parts.map(([key, value]) => `${key}: ${plain(String(value))}`).join(", ")} }`;
}

/** Quoted where YAML could read anything but this text: within braces `,`, `[` and `{` end a word. */
function plain(text: string): string {
  const isWord = /^[A-Za-z/][\w./ -]*$/.test(text) && !/^(true|false|null|y|n|yes|no|on|off)$/i.test(text);
  return isWord ? text : JSON.stringify(text);
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
