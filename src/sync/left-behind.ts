import type { Cluster } from "../cluster/index.ts";
import { type LiveObject, PART_OF_LABEL, parseGroupKind, type Ref, toProblem } from "../model/index.ts";
import { applySetId, parentRef, scopeOf } from "../plan/index.ts";
import type { KnownParent } from "./departure.ts";
import type { Entries } from "./entries.ts";
import { leaseAs } from "./tenant-cluster.ts";
import type { SyncSettings } from "./types.ts";

interface LeftBehindParts {
  readonly settings: Pick<SyncSettings, "clusters" | "division" | "log">;
  readonly inventoryNamespace: string;
  readonly entries: Entries;
  /** Has an application look again. */
  readonly wake: (name: string) => void;
  readonly stopping: AbortSignal;
}

/** What an application has in a cluster that it is for no more. */
interface Left {
  readonly objects: number;
  /** As kubectl names them. */
  readonly kinds: readonly string[];
}

const AGAIN_MS = 60_000;
/** So it begins wherever it is told: a newer one takes the place of those before. */
const BEGINNING = "left behind in cluster ";

/**
 * Looks after objects in clusters that their application is for no more, since its destination.cluster has changed. Nothing is deleted there: a name that was spelt otherwise
 * for a moment would delete a production. They are counted once, when their parent is first seen there, and told in the status with what removes them.
 */
export class LeftBehind {
  readonly #parts: LeftBehindParts;
  /** By application and cluster. */
  readonly #known = new Map<string, string | undefined>();
  #counting: Promise<void> = Promise.resolve();

  constructor(parts: LeftBehindParts) {
    this.#parts = parts;
  }

  /** All parents that there are. */
  look(parents: readonly KnownParent[]): void {
    const { entries, settings } = this.#parts;
    if (settings.clusters.names().length === 1 && this.#known.size === 0) return;
    const found = new Map<string, KnownParent>(
      parents.flatMap((one) => {
        const { application: name, cluster } = one;
        const entry = entries.get(name);
        const isLeft = entry !== undefined && entries.clusterOf(entry.application) !== cluster;
        return isLeft && (settings.division?.owns(name) ?? true) ? [[`${name} ${cluster}`, one] as const] : [];
      }),
    );
    const over = [...this.#known.keys()].filter((key) => !found.has(key));
    for (const key of over) this.#known.delete(key);
    for (const name of new Set(over.map(applicationOf))) this.#tell(name);
    for (const [key, parent] of found) {
      if (this.#known.has(key)) continue;
      this.#known.set(key, undefined);
      this.#countSoon(key, parent);
    }
  }

  /** One after another: a cluster that goes away leaves many at once. */
  #countSoon(key: string, parent: KnownParent): void {
    this.#counting = this.#counting.then(() => this.#count(key, parent));
  }

  async #count(key: string, parent: KnownParent): Promise<void> {
    const { stopping, settings } = this.#parts;
    if (stopping.aborted || !this.#known.has(key)) return;
    try {
      const sentence = await this.#sentence(parent);
      if (!this.#known.has(key)) return;
      this.#known.set(key, sentence);
      this.#tell(parent.application);
    } catch (error) {
      if (stopping.aborted) return;
      const at = { application: parent.application, cluster: parent.cluster, ...toProblem(error) };
      settings.log.debug(at, "what an application has left in a cluster cannot be counted; it is tried again");
      setTimeout(() => this.#countSoon(key, parent), AGAIN_MS).unref();
    }
  }

  /** Undefined where nothing is left: the two are names of one server. */
  async #sentence({ application: name, cluster, declaration }: KnownParent): Promise<string | undefined> {
    const { settings, inventoryNamespace, entries, stopping: signal } = this.#parts;
    const entry = entries.get(name);
    if (entry === undefined) return undefined;
    const ref = parentRef(name, inventoryNamespace);
    const here = settings.clusters.lease({ cluster: entries.clusterOf(entry.application) });
    const there = leaseAs(settings.clusters, { cluster, serviceAccount: declaration?.serviceAccount, parent: ref });
    try {
      const [own, left] = await Promise.all([here.cluster.get(ref, signal), there.cluster.get(ref, signal)]);
      if (left === undefined || left.metadata.uid === own?.metadata.uid) return undefined;
      const id = applySetId(name, inventoryNamespace);
      return sentenceOf(await leftOf(there.cluster, { parent: left, id, signal }), { cluster, id, ref });
    } finally {
      here.release();
      there.release();
    }
  }

  #tell(name: string): void {
    const { entries, wake } = this.#parts;
    const entry = entries.get(name);
    if (entry === undefined) return;
    const all = [...this.#known].filter(([key]) => applicationOf(key) === name).flatMap(([, one]) => one ?? []);
    if (all.length === 0 && entry.leftBehind.length === 0) return;
    entry.leftBehind = all;
    wake(name);
  }
}

/** The warnings of a status with what is left behind now, in place of what was told before. */
export function withLeftBehind(warnings: readonly string[], left: readonly string[]): readonly string[] {
  return [...warnings.filter((one) => !one.startsWith(BEGINNING)), ...left];
}

function applicationOf(key: string): string {
  return key.slice(0, key.indexOf(" "));
}

interface Counting {
  readonly parent: LiveObject;
  readonly id: string;
  readonly signal: AbortSignal;
}

async function leftOf(cluster: Cluster, { parent, id, signal }: Counting): Promise<Left> {
  const { groupKinds, namespaces, declaration } = scopeOf(parent);
  const labelSelector = `${PART_OF_LABEL}=${id}`;
  const kinds: string[] = [];
  let objects = 0;
  for (const key of groupKinds) {
    const resource = await cluster.preferred(parseGroupKind(key), signal);
    if (resource === undefined) continue;
    const isBound = declaration?.serviceAccount !== undefined && resource.namespaced;
    const places = isBound ? namespaces.map((namespace) => ({ namespace })) : [{}];
    const before = objects;
    for (const place of places)
      for await (const _ of cluster.list(resource, { ...place, labelSelector, metadataOnly: true, signal })) objects++;
    if (objects > before) kinds.push(resource.group === "" ? resource.plural : `${resource.plural}.${resource.group}`);
  }
  return { objects, kinds };
}

interface Place {
  readonly cluster: string;
  readonly id: string;
  readonly ref: Ref;
}

function sentenceOf({ objects, kinds }: Left, { cluster, id, ref }: Place): string {
  const inventory = `kubectl delete configmap ${ref.name} -n ${ref.namespace ?? ""}`;
  const members = `kubectl delete ${kinds.join(",")} --all-namespaces -l ${PART_OF_LABEL}=${id}`;
  const what = objects === 0 ? "its inventory, and no object" : `${objects} ${objects === 1 ? "object" : "objects"}`;
  const how = objects === 0 ? inventory : `${members} && ${inventory}`;
  return `${BEGINNING}${cluster}, where it was before: ${what}. Nobody heals that, and nothing deletes it before the application itself ends; to remove it now, in that cluster: ${how}`;
}
