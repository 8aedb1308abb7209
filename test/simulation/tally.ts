import type { SimulatedClock } from "./clock.ts";

/** What all replicas did in one span of time. */
export interface Span {
  readonly seconds: number;
  readonly passes: Readonly<Record<string, number>>;
  readonly kube: Readonly<Record<string, number>>;
  readonly git: Readonly<Record<string, number>>;
  readonly leases: number;
  /** Of one replica to another, about repositories. */
  readonly questions: number;
  /** Most requests that one cluster had in one second, and one replica sent. */
  readonly busiestCluster: number;
  readonly busiestReplica: number;
  /** Most applications that waited in one replica at once. */
  readonly deepest: number;
  /** Of all processors, in seconds; of the one that was used most, its share. */
  readonly cpuSeconds: number;
  readonly busiestProcessor: number;
}

type Counts = Record<string, number>;

/** Counts what happens. */
export class Tally {
  readonly #clock: SimulatedClock;
  #since = 0;
  #passes: Counts = {};
  #kube: Counts = {};
  #git: Counts = {};
  #leases = 0;
  #questions = 0;
  #deepest = 0;
  #busiest = { cluster: 0, replica: 0 };
  #second = 0;
  readonly #inSecond = new Map<string, number>();

  constructor(clock: SimulatedClock) {
    this.#clock = clock;
    this.begin();
  }

  begin(): void {
    this.#since = this.#clock.now;
    [this.#passes, this.#kube, this.#git] = [{}, {}, {}];
    [this.#leases, this.#questions, this.#deepest] = [0, 0, 0];
    this.#busiest = { cluster: 0, replica: 0 };
  }

  pass(trigger: string): void {
    this.#passes[trigger] = (this.#passes[trigger] ?? 0) + 1;
  }

  depth(waiting: number): void {
    this.#deepest = Math.max(this.#deepest, waiting);
  }

  kube({
    replica,
    cluster,
    verb,
  }: {
    readonly replica: string;
    readonly cluster: string;
    readonly verb: string;
  }): void {
    this.#kube[verb] = (this.#kube[verb] ?? 0) + 1;
    const second = Math.floor(this.#clock.now / 1000);
    if (second !== this.#second) this.#inSecond.clear();
    this.#second = second;
    this.#busiest = {
      cluster: Math.max(this.#busiest.cluster, this.#oneMore(`cluster ${cluster}`)),
      replica: Math.max(this.#busiest.replica, this.#oneMore(`replica ${replica}`)),
    };
  }

  git(operation: string): void {
    this.#git[operation] = (this.#git[operation] ?? 0) + 1;
  }

  question(): void {
    this.#questions++;
  }

  lease(): void {
    this.#leases++;
  }

  end(): Omit<Span, "cpuSeconds" | "busiestProcessor"> {
    return {
      seconds: (this.#clock.now - this.#since) / 1000,
      ...{ passes: { ...this.#passes }, kube: { ...this.#kube }, git: { ...this.#git }, leases: this.#leases },
      questions: this.#questions,
      ...{ busiestCluster: this.#busiest.cluster, busiestReplica: this.#busiest.replica, deepest: this.#deepest },
    };
  }

  #oneMore(key: string): number {
    const count = (this.#inSecond.get(key) ?? 0) + 1;
    this.#inSecond.set(key, count);
    return count;
  }
}
