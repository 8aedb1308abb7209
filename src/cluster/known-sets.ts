import { isNewerVersion } from "./resource-version.ts";

/** A list that is being read: of which sets it will tell everything, and what the watch says meanwhile. */
export interface Taking {
  readonly sets: Set<string>;
  /** key -> the version at which the watch said that it is not one of ours (any more). The list may be older. */
  readonly left: Map<string, string>;
}

/**
 * Of which sets every object is known in one watch. A set becomes known by a list that was begun when the set was kept already, for before that its events were dropped;
 * it is known until it is lost. Pure.
 */
export class KnownSets {
  readonly #known = new Set<string>();
  readonly #takings = new Set<Taking>();

  has(applySetId: string): boolean {
    return this.#known.has(applySetId);
  }

  /** Before the list is asked for. */
  begin(applySetIds: Iterable<string>): Taking {
    const taking = { sets: new Set(applySetIds), left: new Map() };
    this.#takings.add(taking);
    return taking;
  }

  /** Its objects are taken in. */
  end(taking: Taking): void {
    this.#takings.delete(taking);
    for (const id of taking.sets) this.#known.add(id);
  }

  cancel(taking: Taking): void {
    this.#takings.delete(taking);
  }

  lost(applySetIds: readonly string[]): void {
    for (const id of applySetIds) {
      this.#known.delete(id);
      for (const { sets } of this.#takings) sets.delete(id);
    }
  }

  /** The watch has told of an object that is not kept after that. */
  noteLeft(key: string, version: string): void {
    for (const { left } of this.#takings) left.set(key, version);
  }
}

/** The watch has said something newer of an object than the list does. */
export function isOverOf({ left }: Taking, key: string, version: string): boolean {
  const since = left.get(key);
  return since !== undefined && !isNewerVersion(version, since);
}
