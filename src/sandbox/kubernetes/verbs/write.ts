import { randomUUID } from "node:crypto";
import { canonicalJson } from "../../../kit/hash.ts";
import type { JsonObject, KubeObject, LiveObject } from "../../../model/index.ts";
import { ApiError } from "../api-error.ts";
import { storageKey } from "../storage/object-store.ts";
import type { Writer } from "../types.ts";
import { cause, invalid } from "../validate/index.ts";
import { requireDefinition, requireNamespace } from "./admission.ts";
import { type Decoding, decoded } from "./decode.ts";
import {
  conflict,
  detailsOf,
  existing,
  inVersion,
  type Machine,
  qualified,
  type Target,
  timestamp,
} from "./machine.ts";
import { freshMetadata, keptMetadata, named } from "./metadata.ts";
import { ownedAfter, withoutAllocated } from "./ownership.ts";
import { prepared } from "./preparation.ts";

export interface WriteOptions extends Decoding {
  readonly manager: string;
  readonly dryRun: boolean;
}

export interface Written {
  readonly object: LiveObject;
  readonly created: boolean;
}

/** Errors: 400, 403, 404 (no such namespace), 409 (it is there), 422. */
export function createObject(machine: Machine, target: Target, body: JsonObject, options: WriteOptions): Written {
  const object = named(decoded(body, target, options));
  if (object.metadata.resourceVersion !== undefined && object.metadata.resourceVersion !== "") {
    throw new ApiError(500, { message: "resourceVersion should not be set on objects to be created" });
  }
  return createFresh(machine, { target, object, options });
}

/** An object that was decoded, or came out of an apply, and that is not there yet. */
export function createFresh(
  machine: Machine,
  { target, object, options, owned }: Omit<Replacement, "before">,
): Written {
  const { resource } = target;
  requireNamespace(machine, target, object);
  requireDefinition(machine, target, object);
  const { name } = object.metadata;
  const fresh = { ...object, metadata: freshMetadata(machine, object.metadata) };
  const after = prepared(machine, { resource, object: fresh, before: undefined });
  const there = machine.store.get(storageKey(resource), name, object.metadata.namespace);
  if (there !== undefined) {
    const going = there.metadata.deletionTimestamp === undefined ? "" : "object is being deleted: ";
    const message = `${going}${qualified(resource)} "${name}" already exists`;
    throw new ApiError(409, { reason: "AlreadyExists", message, details: detailsOf(resource, name) });
  }
  const writer = writerOf(machine, target, options);
  const asked = withoutAllocated(after, object);
  const { metadata } = owned?.(asked) ?? ownedAfter({ target, before: undefined, after: asked, writer });
  return commit(machine, { target, before: undefined, after, options, writer, owned: () => ({ ...after, metadata }) });
}

/** Kinds of which an update creates what is absent. Source: kube-apiserver, AllowCreateOnUpdate of each kind's strategy. */
const UPSERTED = new Set([
  ...[
    "ClusterRole",
    "ClusterRoleBinding",
    "Endpoints",
    "Event",
    "Lease",
    "LimitRange",
    "Role",
    "RoleBinding",
    "Service",
  ],
]);

/** Replaces the object, or the part that the subresource stands for. Errors: 400, 404, 409 (another version), 422. */
export function updateObject(machine: Machine, target: Target, body: JsonObject, options: WriteOptions): Written {
  const { resource, name = "", namespace } = target;
  if (UPSERTED.has(resource.kind) && machine.store.get(storageKey(resource), name, namespace) === undefined) {
    return createObject(machine, target, body, options);
  }
  const before = existing(machine, target);
  const object = decoded(body, target, options);
  requireVersion(target, before, object);
  return replace(machine, { target, before, object, options });
}

interface Replacement {
  readonly target: Target;
  readonly before: LiveObject;
  readonly object: KubeObject;
  readonly options: WriteOptions;
  /** Instead of what an update by this manager would own. */
  readonly owned?: (after: KubeObject) => KubeObject;
}

/** What an update, a patch and an apply have in common once the whole new object is known. */
export function replace(machine: Machine, { target, before, object, options, owned }: Replacement): Written {
  const { resource, subresource } = target;
  const kept = { ...object, metadata: keptMetadata(object.metadata, before.metadata) };
  requireNoNewFinalizers(target, before, kept);
  const after = prepared(machine, { resource, object: kept, before, subresource });
  const writer = writerOf(machine, target, options);
  return commit(machine, { target, before, after, options, writer, ...(owned === undefined ? {} : { owned }) });
}

