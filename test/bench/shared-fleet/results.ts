import type { Counts } from "../fleet/counters.ts";

/** What all replicas did in one span of time. */
export interface Span {
  readonly seconds: number;
  /** Passes, by what asked for them. */
  readonly passes: Counts;
  /** Requests to Kubernetes for the applications, by verb. */
  readonly kube: Counts;
  /** Requests for the Leases by which the replicas know of one another. */
  readonly leases: number;
  /** Requests to Git, by operation. */
  readonly git: Counts;
  /** Writes of objects and inventories that reached the server, by its audit log. */
  readonly writes: number;
  /** Objects that more than one replica wrote. */
  readonly writtenByTwo: number;
  /** Of all replicas. */
  readonly cpuSeconds: number;
}

/** Of one replica. Megabytes of 2^20 bytes. */
export interface Share {
  readonly applications: number;
  /** The highest that was resident until everything was Synced and settled. */
  readonly peakMiB: number;
  /** Resident after an idle interval. */
  readonly settledMiB: number;
  /** What lives then in V8's heap and beside it, after a collection: what falls with the division, without what V8 has not given back. */
  readonly livesMiB: number;
}

/** One fleet over that many replicas. */
export interface SharedResults {
  readonly replicas: number;
  readonly applications: number;
  readonly shares: readonly Share[];
  /** One process without applications, of the same program: what no division takes away. */
  readonly empty: Share;
  /** From the start of all processes until every application is Synced. */
  readonly first: Span;
  /** One interval with nothing to do. */
  readonly idle: Span;
  /** One commit to this many of the applications, told by one webhook, until each is Synced with it. */
  readonly commit: Span & { readonly touched: number };
  /** From the kill of one replica until every application is another's and Synced; undefined where there is but one. */
  readonly death: (Span & { readonly peakMiB: number }) | undefined;
}
