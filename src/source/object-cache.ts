/** Keeps what was used last, up to a total weight. */
export class WeightedCache<T> {
  readonly #limit: number;
  readonly #weigh: (value: T) => number;
  /** The least recently used first: a Map keeps the order of setting. */
  readonly #values = new Map<string, T>();
  #total = 0;

  constructor(options: { readonly limit: number; readonly weigh: (value: T) => number }) {
    this.#limit = options.limit;
    this.#weigh = options.weigh;
  }

  get(key: string): T | undefined {
    const value = this.#values.get(key);
    if (value === undefined) return undefined;
    this.#values.delete(key);
    this.#values.set(key, value);
    return value;
  }

  /** A value that alone weighs more than a quarter of the limit is not kept. */
  set(key: string, value: T): void {
    const weight = this.#weigh(value);
    if (weight > this.#limit / 4) return;
    this.#drop(key);
    this.#values.set(key, value);
    this.#total += weight;
    for (const oldest of this.#values.keys()) {
      if (this.#total <= this.#limit) return;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    const value = this.#values.get(key);
    if (value === undefined) return;
    this.#total -= this.#weigh(value);
    this.#values.delete(key);
  }
}
