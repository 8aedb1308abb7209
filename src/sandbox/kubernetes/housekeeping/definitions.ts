import { isJsonObject, type LiveObject } from "../../../model/index.ts";
import { definitionStatus } from "../catalogue/index.ts";
import type { Committed } from "../storage/object-store.ts";
import { type Machine, timestamp } from "../verbs/machine.ts";
import { CLEANUP, removeObject } from "../verbs/remove.ts";
import { commit } from "../verbs/write.ts";
import { release } from "./garbage.ts";
import { Rounds } from "./rounds.ts";

const RESOURCE = "apiextensions.k8s.io/customresourcedefinitions";

/** Serves what a definition defines from the moment of its being written, says so in its status, and removes its objects before it goes.
 *  Source: Kubernetes, apiextensions-apiserver (establishing, naming and finalizing controllers). */
export function keepDefinitions(machine: Machine): () => void {
  const rounds = new Rounds((name) => {
    const definition = machine.store.get(RESOURCE, name);
    if (definition === undefined) return;
    if (definition.metadata.deletionTimestamp === undefined) establish(machine, definition);
    else cleanUp(machine, definition);
  });
  const unsubscribe = machine.store.subscribe(({ type, resource, object }: Committed) => {
    if (resource === RESOURCE) {
      if (type === "DELETED") machine.catalogue.forget(object.metadata.name);
      else {
        machine.catalogue.define(object);
        rounds.add(object.metadata.name);
      }
    } else if (type === "DELETED") {
      const [group, plural] = resource.split("/");
      const owner = machine.store.get(RESOURCE, `${plural}.${group}`);
      if (owner?.metadata.deletionTimestamp !== undefined) rounds.add(owner.metadata.name);
    }
  });
  return () => {
    unsubscribe();
    rounds.stop();
  };
}

function establish(machine: Machine, definition: LiveObject): void {
  const others = machine.store.list(RESOURCE).filter((other) => other !== definition);
  const status = definitionStatus(definition, timestamp(machine), others);
  const resource = servedDefinition(machine);
  if (resource === undefined) return;
  commit(machine, {
    target: { resource, name: definition.metadata.name, subresource: "status" },
    before: definition,
    after: { ...definition, status },
    options: { manager: "kube-apiserver", dryRun: false, fieldValidation: "Ignore", duplicates: [], warn: () => {} },
    writer: { manager: "kube-apiserver", operation: "Update", subresource: "status", time: timestamp(machine) },
  });
}

function servedDefinition({ catalogue }: Machine) {
  return catalogue.find({ group: "apiextensions.k8s.io", version: "v1", plural: "customresourcedefinitions" });
}

function cleanUp(machine: Machine, definition: LiveObject): void {
  const spec = isJsonObject(definition["spec"]) ? definition["spec"] : {};
  const names = isJsonObject(spec["names"]) ? spec["names"] : {};
  const key = `${String(spec["group"])}/${String(names["plural"])}`;
  const resource = machine.catalogue.all().find((one) => `${one.group}/${one.plural}` === key);
  for (const { metadata } of resource === undefined ? [] : machine.store.list(key)) {
    if (resource === undefined || metadata.deletionTimestamp !== undefined) continue;
    const { name, namespace } = metadata;
    const target = { resource, name, ...(namespace === undefined ? {} : { namespace }) };
    removeObject(machine, target, { dryRun: false, propagation: "Background", preconditions: {} });
  }
  if (machine.store.list(key).length === 0)
    release(machine.store, { resource: RESOURCE, object: definition, finalizer: CLEANUP });
}
