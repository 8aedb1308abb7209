import {
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type LiveObject,
  type ObjectMeta,
} from "../../../model/index.ts";
import { ApiError } from "../api-error.ts";
import { applyFields } from "../fields/index.ts";
import { jsonPatch, mergePatch, strategicMerge } from "../patch/index.ts";
import { storageKey } from "../storage/object-store.ts";
import type { ServedResource } from "../types.ts";
import { cause, invalid } from "../validate/index.ts";
import { decoded, decodedManifest, requireName } from "./decode.ts";
import { conflict, type Machine, notFound, type Target, timestamp } from "./machine.ts";
import { resetsOf } from "./ownership.ts";
import { applyScale, readScale, writeScale } from "./scale.ts";
import { createFresh, replace, requireVersion, type WriteOptions, type Written } from "./write.ts";

interface PatchRequest {
  /** The content type says which kind of patch it is. */
  readonly type: string;
  /** Parsed when the type is known to be one of these. */
  readonly patch: () => Json;
  /** Takes fields from other managers; only for an apply. */
  readonly force: boolean;
  readonly options: WriteOptions;
}

const APPLY_PATCH = "application/apply-patch+yaml";
const JSON_PATCH = "application/json-patch+json";
const MERGE_PATCH = "application/merge-patch+json";
const STRATEGIC_PATCH = "application/strategic-merge-patch+json";

/** Errors: 400, 404, 409, 415, 422, and 500 for an apply that the schema does not know. */
export function patchObject(
  machine: Machine,
  target: Target,
  request: PatchRequest,
): Written | { object: JsonObject; created: boolean } {
  const { resource, name = "", namespace } = target;
  const before = machine.store.get(storageKey(resource), name, namespace);
  if (request.type === APPLY_PATCH) {
    if (target.subresource === "scale") return { object: applyScale(machine, target, request), created: false };
    return applyObject(machine, target, { before, ...request });
  }
  const change = changeOf(target, request);
  if (before === undefined) throw notFound(resource, name);
  if (target.subresource === "scale") {
    return { object: writeScale(machine, target, change(readScale(machine, target)), request.options), created: false };
  }
  const changed = change(asJson(before));
  const object = decoded(changed, target, request.options);
  requireSameUid(target, before, object);
  requireVersion({ ...target, resource: { ...resource, custom: undefined } }, before, object);
  return replace(machine, { target, before, object, options: request.options });
}

/** The patch as a function of what is there. Errors: 415. */
function changeOf({ resource }: Target, { type, patch }: PatchRequest): (before: JsonObject) => JsonObject {
  switch (type) {
    case JSON_PATCH:
      return (before) => jsonPatch(before, patch());
    case MERGE_PATCH:
      return (before) => mergePatch(before, objectOf(patch()));
    case STRATEGIC_PATCH:
      if (resource.custom !== undefined) break;
      return (before) => strategicMerge(before, objectOf(patch()), resource.schema());
    default:
  }
  throw unsupported(resource, type);
}

/** A type that no resource takes, and one that only custom resources do not. */
function unsupported({ custom }: ServedResource, type: string): ApiError {
  const types = [JSON_PATCH, MERGE_PATCH, APPLY_PATCH].join(", ");
  const refused = custom !== undefined && type === STRATEGIC_PATCH;
  return new ApiError(415, {
    reason: "UnsupportedMediaType",
    message: refused
      ? `the body of the request was in an unknown format - accepted media types include: ${types}`
      : "415: Unsupported Media Type",
    ...(refused ? {} : { details: {} }),
  });
}

function objectOf(patch: Json): JsonObject {
  if (isJsonObject(patch)) return patch;
  throw new ApiError(400, { reason: "BadRequest", message: "the patch is no JSON object" });
}

function asJson(object: LiveObject): JsonObject {
  return isJsonObject(object) ? object : {};
}

/** Errors: 422 for another uid, 409 for a uid where nothing is. */
function requireSameUid(
  { resource, name = "" }: Target,
  before: LiveObject | undefined,
  { metadata }: KubeObject,
): void {
  const { uid = "" } = metadata;
  if (uid === "" || uid === before?.metadata.uid) return;
  if (before === undefined) {
    const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
    throw conflict(resource, name, why);
  }
  const { group, kind } = resource;
  throw invalid({ group, kind, name }, [
    cause({ reason: "FieldValueInvalid", field: "metadata.uid", value: uid, detail: "field is immutable" }),
  ]);
}

interface Apply extends PatchRequest {
  readonly before: LiveObject | undefined;
}

/** Server-side apply: what is not there is created. */
function applyObject(machine: Machine, target: Target, { before, patch, force, options }: Apply): Written {
  const { resource, subresource } = target;
  const body = objectOf(patch());
  if (before === undefined) requireName(body, target);
  const manifest = decodedManifest(body, target);
  if (before === undefined && subresource !== undefined) throw notFound(resource, target.name ?? "");
  requireSameUid(target, before, manifest);
  if (before !== undefined)
    requireVersion({ ...target, resource: { ...resource, custom: undefined } }, before, manifest);
  const writer = {
    manager: options.manager,
    operation: "Apply" as const,
    time: timestamp(machine),
    ...(subresource === undefined ? {} : { subresource }),
  };
  const resets = resetsOf(target, manifest, subresource);
  const merged = applyFields({ live: before, manifest, schema: resource.schema(), writer, force, resets });
  const owned = (after: KubeObject): KubeObject => ({
    ...after,
    metadata: withEntries(after.metadata, merged.metadata.managedFields),
  });
  if (before === undefined) return createFresh(machine, { target, object: merged, options, owned });
  return replace(machine, { target, before, object: merged, options, owned });
}

function withEntries({ managedFields: _, ...metadata }: ObjectMeta, entries: ObjectMeta["managedFields"]): ObjectMeta {
  return entries === undefined ? metadata : { ...metadata, managedFields: entries };
}
