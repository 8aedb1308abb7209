import { type GroupKind, type KubeObject, type LiveObject, parseApiVersion } from "../../../model/index.ts";
import { notInSandbox } from "../api-error.ts";
import { storageKey } from "../storage/object-store.ts";
import type { ObjectAccess, ServedResource } from "../types.ts";
import type { Machine, Target } from "./machine.ts";
import { removeObject } from "./remove.ts";
import { createObject, updateObject, type WriteOptions } from "./write.ts";

/** The verbs in process, for controllers: the same checks and the same ownership as over HTTP. */
export function objectAccess(machine: Machine): ObjectAccess {
  const { catalogue, store } = machine;
  const served = (kind: GroupKind): ServedResource | undefined =>
    catalogue.all().find((resource) => resource.group === kind.group && resource.kind === kind.kind);
  const kinds = new Map<string, GroupKind>();
  const kindOf = (object: LiveObject): GroupKind => {
    const key = `${object.apiVersion} ${object.kind}`;
    const known = kinds.get(key) ?? { group: parseApiVersion(object.apiVersion).group, kind: object.kind };
    kinds.set(key, known);
    return known;
  };
  return {
    list: (kind) => {
      const resource = served(kind);
      return resource === undefined ? [] : store.list(storageKey(resource));
    },
    get: (kind, name, namespace) => {
      const resource = served(kind);
      return resource && store.get(storageKey(resource), name, namespace);
    },
    create: (object, manager) => {
      const { name: _, ...target } = targetOf(machine, object);
      return createObject(machine, target, asBody(object), optionsOf(manager)).object;
    },
    update: (object, { manager, subresource }) => {
      const target = { ...targetOf(machine, object), ...(subresource === undefined ? {} : { subresource }) };
      return updateObject(machine, target, asBody(object), optionsOf(manager)).object;
    },
    remove: (object) => {
      const target = targetOf(machine, object);
      const { name, namespace } = object.metadata;
      if (store.get(storageKey(target.resource), name, namespace) === undefined) return;
      removeObject(machine, target, { dryRun: false, propagation: "Background", preconditions: {} });
    },
    subscribe: (listener) => store.subscribe(({ type, object }) => listener({ type, kind: kindOf(object), object })),
  };
}

function targetOf({ catalogue }: Machine, object: KubeObject): Target {
  const resource = catalogue.byKind({ ...parseApiVersion(object.apiVersion), kind: object.kind });
  if (resource === undefined) throw notInSandbox(`${object.apiVersion} ${object.kind}`);
  const { name, namespace } = object.metadata;
  return { resource, name, ...(namespace === undefined ? {} : { namespace }) };
}

function asBody(object: KubeObject) {
  return { ...object, metadata: { ...object.metadata } } as never;
}

function optionsOf(manager: string): WriteOptions {
  return { manager, dryRun: false, fieldValidation: "Ignore", duplicates: [], warn: () => {} };
}
