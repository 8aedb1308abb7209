import type { LiveObject } from "../model/index.ts";

/** One followed object. */
export interface Kept {
  readonly object: LiveObject;
  /** Of the label by which it was found, now or once. */
  readonly applySetId: string | undefined;
  /** It lost that label: the watch says nothing more about it. */
  readonly orphan: boolean;
}

/** Kept objects by their key and by their ApplySet. */
export class LiveIndex {
  readonly #byKey = new Map<string, Kept>();
  readonly #bySet = new Map<string, Map<string, Kept>>();

  get(key: string): Kept | undefined {
    return this.#byKey.get(key);
  }

  set(key: string, kept: Kept): void {
    this.delete(key);
    this.#byKey.set(key, kept);
    if (kept.applySetId === undefined) return;
    const members = this.#bySet.get(kept.applySetId) ?? new Map<string, Kept>();
    this.#bySet.set(kept.applySetId, members.set(key, kept));
  }

  delete(key: string): void {
    const kept = this.#byKey.get(key);
    if (kept === undefined) return;
    this.#byKey.delete(key);
    if (kept.applySetId === undefined) return;
    const members = this.#bySet.get(kept.applySetId);
    members?.delete(key);
    if (members?.size === 0) this.#bySet.delete(kept.applySetId);
  }

  entries(): IterableIterator<[string, Kept]> {
    return this.#byKey.entries();
  }

  members(applySetId: string): Iterable<Kept> {
    return this.#bySet.get(applySetId)?.values() ?? [];
  }
}
