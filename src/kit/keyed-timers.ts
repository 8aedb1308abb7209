/** One timer a key: a later one takes the place of an earlier. */
export class KeyedTimers {
  readonly #timers = new Map<string, NodeJS.Timeout>();

  set(key: string, inMs: number, ring: () => void): void {
    clearTimeout(this.#timers.get(key));
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      ring();
    }, inMs);
    this.#timers.set(key, timer);
  }

  clear(key: string): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
  }

  clearAll(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
