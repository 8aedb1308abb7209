import type { Problem, Ref } from "../model/index.ts";
import type { Edge, Graph, GraphNode } from "../plan/index.ts";

/** blocked: something before it is not far enough. applying: under way. waiting: the server has it, and others wait until it is through. */
export type NodeState = "blocked" | "applying" | "waiting" | "through" | "failed" | "skipped";

/** Why something failed, and what it failed on. late: the object itself was applied, and then did not get where others wait for it. */
export interface Fault {
  readonly problem: Problem;
  readonly ref?: Ref;
  readonly late?: boolean;
}

type Successors = { readonly [until in Edge["until"]]: number[] };

/** Where every node of a graph stands: three small sets, and what lets a node pass from one to the next. Knows no cluster and no clock. */
export class Progress {
  readonly graph: Graph;
  readonly blocked: Set<number>;
  readonly applying = new Set<number>();
  readonly waiting = new Set<number>();
  readonly #states: NodeState[];
  readonly #accepted: boolean[];
  readonly #faults: (Fault | undefined)[] = [];
  /** Edges that are not satisfied yet, by node. */
  readonly #open: number[];
  readonly #next: readonly Successors[];
  readonly #ready: number[] = [];
  /** How many of these were taken. */
  #taken = 0;
  readonly #onSkipped: (node: GraphNode, fault: Fault | undefined) => void;

  /** `onSkipped`: a node will never begin; without a fault where it was only there for a failure that did not come. */
  constructor(graph: Graph, onSkipped: (node: GraphNode, fault: Fault | undefined) => void) {
    const { nodes } = graph;
    this.graph = graph;
    this.#onSkipped = onSkipped;
    this.blocked = new Set(nodes.keys());
    this.#states = nodes.map(() => "blocked");
    this.#accepted = nodes.map(() => false);
    this.#open = nodes.map(({ after }) => after.length);
    this.#next = nodes.map(() => ({ accepted: [], through: [], settled: [] }));
    for (const { id, after } of nodes) for (const { node, until } of after) this.#next[node]?.[until].push(id);
    for (const { id, after } of nodes) if (after.length === 0) this.#ready.push(id);
  }

  get isOver(): boolean {
    return this.blocked.size + this.applying.size + this.waiting.size === 0;
  }

  get hasFaults(): boolean {
    return this.#faults.some((fault) => fault !== undefined);
  }

  stateOf(id: number): NodeState {
    return this.#states[id] ?? "skipped";
  }

  faultOf(id: number): Fault | undefined {
    return this.#faults[id];
  }

  isMet({ node, until }: Edge): boolean {
    const state = this.stateOf(node);
    if (until === "settled") return state === "through" || state === "failed" || state === "skipped";
    return state === "through" || (until === "accepted" && this.#accepted[node] === true);
  }

  /** Does somebody wait until it is through. */
  isAwaited(id: number): boolean {
    const next = this.#next[id];
    return next !== undefined && next.through.length + next.settled.length > 0;
  }

  /** The next node that may begin; it is applying from now on. */
  take(): GraphNode | undefined {
    while (this.#taken < this.#ready.length) {
      const id = this.#ready[this.#taken++] ?? -1;
      if (this.stateOf(id) !== "blocked") continue;
      this.#move(id, "applying");
      return this.graph.nodes[id];
    }
    return undefined;
  }

  accept(id: number): void {
    if (this.#accepted[id] === true) return;
    this.#accepted[id] = true;
    this.#move(id, "waiting");
    this.#satisfy(this.#next[id]?.accepted);
  }

  pass(id: number): void {
    this.accept(id);
    this.#move(id, "through");
    this.#satisfy(this.#next[id]?.through);
    this.#satisfy(this.#next[id]?.settled);
  }

  /** Whatever waits for it, and for that in turn, is skipped; all others go on. */
  fail(id: number, fault: Fault): void {
    this.#end(id, "failed", fault);
  }

  /** Nothing that has not begun will begin. */
  skipBlocked(fault: Fault): void {
    for (const id of [...this.blocked]) this.skip(id, fault);
  }

  skip(id: number, fault: Fault | undefined): void {
    if (this.stateOf(id) === "blocked" || this.stateOf(id) === "applying") this.#end(id, "skipped", fault);
  }

  #end(first: number, state: "failed" | "skipped", fault: Fault | undefined): void {
    const lost: [number, "failed" | "skipped"][] = [[first, state]];
    for (let one = lost.pop(); one !== undefined; one = lost.pop()) {
      const [id, ends] = one;
      if (ends === "skipped" && id !== first && this.stateOf(id) !== "blocked") continue;
      this.#faults[id] = fault;
      this.#move(id, ends);
      const node = this.graph.nodes[id];
      if (ends === "skipped" && node !== undefined) this.#onSkipped(node, fault);
      const { accepted = [], through = [], settled } = this.#next[id] ?? {};
      const behind = this.#accepted[id] === true ? through : [...accepted, ...through];
      for (const next of behind.toReversed()) lost.push([next, "skipped"]);
      this.#satisfy(settled);
    }
  }

  #satisfy(ids: readonly number[] = []): void {
    for (const id of ids) {
      const open = (this.#open[id] ?? 0) - 1;
      this.#open[id] = open;
      if (open === 0) this.#ready.push(id);
    }
  }

  #move(id: number, state: NodeState): void {
    this.#setOf(this.stateOf(id))?.delete(id);
    this.#states[id] = state;
    this.#setOf(state)?.add(id);
  }

  #setOf(state: NodeState): Set<number> | undefined {
    if (state === "blocked") return this.blocked;
    if (state === "applying") return this.applying;
    return state === "waiting" ? this.waiting : undefined;
  }
}
