import { PlumblineError } from "../model/index.ts";

/**
 * The steps of a pass, in their order: what each does, in words that fit behind "while". Failure, metric, log and status
 * of every step are written in one place, `Steps.run`.
 */
export const STEPS = {
  instructions: "reading what people said of the application",
  resolve: "asking Git for the revision",
  snapshot: "reading the revision's tree",
  render: "turning files into manifests",
  prepare: "looking the kinds up on the server",
  live: "reading what the cluster has",
  compare: "comparing Git with the cluster",
  plan: "planning",
  apply: "applying the plan",
  health: "judging health",
} as const satisfies Record<string, string>;

export type StepName = keyof typeof STEPS;

/** Runs steps by name and remembers which one is on, so that a pass that ends early can say where. */
export class Steps {
  #current: StepName = "instructions";
  #waiting: string | undefined;
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  get current(): StepName {
    return this.#current;
  }

  /** What goes on now, and what it waits for, in words that fit behind "while". */
  get doing(): string {
    return this.#waiting === undefined ? STEPS[this.#current] : `${STEPS[this.#current]}: ${this.#waiting}`;
  }

  /** undefined: for nothing any more. */
  waitsFor(message: string | undefined): void {
    this.#waiting = message;
  }

  /** Between two steps is a safe point: a pass that was cancelled ends here. */
  async run<T>(name: StepName, work: () => Promise<T> | T): Promise<T> {
    this.#signal.throwIfAborted();
    this.#current = name;
    this.#waiting = undefined;
    return await work();
  }
}

export function timeoutError(timeoutMs: number, doing: string): PlumblineError {
  return new PlumblineError("PL-APPLY-TIMEOUT", {
    message: `the pass took longer than ${timeoutMs / 1000} s, while ${doing}`,
  });
}
