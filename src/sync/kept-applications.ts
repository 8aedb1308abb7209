import type { KeptSets } from "../cluster/index.ts";
import {
  APPLICATION_ANNOTATION,
  APPLYSET_ID_LABEL,
  DECLARED_BY_ANNOTATION,
  DELETE_ANNOTATION,
  DELETION_ANNOTATION,
  type LiveObject,
  PROJECT_ANNOTATION,
  SERVICE_ACCOUNT_ANNOTATION,
} from "../model/index.ts";
import { applySetId } from "../plan/index.ts";

/** The ApplySets of the applications that this process works on, where it shares them with others: of these alone it keeps what is in the clusters. */
export class KeptApplications implements KeptSets {
  readonly #inventoryNamespace: string;
  /** Ids by name. */
  readonly #idOf = new Map<string, string>();
  readonly #ids = new Set<string>();
  readonly #listeners = new Set<(applySetIds: readonly string[]) => void>();
  readonly #changed = new Set<() => void>();
  #telling: NodeJS.Immediate | undefined;

  constructor(inventoryNamespace: string) {
    this.#inventoryNamespace = inventoryNamespace;
  }

  has(applySetId: string): boolean {
    return this.#ids.has(applySetId);
  }

  ids(): Iterable<string> {
    return this.#ids;
  }

  names(): Iterable<string> {
    return this.#idOf.keys();
  }

  /** What is in the cluster of this application is kept. */
  keeps(name: string): boolean {
    return this.#idOf.has(name);
  }

  /** Called soon after some were kept or lost, once for many. */
  onChange(listener: () => void): () => void {
    this.#changed.add(listener);
    return () => this.#changed.delete(listener);
  }

  onLost(listener: (applySetIds: readonly string[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What it worked on is known to the clusters' watches when they have been asked to follow it (LiveStore.follow). */
  keep(name: string): void {
    if (this.#idOf.has(name)) return;
    const id = applySetId(name, this.#inventoryNamespace);
    this.#idOf.set(name, id);
    this.#ids.add(id);
    this.#tellSoon();
  }

  drop(names: readonly string[]): void {
    const lost = names.flatMap((name) => this.#idOf.get(name) ?? []);
    for (const name of names) this.#idOf.delete(name);
    for (const id of lost) this.#ids.delete(id);
    if (lost.length === 0) return;
    for (const listen of this.#listeners) listen(lost);
    this.#tellSoon();
  }

  digest(parent: LiveObject): LiveObject {
    return digestOf(parent);
  }

  #tellSoon(): void {
    this.#telling ??= setImmediate(() => {
      this.#telling = undefined;
      for (const listen of this.#changed) listen();
    });
  }
}

const OF_ITS_END = [
  ...[APPLICATION_ANNOTATION, DECLARED_BY_ANNOTATION, DELETION_ANNOTATION, DELETE_ANNOTATION],
  ...[PROJECT_ANNOTATION, SERVICE_ACCOUNT_ANNOTATION],
];

/** What tells whose parent it is, and what is to become of the application when nobody declares it any more: whoever judges that counts all of them. */
function digestOf({ apiVersion, kind, metadata }: LiveObject): LiveObject {
  const { name, namespace, uid, resourceVersion, labels = {}, annotations = {}, deletionTimestamp } = metadata;
  const id = labels[APPLYSET_ID_LABEL];
  const said = OF_ITS_END.flatMap((key) => (annotations[key] === undefined ? [] : [[key, annotations[key]]]));
  return {
    ...{ apiVersion, kind },
    metadata: {
      ...{ name, uid, resourceVersion, annotations: Object.fromEntries(said) },
      ...(id === undefined ? {} : { labels: { [APPLYSET_ID_LABEL]: id } }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    },
  };
}
