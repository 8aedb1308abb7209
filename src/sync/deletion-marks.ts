import type { Clusters } from "../cluster/index.ts";
import { DELETE_ANNOTATION, INSTRUCTIONS_MANAGER } from "../model/index.ts";
import { parentRef } from "../plan/index.ts";
import type { Division } from "../replicas/index.ts";
import type { ParentsWatch } from "./parents-watch.ts";
import { writeRightOf } from "./write-right.ts";

interface Inventories {
  readonly division?: Division | undefined;
  readonly clusters: Clusters;
  readonly inventoryNamespace: string;
}

/** Name of the cluster in which an application has its parent. Errors: PL-KUBE-*, PL-CLUSTER-*, of one that has to be asked and cannot. */
export async function clusterWithParent(
  name: string,
  { clusters, inventoryNamespace, parents }: Inventories & { readonly parents: ParentsWatch },
): Promise<string | undefined> {
  const known = parents.known().find(({ application }) => application === name);
  if (known !== undefined) return known.cluster;
  const home = clusters.home.name;
  for (const cluster of clusters.names().filter((one) => one === home || !parents.isFollowedIn(one))) {
    const lease = clusters.lease({ cluster });
    try {
      if ((await lease.cluster.get(parentRef(name, inventoryNamespace))) !== undefined) return cluster;
    } finally {
      lease.release();
    }
  }
  return undefined;
}

interface Mark {
  readonly name: string;
  /** Name of the one with its parent. */
  readonly cluster: string;
  /** null: it is wanted again. */
  readonly how: "prune" | "orphan" | null;
}

/** What a person wishes stands on the parent. Errors: PL-KUBE-*. */
export async function markForDeletion(
  { name, cluster, how }: Mark,
  { clusters, inventoryNamespace, division }: Inventories,
): Promise<void> {
  const body = { metadata: { annotations: { [DELETE_ANNOTATION]: how } } };
  const lease = clusters.lease({ cluster });
  try {
    const right = writeRightOf(division, name);
    await right.on(lease.cluster).patch(parentRef(name, inventoryNamespace), body, { manager: INSTRUCTIONS_MANAGER });
  } finally {
    lease.release();
  }
}
