import { type Division, SOLE_DIVISION } from "../replicas/index.ts";
import type { KeptApplications } from "./kept-applications.ts";

export interface SharesParts {
  readonly division: Division | undefined;
  /** Told before anything begins, and after everything has ended. */
  readonly kept: KeptApplications | undefined;
  /** Every name there is something to do for now: applications, and those that are being deleted. */
  readonly names: () => Iterable<string>;
  /** It is this process's from now on. */
  readonly onGained: (name: string) => void;
  /** It is not any more, and nothing is to begin for it. */
  readonly onLosing: (name: string) => void;
  /** Nothing of it runs here any more. */
  readonly onLost: (name: string) => void;
  /** Some were gained or lost. */
  readonly onMoved: () => void;
}

/** What is this process's among the applications, where several processes share them. */
export class Shares {
  readonly #parts: SharesParts;
  readonly #division: Division;
  readonly #running = new Map<string, Promise<void>>();
  /** By name: whether it was this process's when that was looked at last. */
  #known = new Map<string, boolean>();
  #unsubscribe: (() => void) | undefined;

  constructor(parts: SharesParts) {
    this.#parts = parts;
    this.#division = parts.division ?? SOLE_DIVISION;
  }

  owns(name: string): boolean {
    return this.#division.owns(name);
  }

  start(): void {
    this.renamed();
    this.#unsubscribe = this.#division.onChange(() => this.#divided());
  }

  stop(): void {
    this.#unsubscribe?.();
  }

  /** Names have come or gone: who brought them begins and ends them. */
  renamed(): void {
    const names = [...this.#parts.names()];
    this.#known = new Map(names.map((name) => [name, this.#known.get(name) ?? this.owns(name)]));
    this.#keep();
  }

  /** What is lost by another division is dropped when nothing of it runs any more (#lose). */
  #keep(): void {
    const { kept } = this.#parts;
    if (kept === undefined) return;
    for (const [name, mine] of this.#known) if (mine) kept.keep(name);
    kept.drop([...kept.names()].filter((name) => !this.#known.has(name) && !this.#running.has(name)));
  }

  /** Does the work of a name if it is this process's. */
  async run(name: string, work: () => Promise<void>): Promise<void> {
    if (!this.owns(name)) return;
    this.#parts.kept?.keep(name);
    const running = work();
    const over = running.catch(() => {});
    this.#running.set(name, over);
    try {
      await running;
    } finally {
      this.#running.delete(name);
    }
  }

  async #divided(): Promise<void> {
    const before = this.#known;
    const now = new Map([...this.#parts.names()].map((name) => [name, this.owns(name)]));
    this.#known = now;
    this.#keep();
    const moved = [...now].filter(([name, mine]) => (before.get(name) ?? false) !== mine);
    for (const [name, mine] of moved) if (mine) this.#parts.onGained(name);
    if (moved.length > 0) this.#parts.onMoved();
    await Promise.all(moved.flatMap(([name, mine]) => (mine ? [] : [this.#lose(name)])));
  }

  async #lose(name: string): Promise<void> {
    this.#parts.onLosing(name);
    await this.#running.get(name);
    if (this.owns(name)) return;
    this.#parts.kept?.drop([name]);
    this.#parts.onLost(name);
  }
}