interface Commit extends Pick<Replacement, "target" | "options" | "owned"> {
  readonly before: LiveObject | undefined;
  readonly after: KubeObject;
  readonly writer: Writer;
}

/** Who owns what, and then the store, unless nothing is changed or it is a dry run. */
export function commit(machine: Machine, { target, before, after, options, writer, owned }: Commit): Written {
  const { resource } = target;
  const object = owned?.(after) ?? ownedAfter({ target, before, after, writer });
  const created = before === undefined;
  if (before !== undefined && isSame(before, object)) return { object: inVersion(before, resource), created };
  if (options.dryRun) return { object: inVersion(asLive(object, before), resource), created };
  if (object.metadata.deletionTimestamp !== undefined && isReleased(object)) {
    machine.store.remove(storageKey(resource), object);
    return { object: inVersion(asLive(object, before), resource), created };
  }
  const uid = object.metadata.uid ?? randomUUID();
  const stored = machine.store.put(storageKey(resource), { ...object, metadata: { ...object.metadata, uid } });
  return { object: inVersion(stored, resource), created };
}

function writerOf(machine: Machine, { subresource }: Target, { manager }: WriteOptions): Writer {
  return {
    manager,
    operation: "Update",
    time: timestamp(machine),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

/** In a namespace that is to go its own finalizer is in the spec, and the housekeeping removes it. */
function isReleased({ kind, apiVersion, metadata }: KubeObject): boolean {
  return (metadata.finalizers ?? []).length === 0 && !(kind === "Namespace" && apiVersion === "v1");
}

/** A dry run answers without a resourceVersion where nothing is stored yet. */
function asLive(object: KubeObject, before: LiveObject | undefined): LiveObject {
  const { uid = randomUUID(), resourceVersion = before?.metadata.resourceVersion } = object.metadata;
  // What was never stored has no resourceVersion, and the answer does not show one.
  return {
    ...object,
    metadata: { ...object.metadata, uid, ...(resourceVersion === undefined ? {} : { resourceVersion }) },
  } as LiveObject;
}

function isSame(before: LiveObject, after: KubeObject): boolean {
  return canonicalJson(withoutTimes(before)) === canonicalJson(withoutTimes(after));
}

/** Times of entries do not make a write. */
function withoutTimes({ apiVersion: _, metadata, ...rest }: KubeObject): object {
  const { managedFields = [], resourceVersion: _version, ...others } = metadata;
  const entries = managedFields.map(({ time: _time, ...entry }) => entry);
  return { ...rest, metadata: { ...others, managedFields: entries } };
}

/** Errors: 409 for a version or a uid that is not there any more, 422 for a custom resource without a version. */
export function requireVersion({ resource, name = "" }: Target, before: LiveObject, object: KubeObject): void {
  const { uid, resourceVersion = "" } = object.metadata;
  if (uid !== undefined && uid !== "" && uid !== before.metadata.uid) {
    throw conflict(
      resource,
      name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${before.metadata.uid}`,
    );
  }
  if (!/^\d*$/.test(resourceVersion)) {
    throw new ApiError(500, {
      message: `strconv.ParseUint: parsing ${JSON.stringify(resourceVersion)}: invalid syntax`,
    });
  }
  if (resourceVersion !== "" && resourceVersion !== "0" && resourceVersion !== before.metadata.resourceVersion) {
    throw conflict(
      resource,
      name,
      "the object has been modified; please apply your changes to the latest version and try again",
    );
  }
  if (resourceVersion === "" && resource.custom !== undefined) {
    const message = "Invalid value: 0: must be specified for an update";
    const { group, plural } = resource;
    throw invalid({ group, kind: plural, name }, [
      { reason: "FieldValueInvalid", message, field: "metadata.resourceVersion" },
    ]);
  }
}

function requireNoNewFinalizers({ resource }: Target, before: LiveObject, { metadata }: KubeObject): void {
  if (before.metadata.deletionTimestamp === undefined) return;
  const added = (metadata.finalizers ?? []).filter((name) => !(before.metadata.finalizers ?? []).includes(name));
  if (added.length === 0) return;
  const list = `[]string{${added.map((name) => JSON.stringify(name)).join(", ")}}`;
  const detail = `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`;
  const { group, kind } = resource;
  throw invalid({ group, kind, name: metadata.name }, [
    cause({ reason: "FieldValueForbidden", field: "metadata.finalizers", detail }),
  ]);
}
