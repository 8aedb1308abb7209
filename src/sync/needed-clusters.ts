import type { ClusterLease, Clusters } from "../cluster/index.ts";
import type { ClusterStatus, Problem } from "../model/index.ts";
import { ClusterPlaces } from "./cluster-places.ts";
import type { Entries } from "./entries.ts";
import type { SyncSettings } from "./types.ts";

interface NeededClustersParts {
  readonly settings: Pick<SyncSettings, "clusters" | "concurrency" | "kept">;
  readonly entries: Entries;
  /** Something about the way to its cluster is new. */
  readonly wake: (application: string) => void;
}

/** Keeps the client of every cluster that an application which this process works on is for, from the first of them to the last. */
export class NeededClusters {
  readonly places: ClusterPlaces;
  readonly #parts: NeededClustersParts;
  readonly #clusters: Clusters;
  readonly #leases = new Map<string, ClusterLease>();
  readonly #unsubscribe: readonly (() => void)[];

  constructor(parts: NeededClustersParts) {
    this.#parts = parts;
    const { clusters, concurrency = 64, kept } = parts.settings;
    this.#clusters = clusters;
    this.places = new ClusterPlaces({ clusters, concurrency });
    this.#unsubscribe = [
      clusters.onChange((name) => this.#changed(name)),
      clusters.onTurn((name) => this.#wakeAll(name)),
      ...(kept === undefined ? [] : [kept.onChange(() => this.look())]),
    ];
  }

  /** After another set of applications. */
  look(): void {
    const clusters = this.#clusters;
    const { entries } = this.#parts;
    const needed = new Set(Iterator.from(entries.own()).map(([, { application }]) => entries.clusterOf(application)));
    needed.delete(clusters.home.name);
    for (const name of needed) if (!this.#leases.has(name)) this.#leases.set(name, clusters.lease({ cluster: name }));
    for (const [name, lease] of [...this.#leases]) {
      if (needed.has(name)) continue;
      this.#leases.delete(name);
      lease.release();
    }
  }

  statuses(): readonly ClusterStatus[] {
    const counts = this.#counts();
    return this.#clusters.statuses().map((one) => ({ ...one, applications: counts.get(one.name) ?? 0 }));
  }

  /** What is wrong at home, and which others are away or refused. */
  problems(): readonly Problem[] {
    const [, ...others] = this.#clusters.statuses();
    const home = this.#clusters.home.live.broken().map(({ problem }) => problem);
    return [...home, ...others.flatMap(({ problem }) => problem ?? [])];
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    for (const lease of this.#leases.values()) lease.release();
    this.#leases.clear();
  }

  /** What was known of its objects may be about another server. */
  #changed(name: string): void {
    const { entries } = this.#parts;
    const before = this.#leases.get(name);
    if (before !== undefined) this.#leases.set(name, this.#clusters.lease({ cluster: name }));
    before?.release();
    for (const [, entry] of entries.own())
      if (entries.clusterOf(entry.application) === name) entry.memory = entry.memory.elsewhere();
    this.#wakeAll(name);
  }

  #wakeAll(cluster: string): void {
    const { entries, wake } = this.#parts;
    for (const [name, { application }] of entries.all) if (entries.clusterOf(application) === cluster) wake(name);
  }

  #counts(): Map<string, number> {
    const { entries } = this.#parts;
    const counts = new Map<string, number>();
    for (const { application } of entries.all.values()) {
      const name = entries.clusterOf(application);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return counts;
  }
}
