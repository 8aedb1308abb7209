import { type LiveObject, type OwnerReference, parseApiVersion } from "../../../model/index.ts";
import { type Committed, type ObjectStore, type StorageKey, storageKey } from "../storage/object-store.ts";
import type { ServedResource } from "../types.ts";
import type { Machine, Target } from "../verbs/machine.ts";
import { FOREGROUND, ORPHANING, removeObject } from "../verbs/remove.ts";
import { Rounds } from "./rounds.ts";

/** Removes what nobody owns any more, and lets go of owners by the way of deletion that was asked for.
 *  Source: Kubernetes, "Garbage Collection". */
export function collectGarbage(machine: Machine): () => void {
  const collector = new Collector(machine);
  const unsubscribe = machine.store.subscribe((write) => collector.see(write));
  return () => {
    unsubscribe();
    collector.stop();
  };
}

interface Found {
  readonly resource: StorageKey;
  readonly object: LiveObject;
}

class Collector {
  readonly #machine: Machine;
  /** uid to where the object is. */
  readonly #known = new Map<
    string,
    { readonly resource: StorageKey; readonly name: string; readonly namespace?: string }
  >();
  /** uid of an owner to the uids of those that name it. */
  readonly #dependents = new Map<string, Set<string>>();
  readonly #rounds = new Rounds((uid) => this.#look(uid));

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  stop(): void {
    this.#rounds.stop();
  }

  see({ type, resource, object, previous }: Committed): void {
    const { uid, name, namespace, ownerReferences = [] } = object.metadata;
    for (const owner of previous?.metadata.ownerReferences ?? []) this.#dependents.get(owner.uid)?.delete(uid);
    if (type === "DELETED") {
      this.#known.delete(uid);
      for (const dependent of this.#dependents.get(uid) ?? []) this.#rounds.add(dependent);
      for (const owner of ownerReferences) this.#rounds.add(owner.uid);
      this.#dependents.delete(uid);
      return;
    }
    this.#known.set(uid, { resource, name, ...(namespace === undefined ? {} : { namespace }) });
    for (const owner of ownerReferences) {
      const dependents = this.#dependents.get(owner.uid) ?? new Set();
      this.#dependents.set(owner.uid, dependents.add(uid));
    }
    if (ownerReferences.length > 0 || object.metadata.deletionTimestamp !== undefined) this.#rounds.add(uid);
  }

  #find(uid: string): Found | undefined {
    const at = this.#known.get(uid);
    const object = at && this.#machine.store.get(at.resource, at.name, at.namespace);
    return at && object && { resource: at.resource, object };
  }

  #look(uid: string): void {
    const found = this.#find(uid);
    if (found === undefined) return;
    if (found.object.metadata.deletionTimestamp !== undefined) this.#finish(found);
    else this.#dropOwners(found);
  }

  /** An owner that is to go, and waits for its dependents: they are let go, or removed before it. */
  #finish({ resource, object }: Found): void {
    const { uid, finalizers = [] } = object.metadata;
    const dependents = [...(this.#dependents.get(uid) ?? [])].flatMap((dependent) => this.#find(dependent) ?? []);
    if (finalizers.includes(ORPHANING)) {
      for (const dependent of dependents) this.#keepOwners(dependent, (owner) => owner.uid !== uid);
      this.#release({ resource, object }, ORPHANING);
    } else if (finalizers.includes(FOREGROUND)) {
      for (const dependent of dependents)
        if (dependent.object.metadata.deletionTimestamp === undefined) this.#remove(dependent, "Foreground");
      const blocking = dependents.filter(({ object: one }) =>
        one.metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true),
      );
      if (!blocking.some(({ object: one }) => this.#known.has(one.metadata.uid)))
        this.#release({ resource, object }, FOREGROUND);
    }
  }

  #dropOwners(found: Found): void {
    const owners = found.object.metadata.ownerReferences ?? [];
    const there = owners.filter((owner) => this.#isThere(owner, found.object));
    if (owners.length === 0 || there.length === owners.length) return;
    if (there.length === 0) this.#remove(found, "Background");
    else this.#keepOwners(found, (owner) => there.includes(owner));
  }

  /** An owner of a kind that is not served may exist for all that is known: what it owns stays. */
  #isThere(owner: OwnerReference, dependent: LiveObject): boolean {
    if (this.#known.has(owner.uid)) return true;
    const resource = this.#machine.catalogue.byKind({ ...parseApiVersion(owner.apiVersion), kind: owner.kind });
    if (resource === undefined) return true;
    const namespace = resource.namespaced ? dependent.metadata.namespace : undefined;
    return this.#machine.store.get(storageKey(resource), owner.name, namespace)?.metadata.uid === owner.uid;
  }

  #keepOwners({ resource, object }: Found, keeps: (owner: OwnerReference) => boolean): void {
    const { ownerReferences = [], ...rest } = object.metadata;
    const kept = ownerReferences.filter(keeps);
    this.#machine.store.put(resource, {
      ...object,
      metadata: { ...rest, ...(kept.length === 0 ? {} : { ownerReferences: kept }) },
    });
  }

  #remove({ object }: Found, propagation: "Background" | "Foreground"): void {
    const resource = servedAs(this.#machine, object);
    if (resource === undefined) return;
    const { name, namespace } = object.metadata;
    const target: Target = { resource, name, ...(namespace === undefined ? {} : { namespace }) };
    removeObject(this.#machine, target, { dryRun: false, propagation, preconditions: {} });
  }

  #release({ resource, object }: Found, finalizer: string): void {
    const now = this.#machine.store.get(resource, object.metadata.name, object.metadata.namespace);
    if (now !== undefined) release(this.#machine.store, { resource, object: now, finalizer });
  }
}

function servedAs({ catalogue }: Machine, object: LiveObject): ServedResource | undefined {
  return catalogue.byKind({ ...parseApiVersion(object.apiVersion), kind: object.kind });
}

/** Takes a finalizer off; an object that was waiting for nothing else is gone. */
export function release(
  store: ObjectStore,
  { resource, object, finalizer }: Found & { readonly finalizer: string },
): void {
  const { finalizers = [], ...rest } = object.metadata;
  const left = finalizers.filter((name) => name !== finalizer);
  if (left.length === 0 && rest.deletionTimestamp !== undefined) store.remove(resource, object);
  else store.put(resource, { ...object, metadata: { ...rest, ...(left.length === 0 ? {} : { finalizers: left }) } });
}
