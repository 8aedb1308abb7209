import { type Application, type ApplicationStatus, applicationName } from "../../src/model/index.ts";
import { range } from "../bench/fleet/figures.ts";
import { application } from "../sync/applications.ts";
import { ApiServer } from "./api-server.ts";
import { SimulatedClock, turn } from "./clock.ts";
import { type Costs, SimulatedMember, SimulatedReplica } from "./replica.ts";
import { SimulatedRepositories } from "./repositories.ts";
import { type Span, Tally } from "./tally.ts";
import type { SimulatedCluster } from "./way.ts";

export interface FleetSize {
  readonly applications: number;
  readonly clusters: number;
  readonly replicas: number;
  /** How many of the replicas do their work here. The others only divide it with them. */
  readonly loops: number;
  /** Beside the one that has half of the applications. */
  readonly repositories: number;
  readonly interval: string;
}

interface Seen {
  readonly by: string;
  readonly sync: string;
  readonly revision: string | undefined;
}

export const MONOREPO = "https://git.example/all.git";
/** Read as a file is, once. */
const MODEL = application("app", [], { source: { repo: MONOREPO, ref: "main", path: "apps" } });
const STEP_MS = 250;
const LONGEST_MS = 3_600_000;

/** So many applications over so many clusters, worked on by so many replicas, on one clock. */
export class Fleet {
  readonly clock = new SimulatedClock();
  readonly tally: Tally;
  readonly clusters: readonly SimulatedCluster[];
  readonly repositories = new SimulatedRepositories();
  readonly applications: readonly Application[];
  readonly replicas = new Map<string, SimulatedMember>();
  readonly seen = new Map<string, Seen>();
  #onSeen: (name: string, seen: Seen) => void = () => {};

  /** Takes over the clocks and timers of this process. */
  constructor(size: FleetSize, costs: Costs) {
    this.clock.install();
    this.tally = new Tally(this.clock);
    this.clusters = range(size.clusters).map((i) => ({ name: `cluster-${i}`, server: new ApiServer(), isAway: false }));
    this.applications = range(size.applications).map((i) => this.#application(i, size));
    const { clock, clusters, repositories, tally, replicas } = this;
    for (const i of range(size.replicas)) {
      const id = `replica-${i}`;
      const parts = { id, clock, clusters, repositories, costs, tally, others: replicas };
      const replica = i < size.loops ? new SimulatedReplica(parts) : new SimulatedMember(parts);
      if (replica instanceof SimulatedReplica) replica.report.onChange((name, status) => this.#note(id, name, status));
      replicas.set(id, replica);
    }
  }

  get alive(): readonly SimulatedMember[] {
    return [...this.replicas.values()].filter(({ isAlive }) => isAlive);
  }

  get working(): readonly SimulatedReplica[] {
    return this.alive.filter((one) => one instanceof SimulatedReplica);
  }

  /** The applications that one of those that work here has. */
  owned(among = this.applications): readonly Application[] {
    return among.filter((one) => this.working.some(({ replicas }) => replicas.owns(applicationName(one))));
  }

  /** How many applications are at this, as the replica that works on each says. */
  count(fits: (seen: Seen) => boolean): number {
    return [...this.seen.values()].filter(fits).length;
  }

  /** Lets time pass until it is so. */
  async until(what: string, isSo: () => boolean): Promise<void> {
    for (const end = this.clock.now + LONGEST_MS; !isSo(); await this.clock.pass(STEP_MS))
      if (this.clock.now > end) throw new Error(`an hour has passed without ${what}`);
  }

  async spanOf(work: () => Promise<unknown>): Promise<Span> {
    const busy = new Map([...this.replicas.values()].map((one) => [one, one.processor.busyMs]));
    this.tally.begin();
    await work();
    const counted = this.tally.end();
    const used = [...busy].map(([{ processor }, before]) => processor.busyMs - before);
    const cpuSeconds = used.reduce((sum, ms) => sum + ms, 0) / 1000;
    return { ...counted, cpuSeconds, busiestProcessor: Math.max(...used) / 1000 / counted.seconds };
  }

  /** One commit and its webhook; gives the milliseconds after which each of these was Synced with it. */
  async commit(repo: string, applications: readonly Application[]): Promise<readonly number[]> {
    await this.until("somebody's tenure of these", () => this.owned(applications).length > 0);
    const paths = applications.map(({ spec }) => spec.source.path);
    const revision = String(this.repositories.commit(repo, paths));
    const begin = this.clock.now;
    const open = new Set(this.owned(applications).map(applicationName));
    const took: number[] = [];
    this.#onSeen = (name, seen) => {
      if (seen.revision !== revision || seen.sync !== "Synced" || !open.delete(name)) return;
      took.push(this.clock.now - begin);
    };
    for (const { sync } of this.working) sync.delivered({ urls: [repo] });
    await this.until(`the commit in ${applications.length} applications`, () => open.size === 0);
    this.#onSeen = () => {};
    return took.toSorted((a, b) => a - b);
  }

  /** What lives in this process, in bytes. */
  async lives(): Promise<number> {
    await turn();
    for (let i = 0; i < 3; i++) globalThis.gc?.();
    return process.memoryUsage().heapUsed;
  }

  #note(by: string, name: string, status: ApplicationStatus | undefined): void {
    if (this.replicas.get(by)?.isAlive !== true) return;
    if (status === undefined) {
      if (this.seen.get(name)?.by === by) this.seen.delete(name);
      return;
    }
    const seen = { by, sync: status.sync.status, revision: status.source.revision };
    this.seen.set(name, seen);
    this.#onSeen(name, seen);
  }

  /** The first half is in one repository, the others in many; clusters have the same number of either. */
  #application(i: number, { applications, clusters, repositories, interval }: FleetSize): Application {
    const repo = i < applications / 2 ? MONOREPO : `https://git.example/team-${i % repositories}.git`;
    const cluster = this.clusters[i % clusters]?.name ?? "";
    const { spec, metadata, ...rest } = MODEL;
    return {
      ...rest,
      metadata: { ...metadata, name: `app-${i}` },
      spec: {
        ...spec,
        source: { ...spec.source, repo, path: `apps/app-${i}` },
        destination: { ...spec.destination, cluster, namespace: `team-${i % 100}` },
        sync: { ...spec.sync, interval },
      },
    };
  }
}
