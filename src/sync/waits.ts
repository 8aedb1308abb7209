import type { ApplicationStatus } from "../model/index.ts";

/** What a sentence is about: "waits for application default/db" of "waits for application default/db: Pending, ...". */
function subjectOf(sentence: string): string {
  return sentence.split(": ")[0] ?? sentence;
}

/** The sentence and since when: it is the same wait as before for as long as it is for the same. `now`: milliseconds since the epoch. */
export function waitOf(
  sentence: string,
  before: Pick<ApplicationStatus, "waiting" | "waitingSince"> | undefined,
  now: number,
): { readonly waiting: string; readonly waitingSince: string } {
  const same = before?.waiting !== undefined && subjectOf(before.waiting) === subjectOf(sentence);
  const since = (same ? before.waitingSince : undefined) ?? new Date(now).toISOString();
  return { waiting: sentence, waitingSince: since };
}
