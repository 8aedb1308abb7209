import { askServer } from "../controlplane/index.ts";
import type { TestCluster } from "./test-cluster.ts";

export interface Asked {
  /** As for kubectl. */
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

interface Place {
  readonly api: string;
  readonly plural: string;
  readonly everywhere?: true;
}

const CORE = "/api/v1";
const PLACES: ReadonlyMap<string, Place> = new Map([
  ["clusterrole", { api: "/apis/rbac.authorization.k8s.io/v1", plural: "clusterroles", everywhere: true }],
  ["configmap", { api: CORE, plural: "configmaps" }],
  ["deployment", { api: "/apis/apps/v1", plural: "deployments" }],
  ["job", { api: "/apis/batch/v1", plural: "jobs" }],
  ["namespace", { api: CORE, plural: "namespaces", everywhere: true }],
  ["pod", { api: CORE, plural: "pods" }],
  ["secret", { api: CORE, plural: "secrets" }],
  ["service", { api: CORE, plural: "services" }],
  ["serviceaccount", { api: CORE, plural: "serviceaccounts" }],
]);

/**
 * One object as JSON, and "" where there is none: what `kubectl get KIND NAME --ignore-not-found -o json --show-managed-fields` prints, by one
 * request in place of a process, since tests ask again and again. undefined for a kind that has no line in the table. Errors: the server's.
 */
export async function readObject(cluster: TestCluster, { kind, name, namespace }: Asked): Promise<string | undefined> {
  const place = PLACES.get(kind.toLowerCase());
  if (place === undefined || name.includes("/")) return undefined;
  const within = place.everywhere === true ? "" : `/namespaces/${namespace}`;
  const path = `${place.api}${within}/${place.plural}/${name}`;
  const { status, body } = await ask(cluster, path);
  if (status === 404) return "";
  if (status !== 200) throw new Error(`${path}: ${status} ${body}`);
  return body;
}

async function ask(cluster: TestCluster, path: string): Promise<{ readonly status: number; readonly body: string }> {
  if (cluster.server.startsWith("https:")) return await askServer(cluster, path);
  const answer = await fetch(`${cluster.server}${path}`);
  return { status: answer.status, body: await answer.text() };
}
