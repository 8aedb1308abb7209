import { formatDuration } from "../kit/duration.ts";
import type { ApplicationStatus } from "../model/index.ts";

export type Said = Pick<ApplicationStatus, "pin" | "suspended"> & {
  readonly source: Pick<ApplicationStatus["source"], "newest">;
};

/** What people have said of an application, a sentence each: with the time that is left by `now` (milliseconds since the epoch), or with the time of its end. */
export function saidSentences({ pin, suspended, source: { newest } }: Said, now?: number): string[] {
  const left = (until: string | undefined) =>
    until === undefined ? "" : now === undefined ? ` until ${until}` : ` for another ${timeTo(until, now)}`;
  const sentences: string[] = [];
  if (suspended !== undefined) {
    sentences.push(`suspended by ${suspended.by} since ${suspended.at}${left(suspended.until)}: ${suspended.reason}`);
  }
  if (pin !== undefined) {
    const ahead = newest === undefined || newest === pin.revision ? "" : `; Git is at ${short(newest)}`;
    sentences.push(`pinned to ${short(pin.revision)} by ${pin.by}${left(pin.until)}: ${pin.reason}${ahead}`);
  }
  return sentences;
}

function timeTo(until: string, now: number): string {
  return formatDuration(Math.max(1000, Date.parse(until) - now));
}

/** Of a commit the first digits; a version as it is. */
export function short(revision: string): string {
  return /^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 7) : revision;
}
