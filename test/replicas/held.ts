/** Has the next of some calls wait on its way: who made it gives up with its signal, and it is made all the same when it is let go. */
export class Held {
  #gate: Promise<void> | undefined;
  #made: Promise<unknown> = Promise.resolve();

  holdNext(): () => Promise<unknown> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gate = promise;
    return async () => {
      resolve();
      await promise;
      return await this.#made;
    };
  }

  async call<T>(make: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const gate = this.#gate;
    if (gate === undefined) return await make();
    this.#gate = undefined;
    const made = gate.then(make);
    this.#made = made.catch((error: unknown) => error);
    const { promise, reject } = Promise.withResolvers<never>();
    signal?.addEventListener("abort", () => reject(signal.reason));
    return await Promise.race([made, promise]);
  }
}
