import type { KubernetesCluster } from "../../src/cluster/create-cluster.ts";
import type { Application } from "../../src/model/index.ts";
import { SILENT } from "../../src/model/index.ts";
import { createRenderer } from "../../src/render/index.ts";
import { createReplicas, LeaseBoard, type Replicas } from "../../src/replicas/index.ts";
import { createMetrics, createReportStore, type ReportStore } from "../../src/report/index.ts";
import { createSync, type Neighbour, type Sync } from "../../src/sync/index.ts";
import type { SimulatedClock } from "./clock.ts";
import { SimulatedClusters } from "./clusters.ts";
import { type SimulatedRepositories, sourceOf } from "./repositories.ts";
import type { Tally } from "./tally.ts";
import { clientOf, Processor, type SimulatedCluster, type WayOptions } from "./way.ts";

/** What things take, in milliseconds. */
export interface Costs {
  /** Of a replica's processor: a request to Kubernetes, a pass beside its requests, a look at a tree that a commit did not touch. */
  readonly requestMs: number;
  readonly passMs: number;
  readonly lookMs: number;
  /** Of time: until an API server answers, and until Git does. */
  readonly answerMs: number;
  readonly gitMs: number;
}

export interface ReplicaParts {
  readonly id: string;
  readonly clock: SimulatedClock;
  readonly clusters: readonly SimulatedCluster[];
  readonly repositories: SimulatedRepositories;
  readonly costs: Costs;
  readonly tally: Tally;
  readonly others: ReadonlyMap<string, SimulatedMember>;
}

const NAMESPACE = "plumbline-system";

/** One process as the others see it: its sign of life. */
export class SimulatedMember {
  readonly id: string;
  readonly processor: Processor;
  readonly replicas: Replicas;
  isAlive = true;
  protected readonly open: (name: string, by: Asking) => KubernetesCluster;

  constructor({ id, clock, clusters, costs, tally }: ReplicaParts) {
    this.id = id;
    const processor = new Processor(clock);
    this.processor = processor;
    const byName = new Map(clusters.map((one) => [one.name, one]));
    this.open = (name, asking) => {
      const cluster = byName.get(name);
      if (cluster === undefined) throw new Error(`there is no cluster ${name}`);
      return clientOf({ clock, processor, cluster, isHome: cluster === clusters[0], ...costs, ...asking });
    };
    const home = this.open(clusters[0]?.name ?? "", {
      onTurn: () => {},
      onRequest: () => tally.lease(),
      processor: processor.soon,
    });
    const board = new LeaseBoard({ cluster: home, namespace: NAMESPACE, wall: Date.now });
    this.replicas = createReplicas({ self: { id, url: `http://${id}:8080` }, board, log: SILENT });
  }

  async start(_applications: readonly Application[]): Promise<void> {
    this.replicas.start();
  }

  /** Nothing of it goes on, and nobody is told. */
  die(): void {
    this.isAlive = false;
    this.processor.die();
  }
}

type Asking = Pick<WayOptions, "onTurn" | "onRequest"> & Partial<Pick<WayOptions, "processor">>;

/** The whole of one process: the product's own loop, division, clients, line and report, on a simulated clock, processor, wire and Git. */
export class SimulatedReplica extends SimulatedMember {
  readonly clusters: SimulatedClusters;
  readonly report: ReportStore;
  readonly sync: Sync;

  constructor(parts: ReplicaParts) {
    super(parts);
    const { id, clock, clusters, repositories, costs, tally, others } = parts;
    const { processor } = this;
    this.clusters = new SimulatedClusters(
      clusters.map(({ name }) => name),
      (name, onTurn) =>
        this.open(name, { onTurn, onRequest: ({ verb }) => tally.kube({ replica: id, cluster: name, verb }) }),
    );
    this.report = createReportStore({ now: Date.now });
    const metrics = createMetrics({ version: "0", report: this.report });
    this.sync = createSync({
      clusters: this.clusters,
      source: sourceOf({
        ...{ clock, processor, repositories, ...costs },
        onRequest: (_, operation) => (operation === "question" ? tally.question() : tally.git(operation)),
        ownerOf: (repo) => {
          const { id: owner } = this.replicas.ownerOf(`repository ${repo}`);
          return owner === id ? undefined : owner;
        },
      }),
      // Plain files need no engine.
      renderer: createRenderer({ engine: undefined as never }),
      report: this.report,
      metrics: {
        ...metrics,
        passEnded: ({ trigger }) => tally.pass(trigger),
        queueDepth: (waiting) => tally.depth(waiting),
        contentType: metrics.contentType,
      },
      log: SILENT,
      inventoryNamespace: NAMESPACE,
      division: this.replicas,
      neighbours: {
        of: (name) => {
          const { id: owner } = this.replicas.ownerOf(name);
          return owner === id ? undefined : { id: owner, neighbour: neighbourAt(others.get(owner)) };
        },
      },
      now: Date.now,
    });
  }

  override async start(applications: readonly Application[]): Promise<void> {
    this.sync.setApplications(applications);
    await this.sync.start();
    await super.start(applications);
  }

  override die(): void {
    super.die();
    this.clusters.close();
  }
}

/** Of one whose loop is not simulated nothing is known, as of one that is dead. */
function neighbourAt(other: SimulatedMember | undefined): Neighbour {
  const asked = (): Neighbour => {
    if (other instanceof SimulatedReplica && other.isAlive) return other.sync.neighbour;
    throw new Error(`${other?.id} does not answer`);
  };
  return {
    lack: async (name) => await asked().lack(name),
    heldBack: async (question) => await asked().heldBack(question),
    letGo: async (question) => await asked().letGo(question),
  };
}
