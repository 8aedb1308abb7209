import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers/promises";

interface Timer {
  at: number;
  readonly order: number;
  readonly run: () => void;
  /** Of an interval. */
  readonly everyMs?: number;
  isOver: boolean;
}

const realImmediate = setImmediate;
const realClear = clearImmediate;
/** Of the product, that have not run. */
const immediates = new Set<unknown>();

/** Lets everything happen that waits for no time. */
export async function turn(): Promise<void> {
  do await new Promise<void>((resolve) => void realImmediate(resolve));
  while (immediates.size > 0);
}

function immediately(run: (...args: unknown[]) => void, ...args: unknown[]): NodeJS.Immediate {
  const handle = realImmediate(() => {
    immediates.delete(handle);
    run(...args);
  });
  immediates.add(handle);
  return handle;
}

function notAtAll(handle: NodeJS.Immediate | undefined): void {
  immediates.delete(handle);
  realClear(handle);
}

/**
 * Time that stands still until somebody lets it pass, and then goes from one timer to the next: an hour takes as long as its work does. Installed in place of
 * the process's own clocks and timers, for good, so that the product's code runs as it is. What a thing takes is what it is told to take by a timer.
 */
export class SimulatedClock {
  /** Milliseconds since the epoch; whole ones, so that what happens in one of them happens together. */
  now = Date.parse("2026-01-01T00:00:00Z");
  readonly #start = this.now;
  readonly #heap: Timer[] = [];
  #orders = 0;

  install(): void {
    const later = (run: () => void, ms: number, everyMs?: number): object => this.#handle(this.#add(run, ms, everyMs));
    const end = (handle: unknown): void => this.#end(handle);
    Object.assign(globalThis, {
      setTimeout: (run: (...all: unknown[]) => void, ms = 0, ...args: unknown[]) => later(() => run(...args), ms),
      setInterval: (run: () => void, ms = 0) => later(run, ms, ms),
      ...{ clearTimeout: end, clearInterval: end, setImmediate: immediately, clearImmediate: notAtAll },
    });
    Date.now = () => this.now;
    performance.now = () => this.now - this.#start;
    AbortSignal.timeout = (ms) => this.#aborting(ms);
    Object.assign(timers, {
      setTimeout: (ms: number, value: unknown, { signal }: { signal?: AbortSignal } = {}) =>
        this.#sleep(ms, value, signal),
    });
    syncBuiltinESMExports();
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#add(resolve, ms));
  }

  /** Lets so much time pass, and everything happen in it. */
  async pass(ms: number): Promise<void> {
    const until = this.now + ms;
    await turn();
    for (let next = this.#heap[0]; next !== undefined && next.at <= until; next = this.#heap[0]) {
      this.now = Math.max(this.now, next.at);
      while (this.#heap[0] !== undefined && this.#heap[0].at <= this.now) this.#ring(this.#pop());
      await turn();
    }
    this.now = until;
  }

  #ring(timer: Timer | undefined): void {
    if (timer === undefined || timer.isOver) return;
    if (timer.everyMs === undefined) timer.isOver = true;
    else this.#push(Object.assign(timer, { at: this.now + Math.max(1, timer.everyMs) }));
    timer.run();
  }

  #add(run: () => void, ms: number, everyMs?: number): Timer {
    const at = this.now + Math.max(0, Math.ceil(ms));
    const timer = { at, order: this.#orders++, run, isOver: false, ...(everyMs === undefined ? {} : { everyMs }) };
    this.#push(timer);
    return timer;
  }

  #handle(timer: Timer): object {
    const handle = { timer, ref: () => handle, unref: () => handle, hasRef: () => true };
    return handle;
  }

  #end(handle: unknown): void {
    if (typeof handle === "object" && handle !== null && "timer" in handle) (handle.timer as Timer).isOver = true;
  }

  #aborting(ms: number): AbortSignal {
    const controller = new AbortController();
    this.#add(() => controller.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError")), ms);
    return controller.signal;
  }

  #sleep(ms: number, value: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const aborted = (): void => {
        timer.isOver = true;
        reject(signal?.reason);
      };
      const timer = this.#add(() => {
        signal?.removeEventListener("abort", aborted);
        resolve(value);
      }, ms);
      signal?.addEventListener("abort", aborted, { once: true });
    });
  }

  /** A binary heap: the next one first, and of two at the same time the one that was set first. */
  #push(timer: Timer): void {
    const heap = this.#heap;
    let i = heap.push(timer) - 1;
    while (i > 0) {
      const above = (i - 1) >> 1;
      if (!isBefore(timer, heap[above])) break;
      heap[i] = heap[above] as Timer;
      i = above;
    }
    heap[i] = timer;
  }

  #pop(): Timer | undefined {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (last === undefined || last === first) return first;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Timer, heap[child])) child++;
      if (child >= heap.length || !isBefore(heap[child] as Timer, last)) break;
      heap[i] = heap[child] as Timer;
      i = child;
    }
    heap[i] = last;
    return first;
  }
}

function isBefore(one: Timer, other: Timer | undefined): boolean {
  return other === undefined || one.at < other.at || (one.at === other.at && one.order < other.order);
}
