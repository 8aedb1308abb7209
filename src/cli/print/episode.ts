import type { DriftPage } from "../../api/index.ts";
import { formatDuration } from "../../kit/duration.ts";
import { nameField } from "../../kit/format-field.ts";
import { printable } from "../../kit/printable.ts";
import { formatAuthor, formatRef } from "../../model/index.ts";
import { age } from "./age.ts";

type Episode = DriftPage["items"][number];

/** "spec.replicas: first seen 3m12s ago, last seen 4s ago, 7 times; a fight: foo-operator has changed ..., healing waits for another 8s" */
export function printSince(episode: Episode, now: number): string {
  const { count, fight } = episode;
  const parts = [
    `${nameField(episode.change)}: first seen ${age(episode.firstSeen, now)} ago`,
    `last seen ${age(episode.lastSeen, now)} ago`,
    ...(count > 1 ? [`${count} times`] : []),
  ];
  const heals = fight?.healsAt === undefined ? "" : `, healing waits for another ${wait(fight.healsAt, now)}`;
  const fought = fight === undefined ? "" : `; a fight: ${fight.message}${heals}`;
  return printable(`${parts.join(", ")}${fought}`);
}

/** "Deployment shop/web spec.replicas: healed by pass 7 12s ago; by ann, first seen 1m ago, 3 times" */
export function printEnd(episode: Episode, now: number): string {
  const { ref, change, count, end } = episode;
  const when = end === undefined ? "" : ` ${age(end.at, now)} ago`;
  const author = formatAuthor(change);
  const parts = [
    ...(author === undefined ? [] : [author]),
    `first seen ${age(episode.firstSeen, now)} ago`,
    ...(count > 1 ? [`${count} times`] : []),
  ];
  return printable(`${formatRef(ref)} ${nameField(episode.change)}: ${howEnded(end)}${when}; ${parts.join(", ")}`);
}

function howEnded(end: Episode["end"]): string {
  if (end === undefined) return "not ended";
  if (end.how === "healed") return end.pass === undefined ? "healed" : `healed by pass ${end.pass}`;
  if (end.how === "git") return "no difference any more, since Git moved,";
  if (end.how === "left") return "left alone by a rule since";
  const by = end.by === undefined ? undefined : formatAuthor(end.by);
  return `put right ${by ?? "by somebody else"}`;
}

function wait(until: string, now: number): string {
  const ms = Date.parse(until) - now;
  return Number.isNaN(ms) ? "moment" : formatDuration(Math.max(1000, ms));
}
