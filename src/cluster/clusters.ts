import { nearest } from "../kit/nearest.ts";
import { type ClusterStatus, PlumblineError } from "../model/index.ts";
import { refusingCluster } from "./refusing-cluster.ts";
import type { Cluster, LiveChange } from "./types.ts";

/** Which client: of which cluster, and, where somebody is impersonated, as whom. */
export interface ClusterKey {
  /** Absent: home. */
  readonly cluster?: string | undefined;
  readonly serviceAccount?: { readonly namespace: string; readonly name: string };
}

/** A client that stays open until it is released; one that is asked for while nobody has it is made anew. */
export interface ClusterLease {
  readonly cluster: Cluster;
  release(): void;
}

/** The clusters there are. One who asks for a cluster that there is not gets one that refuses every question with the reason. */
export interface Clusters {
  /** The one that Plumbline itself belongs to: its Application objects are here. */
  readonly home: Cluster;
  /** Home first. */
  names(): readonly string[];
  lease(key: ClusterKey): ClusterLease;
  /** For somebody who only looks for a moment; who works for long takes a lease. */
  of(key: ClusterKey): Cluster;
  /** Live changes of all clients that are open. */
  onLive(listener: (change: LiveChange, cluster: string) => void): () => void;
  /** Called with the name of a cluster that came, went, or is reached in another way: who has a lease of it takes another one. */
  onChange(listener: (cluster: string) => void): () => void;
  /** Called with the name of a cluster that is away from now on, or answers again. */
  onTurn(listener: (cluster: string) => void): () => void;
  /** Home first. */
  statuses(): readonly Omit<ClusterStatus, "applications">[];
}

/** One cluster, and no other. */
export function onlyCluster(home: Cluster): Clusters {
  const of = ({ cluster = home.name, serviceAccount }: ClusterKey): Cluster => {
    if (cluster !== home.name) return refusingCluster(cluster, unknownCluster(cluster, [home.name]));
    return serviceAccount === undefined ? home : refusingCluster(cluster, nobodyElse());
  };
  return {
    home,
    names: () => [home.name],
    of,
    lease: (key) => ({ cluster: of(key), release: () => {} }),
    onLive: (listener) => home.live.onChange((change) => listener(change, home.name)),
    onChange: () => () => {},
    onTurn: () => () => {},
    statuses: () => [{ name: home.name, declaredBy: "the kubeconfig", warnings: [], ...home.state() }],
  };
}

/** Never home in its place: that may do more than who was meant. */
function nobodyElse(): PlumblineError {
  return new PlumblineError("PL-KUBE-CONFIG", { message: "there is one client here, which asks as nobody but itself" });
}

export function unknownCluster(name: string, known: readonly string[]): PlumblineError {
  const [near] = nearest(name, known);
  return new PlumblineError("PL-CLUSTER-UNKNOWN", {
    message: `the cluster ${name} is not served here; there ${known.length === 1 ? "is" : "are"} ${known.join(", ")}`,
    where: "spec.destination.cluster",
    ...(near === undefined ? {} : { next: `did you mean ${near}? Else declare the cluster (docs/spec/clusters.md)` }),
  });
}
