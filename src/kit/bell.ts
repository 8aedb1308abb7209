/** Who waits is woken by the next ring, or after a time; a ring that came while nobody waited wakes the next who does. One waiter.
 *  Its time does not keep the process alive. */
export class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  /** For a listener: needs no `this`. */
  readonly ring = (): void => {
    this.#rung = true;
    this.#wake?.();
  };

  async heard(ms: number): Promise<void> {
    if (!this.#rung) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const timer = setTimeout(resolve, ms).unref();
      await promise;
      clearTimeout(timer);
      this.#wake = undefined;
    }
    this.#rung = false;
  }
}
