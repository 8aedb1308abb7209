import { canonicalJson } from "../../../kit/hash.ts";
import { isJsonObject, type LiveObject } from "../../../model/index.ts";
import { type Committed, type StorageKey, storageKey } from "../storage/object-store.ts";
import { type Machine, timestamp } from "../verbs/machine.ts";
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

/** What is left in a Namespace that is to go: how many of each resource, and which finalizers hold them. */
interface Left {
  readonly resources: Map<string, number>;
  readonly finalizers: Map<string, number>;
}

function empty(machine: Machine, namespace: LiveObject): void {
  const { name } = namespace.metadata;
  const seen = new Set<StorageKey>();
  const left: Left = { resources: new Map(), finalizers: new Map() };
  for (const resource of machine.catalogue.all()) {
    const key = storageKey(resource);
    if (!resource.namespaced || seen.has(key)) continue;
    seen.add(key);
    for (const { metadata } of machine.store.list(key, name)) {
      if (metadata.deletionTimestamp === undefined) {
        const options = { dryRun: false, propagation: "Background", preconditions: {} } as const;
        removeObject(machine, { resource, namespace: name, name: metadata.name }, options);
      }
      const held = machine.store.get(key, metadata.name, name);
      if (held === undefined) continue;
      count(left.resources, `${resource.plural}.${resource.group}`);
      for (const finalizer of held.metadata.finalizers ?? []) count(left.finalizers, finalizer);
    }
  }
  if (left.resources.size > 0) tell(machine, namespace, left);
  else if ((namespace.metadata.finalizers ?? []).length === 0) machine.store.remove(NAMESPACES, namespace);
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** What it waits for, in the words of the namespace controller. */
function tell(machine: Machine, namespace: LiveObject, { resources, finalizers }: Left): void {
  const remaining = [...resources]
    .map(([resource, number]) => `${resource} has ${number} resource instances`)
    .join(", ");
  const holding = [...finalizers]
    .map(([finalizer, number]) => `${finalizer} in ${number} resource instances`)
    .join(", ");
  const told = [
    ["NamespaceDeletionDiscoveryFailure", "False", "ResourcesDiscovered", "All resources successfully discovered"],
    [
      "NamespaceDeletionGroupVersionParsingFailure",
      "False",
      "ParsedGroupVersions",
      "All legacy kube types successfully parsed",
    ],
    [
      "NamespaceDeletionContentFailure",
      "False",
      "ContentDeleted",
      "All content successfully deleted, may be waiting on finalization",
    ],
    ["NamespaceContentRemaining", "True", "SomeResourcesRemain", `Some resources are remaining: ${remaining}`],
    ...(finalizers.size === 0
      ? []
      : [
          [
            "NamespaceFinalizersRemaining",
            "True",
            "SomeFinalizersRemain",
            `Some content in the namespace has finalizers remaining: ${holding}`,
          ],
        ]),
  ] as const;
  const status = isJsonObject(namespace["status"]) ? namespace["status"] : {};
  const before = Array.isArray(status["conditions"]) ? status["conditions"].filter(isJsonObject) : [];
  const conditions = told.map(([type = "", is = "", reason = "", message = ""]) => {
    const same = before.find((one) => one["type"] === type && one["status"] === is);
    return {
      type,
      status: is,
      lastTransitionTime: same?.["lastTransitionTime"] ?? timestamp(machine),
      reason,
      message,
    };
  });
  if (canonicalJson(before) === canonicalJson(conditions)) return;
  machine.store.put(NAMESPACES, { ...namespace, status: { ...status, conditions } });
}
