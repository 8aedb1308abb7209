import { parseJson } from "../../kit/parse-json.ts";
import { isJsonObject, type JsonObject } from "../../model/index.ts";

const MOST = 500;
const LARGEST = 65_536;

/** What another replica told last, and when. */
export interface Aged {
  readonly value: JsonObject;
  /** RFC 3339. */
  readonly at: string;
}

/** The newest answers of other replicas, by address and role, for when they do not answer any more. Only whoever may see the application gets one. */
export class LastAnswers {
  readonly #answers = new Map<string, { readonly text: string; readonly at: string }>();

  note(key: string, text: string, now: number): void {
    this.#answers.delete(key);
    if (text.length > LARGEST) return;
    this.#answers.set(key, { text, at: new Date(now).toISOString() });
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > MOST && oldest !== undefined) this.#answers.delete(oldest);
  }

  of(key: string): Aged | undefined {
    const known = this.#answers.get(key);
    const value = known === undefined ? undefined : parseJson(known.text);
    return known !== undefined && isJsonObject(value) ? { value, at: known.at } : undefined;
  }
}
