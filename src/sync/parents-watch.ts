import type { Cluster, ClusterLease } from "../cluster/index.ts";
import { sleep } from "../kit/sleep.ts";
import {
  APPLICATION_ANNOTATION,
  APPLYSET_ID_LABEL,
  DELETE_ANNOTATION,
  type LiveObject,
  toProblem,
} from "../model/index.ts";
import { scopeOf } from "../plan/index.ts";
import type { KnownParent } from "./departure.ts";
import { SetIds } from "./set-ids.ts";
import type { SyncSettings } from "./types.ts";

interface ParentsWatchParts {
  readonly settings: Pick<SyncSettings, "clusters" | "log">;
  readonly inventoryNamespace: string;
  readonly stopping: AbortSignal;
  readonly onChange: () => void;
  /** Some application is for this cluster. */
  readonly isNeeded: (cluster: string) => boolean;
}

interface Following {
  readonly lease: ClusterLease;
  readonly ending: AbortController;
  isFollowed: boolean;
}

const CONFIG_MAP = { group: "", version: "v1", kind: "ConfigMap" } as const;
const AGAIN_MS = 10_000;
/** A fleet that is written changes many parents at once, and each judgement looks at all of them. */
const GATHERING_MS = 300;

/**
 * Follows the parents of all applications in every cluster, also of those that nobody declares. Where that is not possible nothing is known, and nobody
 * leaves. A cluster in which there is none, and for which no application is, is looked at once and let go.
 */
export class ParentsWatch {
  readonly #parts: ParentsWatchParts;
  readonly #following = new Map<string, Following>();
  /** Looked at, and without any parent of ours then. */
  readonly #empty = new Set<string>();
  readonly #ids: SetIds;
  readonly #unsubscribe: (() => void)[] = [];
  #started = false;
  #due: NodeJS.Timeout | undefined;

  constructor(parts: ParentsWatchParts) {
    this.#parts = parts;
    this.#ids = new SetIds(parts.inventoryNamespace);
  }

  /** All clusters have said which parents they have. */
  get isFollowed(): boolean {
    const { clusters } = this.#parts.settings;
    return this.#started && clusters.names().every((name) => this.isFollowedIn(name));
  }

  isFollowedIn(cluster: string): boolean {
    return this.#empty.has(cluster) || this.#following.get(cluster)?.isFollowed === true;
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    const { clusters } = this.#parts.settings;
    this.#unsubscribe.push(
      clusters.onLive(({ object }, cluster) => {
        if (!this.#isParent(object)) return;
        if (this.#empty.has(cluster)) this.#begin(cluster);
        this.#tellSoon();
      }),
      clusters.onChange((name) => this.#begin(name)),
    );
    for (const name of clusters.names()) this.#begin(name);
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    clearTimeout(this.#due);
    for (const name of [...this.#following.keys()]) this.#end(name);
  }

  /** Of every cluster that is followed. */
  known(): readonly KnownParent[] {
    const parents = [...this.#following].flatMap(([cluster, { isFollowed, lease }]) =>
      isFollowed ? knownParents(lease.cluster, { cluster, ids: this.#ids }) : [],
    );
    this.#ids.trim(parents.length);
    return parents;
  }

  /** Of one that is declared anew, or not any more, what was known is not. */
  #begin(name: string): void {
    const { clusters } = this.#parts.settings;
    this.#end(name);
    if (!clusters.names().includes(name)) {
      this.#tellSoon();
      return;
    }
    const following = { lease: clusters.lease({ cluster: name }), ending: new AbortController(), isFollowed: false };
    this.#following.set(name, following);
    void this.#follow(name, following);
  }

  #end(name: string): void {
    this.#empty.delete(name);
    const following = this.#following.get(name);
    this.#following.delete(name);
    following?.ending.abort();
    following?.lease.release();
  }

  async #follow(name: string, following: Following): Promise<void> {
    const { stopping, onChange, settings } = this.#parts;
    const { cluster } = following.lease;
    const signal = AbortSignal.any([stopping, following.ending.signal]);
    while (!signal.aborted) {
      try {
        await followParents(cluster, this.#ids.inventoryNamespace, signal);
        following.isFollowed = true;
        this.settle();
        return onChange();
      } catch (error) {
        if (!signal.aborted)
          settings.log.debug({ ...toProblem(error), cluster: name }, "the inventories cannot be followed");
        await sleep(AGAIN_MS, signal).catch(() => {});
      }
    }
  }

  /** Lets go of clusters in which there is nothing of ours and for which nobody is, and follows those for which somebody is by now. */
  settle(): void {
    const { settings, isNeeded } = this.#parts;
    for (const name of [...this.#empty]) if (isNeeded(name)) this.#begin(name);
    for (const [cluster, { lease, isFollowed }] of [...this.#following]) {
      if (!isFollowed || cluster === settings.clusters.home.name || isNeeded(cluster)) continue;
      if (knownParents(lease.cluster, { cluster, ids: this.#ids }).length > 0) continue;
      this.#end(cluster);
      this.#empty.add(cluster);
    }
  }

  #tellSoon(): void {
    this.#due ??= setTimeout(() => {
      this.#due = undefined;
      this.settle();
      this.#parts.onChange();
    }, GATHERING_MS);
  }

  #isParent({ kind, metadata }: LiveObject): boolean {
    const { inventoryNamespace } = this.#parts;
    return (
      kind === CONFIG_MAP.kind &&
      metadata.namespace === inventoryNamespace &&
      APPLYSET_ID_LABEL in (metadata.labels ?? {})
    );
  }
}

/** Of all namespaces, so that strangers are told from parents; of our own, where no more may be listed. Errors: PL-KUBE-*. */
async function followParents(cluster: Cluster, namespace: string, signal: AbortSignal): Promise<void> {
  const configMaps = await cluster.resource(CONFIG_MAP, signal);
  try {
    await cluster.live.follow(configMaps, "parents", { signal });
  } catch (error) {
    if (toProblem(error).code !== "PL-KUBE-FORBIDDEN") throw error;
    await cluster.live.follow(configMaps, `parents in ${namespace}`, { signal });
  }
}

interface Place {
  /** Name of the cluster. */
  readonly cluster: string;
  readonly ids: SetIds;
}

/** The parents that are there, each of them the one of the application that it names. */
function knownParents({ live }: Pick<Cluster, "live">, { cluster, ids }: Place): KnownParent[] {
  return live.all(CONFIG_MAP).flatMap((parent) => {
    const { namespace, labels = {}, annotations = {}, deletionTimestamp } = parent.metadata;
    const application = annotations[APPLICATION_ANNOTATION];
    if (namespace !== ids.inventoryNamespace || application === undefined || deletionTimestamp !== undefined) return [];
    if (labels[APPLYSET_ID_LABEL] !== ids.of(application)) return [];
    const wish = annotations[DELETE_ANNOTATION];
    const asked = wish === "prune" || wish === "orphan" ? wish : undefined;
    return [{ application, cluster, declaration: scopeOf(parent).declaration, asked }];
  });
}
