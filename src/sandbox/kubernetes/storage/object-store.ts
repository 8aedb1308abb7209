import { compareText } from "../../../kit/compare-text.ts";
import type { KubeObject, LiveObject } from "../../../model/index.ts";

/** One write, as the watches see it. */
export interface Committed {
  readonly revision: number;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly resource: StorageKey;
  readonly object: LiveObject;
  /** What was there before: a watch with a selector must know whether the object was in its sight. */
  readonly previous: LiveObject | undefined;
}

/** `<group>/<plural>`: all versions of a resource are one storage. */
export type StorageKey = string;

export function storageKey({ group, plural }: { readonly group: string; readonly plural: string }): StorageKey {
  return `${group}/${plural}`;
}

/** How far back a watch may begin; beyond that it is told 410. */
const KEPT_WRITES = 4096;

/** All objects, in memory, with the one counter of resourceVersions and the last writes. Objects are never changed in place. */
export class ObjectStore {
  #revision = 1;
  /** The revision before the oldest write that is kept. */
  #forgotten = 1;
  readonly #objects = new Map<StorageKey, Map<string, LiveObject>>();
  readonly #sorted = new Map<StorageKey, readonly LiveObject[]>();
  #log: Committed[] = [];
  readonly #listeners = new Set<(write: Committed) => void>();
  #told: Committed[] | undefined;

  get revision(): number {
    return this.#revision;
  }

  get(resource: StorageKey, name: string, namespace?: string): LiveObject | undefined {
    return this.#objects.get(resource)?.get(keyOf(name, namespace));
  }

  /** In the order of etcd's keys: by namespace, then by name. */
  list(resource: StorageKey, namespace?: string): readonly LiveObject[] {
    const all = this.#sorted.get(resource) ?? this.#sort(resource);
    return namespace === undefined ? all : all.filter(({ metadata }) => metadata.namespace === namespace);
  }

  /** What the list was at an earlier revision: the writes since then taken back. Undefined when they are not all kept any more. */
  listAt(resource: StorageKey, revision: number): readonly LiveObject[] | undefined {
    const since = this.since(revision);
    if (since === undefined) return undefined;
    const objects = new Map(this.#objects.get(resource));
    for (const { resource: written, object, previous } of since.toReversed()) {
      if (written !== resource) continue;
      const key = keyOf(object.metadata.name, object.metadata.namespace);
      if (previous === undefined) objects.delete(key);
      else objects.set(key, previous);
    }
    return inOrder(objects);
  }

  put(resource: StorageKey, object: KubeObject & { readonly metadata: { readonly uid: string } }): LiveObject {
    const { name, namespace } = object.metadata;
    const previous = this.get(resource, name, namespace);
    const stored = this.#stamped(object);
    const objects = this.#objects.get(resource) ?? new Map<string, LiveObject>();
    objects.set(keyOf(name, namespace), stored);
    this.#objects.set(resource, objects);
    this.#commit({ type: previous === undefined ? "ADDED" : "MODIFIED", resource, object: stored, previous });
    return stored;
  }

  /** Gives the object as the watches see it go: with the revision of its end. */
  remove(resource: StorageKey, { metadata: { name, namespace } }: KubeObject): LiveObject | undefined {
    const previous = this.get(resource, name, namespace);
    if (previous === undefined) return undefined;
    const last = this.#stamped(previous);
    this.#objects.get(resource)?.delete(keyOf(name, namespace));
    this.#commit({ type: "DELETED", resource, object: last, previous });
    return last;
  }

  /** The writes after a revision; undefined when they are not all kept any more. */
  since(revision: number): readonly Committed[] | undefined {
    if (revision < this.#forgotten) return undefined;
    const from = this.#log.findIndex((write) => write.revision > revision);
    return from < 0 ? [] : this.#log.slice(from);
  }

  /** Forgets all writes but the last few, as etcd's compaction does. */
  compact(kept = 0): void {
    const gone = this.#log.length - kept;
    if (gone <= 0) return;
    this.#forgotten = this.#log[gone - 1]?.revision ?? this.#forgotten;
    this.#log = this.#log.slice(gone);
  }

  subscribe(listener: (write: Committed) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #sort(resource: StorageKey): readonly LiveObject[] {
    const sorted = inOrder(this.#objects.get(resource) ?? new Map());
    this.#sorted.set(resource, sorted);
    return sorted;
  }

  #stamped(object: KubeObject & { readonly metadata: { readonly uid: string } }): LiveObject {
    this.#revision++;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#revision) } };
  }

  #commit(write: Omit<Committed, "revision">): void {
    const committed = { ...write, revision: this.#revision };
    this.#sorted.delete(write.resource);
    this.#log.push(committed);
    if (this.#log.length > 2 * KEPT_WRITES) this.compact(KEPT_WRITES);
    this.#tell(committed);
  }

  /** A listener may write: what it wrote is told when all have heard of the write before it. */
  #tell(write: Committed): void {
    if (this.#told !== undefined) {
      this.#told.push(write);
      return;
    }
    this.#told = [write];
    try {
      for (const told of this.#told) for (const listener of this.#listeners) listener(told);
    } finally {
      this.#told = undefined;
    }
  }
}

function inOrder(objects: ReadonlyMap<string, LiveObject>): readonly LiveObject[] {
  return [...objects].sort(([one], [other]) => compareText(one, other)).map(([, object]) => object);
}

function keyOf(name: string, namespace: string | undefined): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
