import {
  apiVersionOf,
  FIELD_MANAGER,
  formatRef,
  isJsonObject,
  type KubeObject,
  type LiveObject,
  type Ref,
  refOf,
} from "../model/index.ts";
import { parseBody, toLiveObject } from "./answer.ts";
import { objectPath, queryOf } from "./object-path.ts";
import { answerError } from "./status-error.ts";
import type { Answer, Call, Transport } from "./transport.ts";
import type { ApiResource, ApplyOptions, ApplyResult, DeleteOptions, PatchOptions } from "./types.ts";
import { parseWarnings } from "./warnings.ts";

/** The requests about one object, each of them one call. The resource is the ref's own; errors: PL-KUBE-*. */
export interface Target {
  readonly resource: ApiResource;
  readonly ref: Ref;
}

/** Undefined where there is no such object, or no such namespace. */
export async function getObject(
  transport: Transport,
  { resource, ref }: Target,
  signal: AbortSignal | undefined,
): Promise<LiveObject | undefined> {
  const call: Call = { verb: "get", kind: ref.kind, path: objectPath(resource, ref), signal };
  const answer = await transport.send(call);
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw answerError(answer, call, ref);
  return toLiveObject(parseBody(answer.text, formatRef(ref)), formatRef(ref));
}

/** Server-side apply with strict field validation. */
export async function applyObject(
  transport: Transport,
  { resource, object }: { readonly resource: ApiResource; readonly object: KubeObject },
  { dryRun = false, force = true, manager = FIELD_MANAGER, permit, signal }: ApplyOptions,
): Promise<ApplyResult> {
  const ref = refOf(object);
  const parameters = {
    fieldManager: manager,
    force,
    fieldValidation: "Strict",
    dryRun: dryRun ? "All" : undefined,
  };
  const call: Call = {
    verb: dryRun ? "dry-run" : "apply",
    kind: ref.kind,
    method: "PATCH",
    path: objectPath(resource, ref) + queryOf(parameters),
    // JSON is YAML, and the server reads it faster.
    headers: { "content-type": "application/apply-patch+yaml" },
    body: JSON.stringify(object),
    permit: dryRun ? undefined : permit,
    signal,
  };
  const answer = await transport.send(call);
  if (answer.status !== 200 && answer.status !== 201) throw answerError(answer, call, ref);
  return {
    object: toLiveObject(parseBody(answer.text, formatRef(ref)), formatRef(ref)),
    created: answer.status === 201,
    warnings: parseWarnings(answer.headers["warning"]),
  };
}

/** A list of operations is a JSON patch, any other object a merge patch. */
export async function patchObject(
  transport: Transport,
  { resource, ref, body }: Target & { readonly body: object },
  { subresource, signal, dryRun = false, manager = FIELD_MANAGER, permit }: PatchOptions,
): Promise<LiveObject> {
  const call: Call = {
    verb: dryRun ? "dry-run" : "patch",
    kind: ref.kind,
    method: "PATCH",
    path:
      objectPath(resource, ref, subresource) + queryOf({ fieldManager: manager, dryRun: dryRun ? "All" : undefined }),
    headers: { "content-type": `application/${Array.isArray(body) ? "json" : "merge"}-patch+json` },
    body: JSON.stringify(body),
    permit: dryRun ? undefined : permit,
    signal,
  };
  const answer = await transport.send(call);
  if (answer.status !== 200) throw answerError(answer, call, ref);
  return toLiveObject(parseBody(answer.text, formatRef(ref)), formatRef(ref));
}

export interface DeleteResult {
  readonly result: "gone" | "terminating" | "absent";
  /** terminating: as it is now. */
  readonly object?: LiveObject;
}

export async function deleteObject(
  transport: Transport,
  { resource, ref }: Target,
  { uid, propagation = "Background", permit, signal }: DeleteOptions,
): Promise<DeleteResult> {
  const call: Call = {
    verb: "delete",
    kind: ref.kind,
    method: "DELETE",
    path: objectPath(resource, ref),
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      apiVersion: "v1",
      kind: "DeleteOptions",
      propagationPolicy: propagation,
      ...(uid === undefined ? {} : { preconditions: { uid } }),
    }),
    permit,
    signal,
  };
  const answer = await transport.send(call);
  // 409 with a uid asked for: the object of that name is another.
  if (answer.status === 404 || (answer.status === 409 && uid !== undefined)) return { result: "absent" };
  if (answer.status !== 200 && answer.status !== 202) throw answerError(answer, call, ref);
  return readDeletion(answer, { resource, ref });
}

/** The answer is a Status, or the object: as it was last, or with the time of its deletion when finalizers remain. */
function readDeletion(answer: Answer, { resource, ref }: Target): DeleteResult {
  const body = parseBody(answer.text, formatRef(ref));
  const metadata = isJsonObject(body["metadata"]) ? body["metadata"] : {};
  if (body["kind"] === "Status" || metadata["deletionTimestamp"] === undefined) return { result: "gone" };
  const names = { apiVersion: apiVersionOf(resource), kind: resource.kind };
  return { result: "terminating", object: toLiveObject({ ...names, ...body }, formatRef(ref)) };
}
