import type { Clusters } from "../cluster/index.ts";
import type { Ended } from "./judge-endings.ts";

interface Seeing {
  readonly clusters: Pick<Clusters, "home" | "names">;
  /** All inventories of this cluster are known. */
  readonly isSeen: (cluster: string) => boolean;
}

/** Of declarations of many of which nothing is seen any more. */
export interface FleetEnds {
  /** Names of those that have ended. */
  readonly over: readonly string[];
  /** Why others wait, by name, in a sentence. */
  readonly held: ReadonlyMap<string, string>;
}

/** One whose applications are for a cluster that nobody can look into waits for that cluster, and for no other; of one that is not declared any more nobody waits. */
export function fleetEnds(ended: readonly Ended[], { clusters, isSeen }: Seeing): FleetEnds {
  const home = clusters.home.name;
  const over: string[] = [];
  const held = new Map<string, string>();
  for (const { name, clusters: own = clusters.names() } of ended) {
    const meant = new Set([home, ...own.map((cluster = home) => cluster)]);
    const unseen = clusters.names().filter((cluster) => meant.has(cluster) && !isSeen(cluster));
    if (unseen.length === 0) over.push(name);
    else held.set(name, unseenSentence(unseen));
  }
  return { over, held };
}

function unseenSentence(clusters: readonly string[]): string {
  const they = clusters.length === 1 ? "that cluster cannot" : "these clusters cannot";
  return `what is left in ${clusters.join(", ")} is not known: ${they} be looked into now (plumb get clusters says why)`;
}
