/**
 * cluster: the only room that speaks to Kubernetes.
 *
 * It promises: every error is a PlumblineError with a code out of the server's status, reason and causes, and `where` names the
 * object; values of Secrets are in none of them. What is asked twice is kept: discovery and OpenAPI v3 by hash, looked at again
 * only when something is asked for that is not there, so that a kind defined a moment ago is found. `live` follows kinds by one
 * watch each and survives whatever happens to it: a server killed, a version forgotten, a line cut in the middle; what happened
 * meanwhile is found and told. A label that was taken off is told from a deletion by one GET.
 *
 * One server has a bulkhead: as many requests at once as connections, the others wait in order, and nobody longer than a request may
 * take. A write with a permit asks it in the very tick in which it leaves, and is not sent where that throws.
 *
 * It refuses: to decide anything (what to apply, what to prune, what differs), to keep anything on disk, and to retry what the
 * server refused. It asks again by itself in three cases only: a 401 with fresh credentials, a 429 after the time that the
 * server named, a kept connection that the server had closed.
 *
 * In: a kubeconfig (exec plugins, token files and in-cluster credentials included), a log, a counter of requests.
 * Out: Cluster and its LiveStore (types.ts). Connections are pooled, HTTP/1.1, those of watches apart from the rest;
 * close() ends them all.
 */
export {
  type ClusterKey,
  type ClusterLease,
  type Clusters,
  onlyCluster,
} from "./clusters.ts";
export { createCluster } from "./create-cluster.ts";
export { createClusters } from "./create-clusters.ts";
export type { ClusterFile } from "./declared-files.ts";
export type { KeptSets } from "./kept-sets.ts";
export type * from "./types.ts";
export { writingBy, writingUnder } from "./write-permit.ts";
