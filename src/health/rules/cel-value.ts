import { isJsonObject } from "../../model/index.ts";

/** An object as expressions see it: maps that no prototype shows through, whole numbers as CEL's int, lists that count. */
export type CelValue = unknown;

/** Raised when more of an object was read than a rule may. */
export class OutOfSteps extends Error {}

/** More parts than any object of a real cluster has. */
const MOST_PARTS = 200_000;
const DEEPEST = 100;

/** Counts reads of list items, which every loop makes: the same object and rule always come to the same number, on any machine. */
export class Steps {
  readonly #most: number;
  #taken = 0;

  constructor(most: number) {
    this.#most = most;
  }

  take(): void {
    this.#taken++;
    this.check();
  }

  /** Operators of CEL pass over errors: who has taken the answer asks once more. */
  check(): void {
    if (this.#taken > this.#most) throw new OutOfSteps(`more than ${this.#most} items read`);
  }
}

/** Errors: OutOfSteps for an object that is too large or too deep. */
export function celValueOf(json: unknown, steps: Steps): CelValue {
  let parts = 0;
  const convert = (value: unknown, depth: number): CelValue => {
    if (++parts > MOST_PARTS || depth > DEEPEST) throw new OutOfSteps("the object is too large for rules");
    if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
    if (Array.isArray(value))
      return counting(
        value.map((one) => convert(one, depth + 1)),
        steps,
      );
    if (!isJsonObject(value)) return value;
    const entries = Object.entries(value).filter(([, part]) => part !== undefined);
    return new Map(entries.map(([name, part]) => [name, convert(part, depth + 1)]));
  };
  return convert(json, 0);
}

function counting(list: readonly CelValue[], steps: Steps): readonly CelValue[] {
  return new Proxy(list, {
    get(target, name, receiver) {
      steps.take();
      return Reflect.get(target, name, receiver);
    },
  });
}
