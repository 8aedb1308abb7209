/** Strings in the order of their code units, each once. Adding and removing moves what stands behind: fine for tens of thousands. */
export class SortedKeys implements Iterable<string> {
  readonly #keys: string[] = [];

  add(key: string): void {
    const index = this.#indexOf(key);
    if (this.#keys[index] !== key) this.#keys.splice(index, 0, key);
  }

  remove(key: string): void {
    const index = this.#indexOf(key);
    if (this.#keys[index] === key) this.#keys.splice(index, 1);
  }

  [Symbol.iterator](): Iterator<string> {
    return this.#keys[Symbol.iterator]();
  }

  /** Where the key stands, or would. */
  #indexOf(key: string): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] ?? "") < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
