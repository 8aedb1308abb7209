import { isDifference } from "../model/index.ts";
import { compareDrift, episodeKey, type ListedDrift } from "./drift-list.ts";

export interface EndedDriftOptions {
  /** Of the whole fleet. */
  readonly limit: number;
  /** Of these, at most so many of one application. */
  readonly perApplication: number;
}

/** The last episodes that ended, bounded twice: an application's own oldest goes when it has too many, then the fleet's oldest. Foreign fields
 *  that went again are nobody's history, and are not kept. */
export class EndedDrift {
  readonly #options: EndedDriftOptions;
  /** In the order in which their end was told. */
  readonly #ended = new Map<string, ListedDrift>();
  readonly #byApplication = new Map<string, Set<string>>();

  constructor(options: EndedDriftOptions) {
    this.#options = options;
  }

  /** An episode that was seen ended before, and has ended anew since, moves to the end. */
  add(listed: ListedDrift): void {
    const { item } = listed;
    if (!isDifference(item.change)) return;
    const key = keyOf(listed);
    const known = this.#ended.get(key);
    if (known?.item.end?.at === item.end?.at && known !== undefined) return;
    this.remove(listed);
    const own = this.#byApplication.get(item.application) ?? new Set();
    this.#byApplication.set(item.application, own.add(key));
    this.#ended.set(key, listed);
    if (own.size > this.#options.perApplication) this.#drop(own.values().next().value);
    if (this.#ended.size > this.#options.limit) this.#drop(this.#ended.keys().next().value);
  }

  /** It goes on: it has not ended. */
  remove(listed: ListedDrift): void {
    this.#drop(keyOf(listed));
  }

  forget(application: string): void {
    for (const key of this.#byApplication.get(application) ?? []) this.#drop(key);
  }

  /** The newest first. */
  newestFirst(): readonly ListedDrift[] {
    return [...this.#ended.values()].sort((one, other) => compareDrift(one.position, other.position));
  }

  #drop(key: string | undefined): void {
    const listed = key === undefined ? undefined : this.#ended.get(key);
    if (key === undefined || listed === undefined) return;
    const { application } = listed.item;
    this.#ended.delete(key);
    const own = this.#byApplication.get(application);
    own?.delete(key);
    if (own?.size === 0) this.#byApplication.delete(application);
  }
}

/** Two episodes of one field differ in when they began. */
function keyOf({ item }: ListedDrift): string {
  return `${item.application} ${episodeKey(item)} ${item.firstSeen}`;
}
