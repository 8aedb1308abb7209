import type { LiveObject } from "../../../model/index.ts";
import { type Committed, type StorageKey, storageKey } from "../storage/object-store.ts";
import type { Machine } from "../verbs/machine.ts";
import { removeObject } from "../verbs/remove.ts";
import { Rounds } from "./rounds.ts";

const NAMESPACES: StorageKey = "/namespaces";

/** Empties a Namespace that is to go, and removes it when nothing is left and no finalizer of its own is either.
 *  Source: Kubernetes, the namespace controller. */
export function emptyNamespaces(machine: Machine): () => void {
  const rounds = new Rounds((name) => {
    const namespace = machine.store.get(NAMESPACES, name);
    if (namespace?.metadata.deletionTimestamp !== undefined) empty(machine, namespace);
  });
  const unsubscribe = machine.store.subscribe((write: Committed) => {
    const { name, namespace, deletionTimestamp } = write.object.metadata;
    if (write.resource === NAMESPACES && deletionTimestamp !== undefined) rounds.add(name);
    if (write.type === "DELETED" && namespace !== undefined) rounds.add(namespace);
  });
  return () => {
    unsubscribe();
    rounds.stop();
  };
}

function empty(machine: Machine, namespace: LiveObject): void {
  const { name } = namespace.metadata;
  const seen = new Set<StorageKey>();
  let left = 0;
  for (const resource of machine.catalogue.all()) {
    const key = storageKey(resource);
    if (!resource.namespaced || seen.has(key)) continue;
    seen.add(key);
    for (const { metadata } of machine.store.list(key, name)) {
      if (metadata.deletionTimestamp === undefined) {
        const options = { dryRun: false, propagation: "Background", preconditions: {} } as const;
        removeObject(machine, { resource, namespace: name, name: metadata.name }, options);
      }
      if (machine.store.get(key, metadata.name, name) !== undefined) left++;
    }
  }
  if (left === 0 && (namespace.metadata.finalizers ?? []).length === 0) machine.store.remove(NAMESPACES, namespace);
}
