import { formatDuration } from "../kit/duration.ts";

const PASSED = /, (?:\d+ s|(?:\d+[dhms])+)$/;

/** "waits for Deployment shop/db: 1/3 replicas available, 40 s". As it is where nobody knows since when, or within the first second. */
export function timedSentence(sentence: string, since: string | undefined, now: number): string {
  const ms = since === undefined ? 0 : now - Date.parse(since);
  return ms < 1000 ? sentence : `${sentence}, ${durationText(ms)}`;
}

/** The same whenever it is asked, for as long as nothing but time has passed. */
export function untimedSentence(text: string): string {
  return text.replace(PASSED, "");
}

function durationText(ms: number): string {
  return ms < 600_000 ? `${Math.floor(ms / 1000)} s` : formatDuration(ms);
}
