/** Keys that want another look, each looked at once a round, after the writes that are going on. A round ends when nothing is left. */
export class Rounds {
  readonly #waiting = new Set<string>();
  readonly #look: (key: string) => void;
  #timer: NodeJS.Immediate | undefined;

  constructor(look: (key: string) => void) {
    this.#look = look;
  }

  add(key: string): void {
    this.#waiting.add(key);
    this.#timer ??= setImmediate(() => this.#round());
  }

  stop(): void {
    this.#waiting.clear();
    clearImmediate(this.#timer);
  }

  #round(): void {
    this.#timer = undefined;
    const keys = [...this.#waiting];
    this.#waiting.clear();
    for (const key of keys) this.#look(key);
  }
}
