import { isJsonObject, type JsonObject, type KubeObject, type LiveObject } from "../../../model/index.ts";
import { storageKey } from "../storage/object-store.ts";
import { notSupported } from "./decode.ts";
import { conflict, detailsOf, existing, inVersion, type Machine, type Target, timestamp } from "./machine.ts";
import { listObjects, type Query } from "./read.ts";

export interface DeleteOptions {
  readonly dryRun: boolean;
  /** Background unless told. */
  readonly propagation: "Background" | "Foreground" | "Orphan";
  readonly preconditions: { readonly uid?: string; readonly resourceVersion?: string };
}

const FINALIZER_OF = { Orphan: "orphan", Foreground: "foregroundDeletion" } as const;
export const ORPHANING: string = FINALIZER_OF.Orphan;
export const FOREGROUND: string = FINALIZER_OF.Foreground;

/** Errors: 409 for a precondition, 400 for options that are not understood. Source: apimachinery, DeleteOptions. */
export function deleteOptionsOf(body: JsonObject, query: Query): DeleteOptions {
  const text = (name: string): string => String(body[name] ?? query.get(name) ?? "");
  const propagation = text("propagationPolicy") || (text("orphanDependents") === "true" ? "Orphan" : "Background");
  if (propagation !== "Background" && propagation !== "Foreground" && propagation !== "Orphan") {
    throw notSupported("DeleteOptions", { field: "propagationPolicy", value: propagation, supported: PROPAGATIONS });
  }
  const given = isJsonObject(body["preconditions"]) ? body["preconditions"] : {};
  const { uid, resourceVersion } = given;
  const dryRun =
    (Array.isArray(body["dryRun"]) ? body["dryRun"].length > 0 : false) || (query.get("dryRun") ?? "") !== "";
  return {
    dryRun,
    propagation,
    preconditions: {
      ...(typeof uid === "string" ? { uid } : {}),
      ...(typeof resourceVersion === "string" ? { resourceVersion } : {}),
    },
  };
}

const PROPAGATIONS = ["Foreground", "Background", "Orphan", "nil"];

/** Kinds of which a deletion answers with the object itself. Source: kube-apiserver, ReturnDeletedObject of each kind's registry. */
const ANSWERED_WHOLE = new Set([
  "PersistentVolume",
  "PersistentVolumeClaim",
  "Pod",
  "PodTemplate",
  "ServiceAccount",
  "ResourceQuota",
  "Service",
]);

/** Removes the object, or marks it for the finalizers that it waits for. Gives a Status when it is gone, else the object. */
export function removeObject(machine: Machine, target: Target, options: DeleteOptions): JsonObject | LiveObject {
  const before = existing(machine, target);
  requirePreconditions(target, before, options);
  const after = marked(machine, { target, before, options });
  if (isWaitedFor(target, after)) {
    if (options.dryRun || after === before)
      return inVersion({ ...after, metadata: { ...after.metadata } }, target.resource);
    return inVersion(machine.store.put(storageKey(target.resource), after), target.resource);
  }
  const last = options.dryRun ? before : machine.store.remove(storageKey(target.resource), before);
  return ANSWERED_WHOLE.has(target.resource.kind)
    ? inVersion(last ?? before, target.resource)
    : removedStatus(target, before);
}

function requirePreconditions({ resource }: Target, { metadata }: LiveObject, { preconditions }: DeleteOptions): void {
  const { uid, resourceVersion } = preconditions;
  const { name } = metadata;
  if (uid !== undefined && uid !== metadata.uid) {
    throw conflict(
      resource,
      name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`,
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    const versions = `ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${metadata.resourceVersion}`;
    throw conflict(resource, name, `Precondition failed: ${versions}`);
  }
}

interface Marking {
  readonly target: Target;
  readonly before: LiveObject;
  readonly options: DeleteOptions;
}

function marked(machine: Machine, { target, before, options: { propagation } }: Marking): LiveObject {
  const { metadata } = before;
  const finalizers = (metadata.finalizers ?? []).filter((name) => name !== ORPHANING && name !== FOREGROUND);
  if (propagation !== "Background") finalizers.push(FINALIZER_OF[propagation]);
  const already = metadata.deletionTimestamp !== undefined;
  if (already && finalizers.join() === (metadata.finalizers ?? []).join()) return before;
  const { finalizers: _, ...others } = metadata;
  return terminating(target, {
    ...before,
    metadata: {
      ...others,
      ...(finalizers.length === 0 ? {} : { finalizers }),
      deletionTimestamp: metadata.deletionTimestamp ?? timestamp(machine),
      deletionGracePeriodSeconds: 0,
      ...(metadata.generation === undefined || already ? {} : { generation: metadata.generation + 1 }),
    },
  });
}

function terminating({ resource }: Target, object: LiveObject): LiveObject {
  if (!isNamespace(resource)) return object;
  const status = isJsonObject(object["status"]) ? object["status"] : {};
  return { ...object, status: { ...status, phase: "Terminating" } };
}

function isNamespace({ group, kind }: Target["resource"]): boolean {
  return group === "" && kind === "Namespace";
}

/** A Namespace waits for what is in it, too: its own finalizer stands in its spec. */
function isWaitedFor({ resource }: Target, object: KubeObject): boolean {
  const spec = isJsonObject(object["spec"]) ? object["spec"] : {};
  const own = isNamespace(resource) && Array.isArray(spec["finalizers"]) ? spec["finalizers"].length : 0;
  return own + (object.metadata.finalizers?.length ?? 0) > 0;
}

function removedStatus({ resource }: Target, { metadata }: LiveObject): JsonObject {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: { ...detailsOf(resource, metadata.name), uid: metadata.uid },
  };
}

/** Every object of the list that the query's selectors let through. Gives what was there. */
export function removeCollection(
  machine: Machine,
  target: Target,
  { query, options }: { query: Query; options: DeleteOptions },
) {
  const page = listObjects(machine, target, query);
  for (const { metadata } of page.items) {
    const { name, namespace } = metadata;
    removeObject(
      machine,
      { resource: target.resource, name, ...(namespace === undefined ? {} : { namespace }) },
      options,
    );
  }
  return page;
}
