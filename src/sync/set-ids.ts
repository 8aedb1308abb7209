import { applySetId } from "../plan/index.ts";

/** The sets of applications, hashed once for each and not at each judgement of all of them. */
export class SetIds {
  readonly inventoryNamespace: string;
  readonly #known = new Map<string, string>();

  constructor(inventoryNamespace: string) {
    this.inventoryNamespace = inventoryNamespace;
  }

  get size(): number {
    return this.#known.size;
  }

  of(application: string): string {
    const known = this.#known.get(application);
    if (known !== undefined) return known;
    const id = applySetId(application, this.inventoryNamespace);
    this.#known.set(application, id);
    return id;
  }

  /** Those of applications that are no more do not pile up: beyond twice as many as there are, all are forgotten. */
  trim(there: number): void {
    if (this.#known.size > 2 * there + 16) this.#known.clear();
  }
}
