import type { ClusterKey, ClusterLease, Clusters } from "../../src/cluster/index.ts";
import type { Cluster, LiveChange } from "../../src/cluster/types.ts";
import type { ClusterStatus } from "../../src/model/index.ts";

interface Client {
  readonly cluster: Cluster;
  leases: number;
}

/** The clients of one replica: of a cluster one, from its first lease to its last. */
export class SimulatedClusters implements Clusters {
  readonly home: Cluster;
  readonly #names: readonly string[];
  readonly #open: (name: string, onTurn: () => void) => Cluster;
  readonly #clients = new Map<string, Client>();
  readonly #live = new Set<(change: LiveChange, cluster: string) => void>();
  readonly #turned = new Set<(cluster: string) => void>();

  /** The first of the names is home. */
  constructor(names: readonly string[], open: (name: string, onTurn: () => void) => Cluster) {
    this.#names = names;
    this.#open = open;
    this.home = this.#client(names[0] ?? "").cluster;
  }

  /** Clients that are open. */
  get size(): number {
    return this.#clients.size;
  }

  get watches(): number {
    return [...this.#clients.values()].reduce((sum, { cluster }) => sum + cluster.state().watches, 0);
  }

  names(): readonly string[] {
    return this.#names;
  }

  of({ cluster = this.home.name }: ClusterKey): Cluster {
    return this.#client(cluster).cluster;
  }

  lease({ cluster: name = this.home.name }: ClusterKey): ClusterLease {
    const client = this.#client(name);
    client.leases++;
    let isReleased = false;
    const release = (): void => {
      if (isReleased) return;
      isReleased = true;
      client.leases--;
      if (client.leases > 0 || client.cluster === this.home) return;
      this.#clients.delete(name);
      void client.cluster.close();
    };
    return { cluster: client.cluster, release };
  }

  onLive(listener: (change: LiveChange, cluster: string) => void): () => void {
    this.#live.add(listener);
    return () => this.#live.delete(listener);
  }

  onChange(): () => void {
    return () => {};
  }

  onTurn(listener: (cluster: string) => void): () => void {
    this.#turned.add(listener);
    return () => this.#turned.delete(listener);
  }

  statuses(): readonly Omit<ClusterStatus, "applications">[] {
    return [...this.#clients].map(([name, { cluster }]) => ({
      ...{ name, declaredBy: "the simulation", warnings: [] },
      ...cluster.state(),
    }));
  }

  close(): void {
    for (const { cluster } of this.#clients.values()) void cluster.close();
    this.#clients.clear();
  }

  #client(name: string): Client {
    const known = this.#clients.get(name);
    if (known !== undefined) return known;
    const cluster = this.#open(name, () => {
      for (const listener of this.#turned) listener(name);
    });
    cluster.live.onChange((change) => {
      for (const listener of this.#live) listener(change, name);
    });
    const client = { cluster, leases: 0 };
    this.#clients.set(name, client);
    return client;
  }
}
