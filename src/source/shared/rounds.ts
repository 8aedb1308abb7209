/** One question to a server, and what came of it. */
export interface Round<T> {
  /** The later one has the higher number, across all repositories of a process. */
  readonly nr: number;
  /** When the question was begun, by the clock that the rounds were given. */
  readonly beganAt: number;
  /** What was asked for. */
  readonly asked: readonly string[];
  readonly value: T;
}

export interface RoundsOptions<T> {
  /** Milliseconds of a clock that nobody sets. */
  readonly now: () => number;
  /** The next number; never the same twice. */
  readonly draw: () => number;
  /** Asks the server for what all want together. Never throws. */
  readonly ask: (names: readonly string[], before: T | undefined) => Promise<T>;
  /** Called when a round has ended and is what whoever asks now is told. */
  readonly onEnd?: (value: T, before: T | undefined) => void;
  /** Names, without those that others of them stand for. */
  readonly merged: (names: ReadonlySet<string>) => readonly string[];
  /** Whether who was told of the ones knows the others. */
  readonly covers: (asked: readonly string[], names: readonly string[]) => boolean;
}

export interface Wanted {
  readonly names: readonly string[];
  /** A round that was begun less than so long ago will do. 0: only one that has not begun yet. */
  readonly withinMs: number;
  /** In place of that: one with a higher number. */
  readonly after?: number;
}

/** A round that will do for somebody; any one with a higher number than `after` would. */
export interface Awaited<T> {
  readonly after: number;
  readonly done: Promise<Round<T>>;
}

type Running<T> = Omit<Round<T>, "value"> & { readonly done: Promise<Round<T>> };

/**
 * The questions of many to one server: one at a time, each for everything that anybody ever wanted. Who needs a newer answer than there is, or a wider one,
 * waits for the round that runs if it was begun late enough, and shares the next one with all others if not.
 */
export class Rounds<T> {
  readonly #options: RoundsOptions<T>;
  readonly #names = new Set<string>();
  #last: Round<T> | undefined;
  #running: Running<T> | undefined;
  #next: Awaited<T> | undefined;

  constructor(options: RoundsOptions<T>) {
    this.#options = options;
  }

  take(wanted: Wanted): Awaited<T> {
    for (const name of wanted.names) this.#names.add(name);
    if (this.#last !== undefined && this.#isEnough(this.#last, wanted))
      return { after: this.#last.nr - 1, done: Promise.resolve(this.#last) };
    if (this.#running !== undefined && this.#isEnough(this.#running, wanted)) return after(this.#running);
    // Also when the running one has just ended: the next has not begun, and takes everything along.
    if (this.#next !== undefined) return this.#next;
    if (this.#running === undefined) return after(this.#start());
    this.#next = this.#startAfter(this.#running);
    return this.#next;
  }

  #isEnough(round: Omit<Round<T>, "value">, { names, withinMs, after: least }: Wanted): boolean {
    const { covers, now } = this.#options;
    const isNew = least === undefined ? now() - round.beganAt < withinMs : round.nr > least;
    return isNew && covers(round.asked, names);
  }

  #startAfter(running: Running<T>): Awaited<T> {
    const begun = running.done.then(() => {
      this.#next = undefined;
      return this.#start().done;
    });
    return { after: this.#options.draw(), done: begun };
  }

  #start(): Running<T> {
    const { ask, now, draw, merged, onEnd } = this.#options;
    const before = this.#last?.value;
    const round = { nr: draw(), beganAt: now(), asked: merged(this.#names) };
    const done = ask(round.asked, before).then((value) => {
      const ended = { ...round, value };
      this.#last = ended;
      this.#running = undefined;
      onEnd?.(value, before);
      return ended;
    });
    this.#running = { ...round, done };
    return this.#running;
  }
}

function after<T>({ nr, done }: Running<T>): Awaited<T> {
  return { after: nr - 1, done };
}
