import type { ApplicationStatus, Ref } from "../model/index.ts";

/** What a sentence is about: "waits for application default/db" of "waits for application default/db: Pending, ...". */
function subjectOf(sentence: string): string {
  return sentence.split(": ")[0] ?? sentence;
}

/** The sentence and, of those that wait for something, since when: it is the same wait as before for as long as it is for the same. Others (a suspension)
 *  say themselves what time means to them. `now`: milliseconds since the epoch. */
export function waitOf(
  sentence: string,
  before: Pick<ApplicationStatus, "waiting" | "waitingSince"> | undefined,
  now: number,
): { readonly waiting: string; readonly waitingSince?: string } {
  if (!sentence.startsWith("waits for ")) return { waiting: sentence };
  const same = before?.waiting !== undefined && subjectOf(before.waiting) === subjectOf(sentence);
  const since = (same ? before.waitingSince : undefined) ?? new Date(now).toISOString();
  return { waiting: sentence, waitingSince: since };
}

/** A sentence that is to be told, and of which object. */
export interface Wait {
  readonly sentence: string;
  /** RFC 3339. */
  readonly since?: string | undefined;
  readonly ref?: Ref;
}

/** An event a wait, and another when its sentence has changed, but not all the time. */
const LEAST_MS = 10_000;
/** Of one application. More are told by the objects themselves. */
const MOST = 20;

/** Which waits of an application were told as events. Of several objects that wait for the same the first is told. */
export class ToldWaits {
  #told: ReadonlyMap<string, { readonly sentence: string; readonly at: number }> = new Map();

  /** Those of all that wait now (milliseconds since the epoch) which are news. */
  news(waits: readonly Wait[], now: number): readonly Wait[] {
    const told = new Map<string, { readonly sentence: string; readonly at: number }>();
    const news: Wait[] = [];
    for (const wait of waits) {
      const subject = subjectOf(wait.sentence);
      if (told.has(subject) || told.size === MOST) continue;
      const before = this.#told.get(subject);
      const isNews =
        before === undefined || (before.sentence !== wait.sentence && Math.abs(now - before.at) >= LEAST_MS);
      if (isNews) news.push(wait);
      told.set(subject, isNews ? { sentence: wait.sentence, at: now } : before);
    }
    this.#told = told;
    return news;
  }
}
