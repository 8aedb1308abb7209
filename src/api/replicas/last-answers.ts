import { parseJson } from "../../kit/parse-json.ts";
import { isJsonObject } from "../../model/index.ts";

const MOST = 500;
const LARGEST = 65_536;

/** The newest answers of other replicas, by address, for when they do not answer any more. Only whoever may see the application gets one. */
export class LastAnswers {
  readonly #answers = new Map<string, { readonly text: string; readonly at: string }>();

  note(url: string, text: string): void {
    this.#answers.delete(url);
    if (text.length > LARGEST) return;
    this.#answers.set(url, { text, at: new Date().toISOString() });
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > MOST && oldest !== undefined) this.#answers.delete(oldest);
  }

  /** With `asOf` in it, so that nobody takes it for what is. */
  of(url: string): { readonly text: string; readonly at: string } | undefined {
    const known = this.#answers.get(url);
    const answer = known === undefined ? undefined : parseJson(known.text);
    return known !== undefined && isJsonObject(answer)
      ? { at: known.at, text: JSON.stringify({ ...answer, asOf: known.at }) }
      : undefined;
  }
}
