import { isJsonObject, type Json, type JsonObject, type KubeObject, type LiveObject } from "../../../model/index.ts";
import { ApiError, badRequest } from "../api-error.ts";
import { storageKey } from "../storage/object-store.ts";
import type { ServedResource } from "../types.ts";
import { cause, invalid } from "../validate/index.ts";
import { notSupported } from "./decode.ts";
import { detailsOf, existing, inVersion, type Machine, type Target, timestamp } from "./machine.ts";
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
/** A definition goes after all objects that it defines. */
export const CLEANUP = "customresourcecleanup.apiextensions.k8s.io";

/** Errors: 409 for a precondition, 400 for options that are not understood. Source: apimachinery, DeleteOptions. */
export function deleteOptionsOf(body: JsonObject, query: Query): DeleteOptions {
  const kind = body["kind"] ?? "DeleteOptions";
  if (kind !== "DeleteOptions") throw badRequest(`no kind ${JSON.stringify(kind)} can say how to delete`);
  const text = (name: string): string => String(body[name] ?? query.get(name) ?? "");
  const orphans = text("orphanDependents");
  const asked = text("propagationPolicy");
  if (asked !== "" && orphans !== "") throw bothSet(asked);
  const propagation = asked || (orphans === "true" ? "Orphan" : "Background");
  if (propagation !== "Background" && propagation !== "Foreground" && propagation !== "Orphan") {
    throw notSupported("DeleteOptions", { field: "propagationPolicy", value: propagation, supported: PROPAGATIONS });
  }
  return { dryRun: dryRunOf(body, query), propagation, preconditions: preconditionsOf(body["preconditions"]) };
}

function bothSet(value: string): ApiError {
  const detail = "orphanDependents and deletionPropagation cannot be both set";
  return invalid({ group: "meta.k8s.io", kind: "DeleteOptions" }, [
    cause({ reason: "FieldValueInvalid", field: "propagationPolicy", value, detail }),
  ]);
}

function dryRunOf({ dryRun }: JsonObject, query: Query): boolean {
  const asked = Array.isArray(dryRun) ? dryRun : [];
  if (asked.some((one) => one !== "All")) {
    const why = cause({
      reason: "FieldValueNotSupported",
      field: "dryRun",
      value: asked,
      detail: 'supported values: "All"',
    });
    throw invalid({ group: "meta.k8s.io", kind: "DeleteOptions" }, [why]);
  }
  return asked.length > 0 || (query.get("dryRun") ?? "") !== "";
}

function preconditionsOf(given: Json | undefined): DeleteOptions["preconditions"] {
  const { uid, resourceVersion } = isJsonObject(given) ? given : {};
  return {
    ...(typeof uid === "string" ? { uid } : {}),
    ...(typeof resourceVersion === "string" ? { resourceVersion } : {}),
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
  if (!ANSWERED_WHOLE.has(target.resource.kind)) return removedStatus(target, before);
  return inVersion(target.resource.kind === "Pod" ? ended(machine, last ?? before) : (last ?? before), target.resource);
}

function requirePreconditions({ resource }: Target, { metadata }: LiveObject, { preconditions }: DeleteOptions): void {
  const { uid, resourceVersion } = preconditions;
  if (uid !== undefined && uid !== metadata.uid) {
    const why = `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid})`;
    throw unmet(resource, metadata.name, `${why}. The object might have been deleted and then recreated`);
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    const record = `the ResourceVersion in record (${metadata.resourceVersion})`;
    const why = `the ResourceVersion in the precondition (${resourceVersion}) does not match ${record}`;
    throw unmet(resource, metadata.name, `${why}. The object might have been modified`);
  }
}

function unmet({ group, kind }: ServedResource, name: string, why: string): ApiError {
  const subject = group === "" ? kind : `${kind}.${group}`;
  return new ApiError(409, {
    reason: "Conflict",
    message: `Operation cannot be fulfilled on ${subject} "${name}": ${why}`,
    details: { name, ...(group === "" ? {} : { group }), kind },
  });
}

/** A Pod is marked first, also where nobody waits for it. */
function ended(machine: Machine, pod: LiveObject): LiveObject {
  const { generation = 1, deletionTimestamp = timestamp(machine) } = pod.metadata;
  const already = pod.metadata.deletionTimestamp !== undefined;
  const metadata = {
    ...pod.metadata,
    deletionTimestamp,
    deletionGracePeriodSeconds: 0,
    generation: generation + (already ? 0 : 1),
  };
  return { ...pod, metadata };
}

interface Marking {
  readonly target: Target;
  readonly before: LiveObject;
  readonly options: DeleteOptions;
}

function marked(machine: Machine, { target, before, options: { propagation } }: Marking): LiveObject {
  const { metadata } = before;
  const definition = target.resource.kind === "CustomResourceDefinition";
  const finalizers = (metadata.finalizers ?? []).filter((name) => name !== ORPHANING && name !== FOREGROUND);
  if (definition && !finalizers.includes(CLEANUP)) finalizers.push(CLEANUP);
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
      ...(isNamespace(target.resource) || definition ? {} : { deletionGracePeriodSeconds: 0 }),
      ...(metadata.generation === undefined || already || definition ? {} : { generation: metadata.generation + 1 }),
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
