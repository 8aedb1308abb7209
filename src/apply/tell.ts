import type { Progress } from "./progress.ts";
import type { Run } from "./types.ts";
import { type Verdict, whyBlocked } from "./why-blocked.ts";

/** Sentences that change all the time are told this often at most. */
const MOST_OFTEN_MS = 100;
/** A request that takes longer is worth a word to those behind it. */
const SLOW_MS = 1000;

/** Tells of every object that waits for what it waits, once a change; nothing is said of what is under way as it should be. */
export class Teller {
  readonly #run: Run;
  readonly #progress: Progress;
  readonly #verdicts = new Map<number, Verdict>();
  /** When the work on a node began, of those under way; the oldest first. */
  readonly #begun = new Map<number, number>();
  readonly #said = new Map<number, string>();
  #changed = false;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(run: Run, progress: Progress) {
    this.#run = run;
    this.#progress = progress;
  }

  /** What is known of a node that others may wait for. Is it news. */
  say(id: number, message: string, { unsent = false }: Pick<Verdict, "unsent"> = {}): boolean {
    const known = this.#verdicts.get(id);
    if (known?.message === message) return false;
    this.#verdicts.set(id, { message, since: known?.since ?? this.#run.now(), unsent });
    this.#changed = true;
    return true;
  }

  begun(id: number): void {
    this.#begun.set(id, this.#run.now());
  }

  /** The server has it: what it waits for from now on is another thing. */
  accepted(id: number): void {
    this.#begun.delete(id);
    this.#forget(id);
  }

  arrived(id: number): void {
    this.#begun.delete(id);
    this.#forget(id);
    this.#end(id);
  }

  tell(): void {
    const now = this.#run.now();
    this.#endBegun();
    if (!this.#changed && this.#slowestBegun() > now - SLOW_MS) return;
    if (now - this.#toldAt < MOST_OFTEN_MS) return;
    this.#changed = false;
    this.#toldAt = now;
    for (const id of this.#progress.blocked) this.#tellOne(id);
    for (const id of this.#progress.waiting) this.#tellOne(id);
  }

  #forget(id: number): void {
    if (this.#verdicts.delete(id)) this.#changed = true;
  }

  #slowestBegun(): number {
    for (const at of this.#begun.values()) return at;
    return Number.POSITIVE_INFINITY;
  }

  #tellOne(id: number): void {
    const { ref, step, stage = "workloads" } = this.#progress.graph.nodes[id] ?? {};
    if (ref === undefined || (step?.action === "none" && this.#progress.stateOf(id) === "blocked")) return;
    const why = whyBlocked(this.#progress.graph, id, {
      stateOf: (other) => this.#progress.stateOf(other),
      isMet: (edge) => this.#progress.isMet(edge),
      verdictOf: (other) => this.#verdictOf(other),
    });
    if (why === undefined) this.#end(id);
    if (why === undefined || this.#said.get(id) === why.message) return;
    this.#said.set(id, why.message);
    this.#run.emit({ type: "waiting", ref, stage, ...why });
  }

  #verdictOf(id: number): Verdict | undefined {
    const since = this.#begun.get(id);
    const slow = since !== undefined && since <= this.#run.now() - SLOW_MS;
    return this.#verdicts.get(id) ?? (slow ? { message: "its request is under way", since } : undefined);
  }

  /** Of those that wait no more, since they have begun or will not. */
  #endBegun(): void {
    for (const id of this.#said.keys()) {
      const state = this.#progress.stateOf(id);
      if (state !== "blocked" && state !== "waiting") this.#end(id);
    }
  }

  #end(id: number): void {
    const ref = this.#progress.graph.nodes[id]?.ref;
    if (this.#said.delete(id) && ref !== undefined) this.#run.emit({ type: "arrived", ref });
  }
}
