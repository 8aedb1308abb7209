import { untimedSentence } from "../../report/index.ts";

/** What only counts its seconds is said again this often. */
const AGAIN_MS = 10_000;

/** Lines about what goes on, said where they change: so that a log that nobody scrolls stays short, too. */
export class Saying {
  #said: ReadonlyMap<string, { readonly text: string; readonly at: number }> = new Map();

  /** Those of all that hold now (milliseconds since the epoch) which are to be said. */
  news(lines: readonly string[], now: number): readonly string[] {
    const said = new Map<string, { readonly text: string; readonly at: number }>();
    const news: string[] = [];
    for (const line of lines) {
      const text = untimedSentence(line);
      const subject = text.split(": ")[0] ?? text;
      const before = this.#said.get(subject);
      const isNews = before?.text !== text || (line !== text && now - before.at >= AGAIN_MS);
      if (isNews) news.push(line);
      said.set(subject, isNews ? { text, at: now } : before);
    }
    this.#said = said;
    return news;
  }
}
