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
  readonly settings: Pick<SyncSettings, "clusters" | "log" | "kept">;
  readonly inventoryNamespace: string;
  readonly stopping: AbortSignal;
  readonly onChange: () => void;
  /** Some application that this process works on is for this cluster. */
  readonly isNeeded: (cluster: string) => boolean;
  /** It is declared, and another process works on it. */
  readonly isOthers: (application: string) => boolean;
  /** Default 15,000: where replicas share the work, what is lost may be gained again, and at the start nothing is owned for a moment. */
  readonly letGoAfterMs?: number;
}

interface Following {
  readonly lease: ClusterLease;
  readonly ending: AbortController;
  /** What was known when it was let go of last. */
  readonly before: readonly KnownParent[] | undefined;
  isFollowed: boolean;
  /** Since when nobody here needs it, in milliseconds of the monotonic clock. */
  idleSince: number | undefined;
}

const CONFIG_MAP = { group: "", version: "v1", kind: "ConfigMap" } as const;
const AGAIN_MS = 10_000;
/** A fleet that is written changes many parents at once, and each judgement looks at all of them. */
const GATHERING_MS = 300;
const LET_GO_AFTER_MS = 15_000;

/**
 * Follows the parents of all applications in every cluster, also of those that nobody declares. Where that is not possible nothing is known, and nobody
 * leaves. A cluster in which there is none, and for which no application is, is looked at once and let go. Where replicas share the work, so is one for which this
 * process has none and in which all are declared; what was seen there is remembered, and it is looked at again as soon as one of these is declared no more.
 */
export class ParentsWatch {
  readonly #parts: ParentsWatchParts;
  readonly #following = new Map<string, Following>();
  /** Looked at, and what was there then. */
  readonly #letGo = new Map<string, readonly KnownParent[]>();
  readonly #ids: SetIds;
  readonly #unsubscribe: (() => void)[] = [];
  #started = false;
  #due: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;

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
    const following = this.#following.get(cluster);
    return this.#letGo.has(cluster) || following?.isFollowed === true || following?.before !== undefined;
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    const { clusters, kept } = this.#parts.settings;
    if (kept !== undefined) this.#unsubscribe.push(kept.onChange(() => this.settle()));
    this.#unsubscribe.push(
      clusters.onLive(({ object }, cluster) => {
        if (!this.#isParent(object)) return;
        if (this.#letGo.has(cluster)) this.#begin(cluster);
        this.#tellSoon();
      }),
      clusters.onChange((name) => this.#begin(name)),
    );
    for (const name of clusters.names()) this.#begin(name);
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    clearTimeout(this.#due);
    clearTimeout(this.#idle);
    for (const name of [...this.#following.keys()]) this.#end(name);
  }

  /** Of every cluster that is followed, or was. */
  known(): readonly KnownParent[] {
    const followed = [...this.#following].flatMap(([cluster, following]) => this.#knownIn(cluster, following));
    const parents = [...followed, ...[...this.#letGo.values()].flat()];
    this.#ids.trim(parents.length);
    return parents;
  }

  #knownIn(cluster: string, { isFollowed, lease, before = [] }: Following): readonly KnownParent[] {
    return isFollowed ? knownParents(lease.cluster, { cluster, ids: this.#ids }) : before;
  }

  /** These were declared until now. Where that is not watched they count as being there until it is looked at again: too many at once must be seen to be many. */
  undeclared(presumed: readonly KnownParent[]): void {
    for (const [cluster, known] of this.#letGo) {
      const names = new Set(known.map(({ application }) => application));
      const more = presumed.filter((one) => one.cluster === cluster && !names.has(one.application));
      if (more.length > 0 && this.#parts.settings.kept !== undefined) this.#letGo.set(cluster, [...known, ...more]);
    }
  }

  /** Of one that is reached in another way, or not declared any more, what was known is not. */
  #begin(name: string, before?: readonly KnownParent[]): void {
    const { clusters } = this.#parts.settings;
    this.#end(name);
    if (!clusters.names().includes(name)) {
      this.#tellSoon();
      return;
    }
    const following: Following = {
      ...{ lease: clusters.lease({ cluster: name }), ending: new AbortController() },
      ...{ before, isFollowed: false, idleSince: undefined },
    };
    this.#following.set(name, following);
    void this.#follow(name, following);
  }

  #end(name: string): void {
    this.#letGo.delete(name);
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

  /** Lets go of clusters in which there is nothing to be done here, and follows those in which there is by now. */
  settle(): void {
    const { clusters } = this.#parts.settings;
    for (const [cluster, known] of [...this.#letGo]) if (!this.#isIdle(cluster, known)) this.#begin(cluster, known);
    for (const [cluster, following] of [...this.#following]) {
      if (!following.isFollowed || cluster === clusters.home.name) continue;
      const known = this.#knownIn(cluster, following);
      if (!this.#isIdle(cluster, known)) following.idleSince = undefined;
      else if (this.#isLongEnough(following)) {
        this.#end(cluster);
        this.#letGo.set(cluster, known);
      }
    }
  }

  #isIdle(cluster: string, known: readonly KnownParent[]): boolean {
    const { settings, isNeeded, isOthers } = this.#parts;
    if (isNeeded(cluster)) return false;
    if (settings.kept === undefined) return known.length === 0;
    return known.every(({ application, asked }) => asked === undefined && isOthers(application));
  }

  #isLongEnough(following: Following): boolean {
    const { settings, letGoAfterMs = LET_GO_AFTER_MS } = this.#parts;
    if (settings.kept === undefined) return true;
    const now = performance.now();
    following.idleSince ??= now;
    if (now - following.idleSince >= letGoAfterMs) return true;
    this.#idle ??= setTimeout(() => {
      this.#idle = undefined;
      this.settle();
    }, letGoAfterMs).unref();
    return false;
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
