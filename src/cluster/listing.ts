import { apiVersionOf, isJsonObject, type LiveObject } from "../model/index.ts";
import { parseBody, toLiveObject } from "./answer.ts";
import { collectionPath, queryOf } from "./object-path.ts";
import { answerError } from "./status-error.ts";
import type { Call, Transport } from "./transport.ts";
import type { ApiResource } from "./types.ts";
import { parseWarnings } from "./warnings.ts";

export interface ListOptions {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  /** No further page is asked for when so many are there. */
  readonly most?: number | undefined;
  readonly fieldSelector?: string | undefined;
  /** Only metadata is answered; apiVersion and kind are then those of PartialObjectMetadata. */
  readonly metadataOnly?: boolean | undefined;
  /** What it answers false for is dropped page by page. */
  readonly keep?: ((object: LiveObject) => boolean) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Listing {
  readonly items: readonly LiveObject[];
  /** From which a watch goes on. */
  readonly resourceVersion: string;
  /** The server's Warning headers. */
  readonly warnings: readonly string[];
  /** False where `most` ended it and there is more. */
  readonly whole: boolean;
}

const METADATA_ONLY = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
const PAGE = 500;
const MOST_STARTS = 5;

/** Raised when the server has forgotten the version that a page or a watch goes on from. */
export class VersionGone extends Error {}

/** Every object of a kind as of one moment, got in pages. A list whose later page is refused as too old is begun again. Errors: PL-KUBE-*. */
export async function listObjects(transport: Transport, resource: ApiResource, options: ListOptions): Promise<Listing> {
  for (let start = 1; ; start++) {
    try {
      return await listOnce(transport, resource, options);
    } catch (error) {
      if (!(error instanceof VersionGone) || start === MOST_STARTS) throw error;
    }
  }
}

async function listOnce(transport: Transport, resource: ApiResource, options: ListOptions): Promise<Listing> {
  const items: LiveObject[] = [];
  let next: string | undefined;
  let resourceVersion = "";
  let warnings: readonly string[] = [];
  do {
    const page = await getPage(transport, resource, { ...options, next });
    for (const item of page.items) if (options.keep?.(item) !== false) items.push(item);
    ({ next, resourceVersion, warnings } = page);
  } while (next !== undefined && items.length < (options.most ?? Number.POSITIVE_INFINITY));
  return { items, resourceVersion, warnings, whole: next === undefined };
}

async function getPage(
  transport: Transport,
  resource: ApiResource,
  {
    namespace,
    labelSelector,
    fieldSelector,
    metadataOnly,
    signal,
    next,
  }: ListOptions & { readonly next: string | undefined },
): Promise<Omit<Listing, "whole"> & { readonly next: string | undefined }> {
  const query = queryOf({ limit: PAGE, continue: next, labelSelector, fieldSelector });
  const path = collectionPath(resource, namespace) + query;
  const headers = metadataOnly ? { accept: METADATA_ONLY } : {};
  const call: Call = { verb: "list", kind: resource.kind, path, headers, signal };
  const answer = await transport.send(call);
  if (answer.status === 410 && next !== undefined) throw new VersionGone(resource.kind);
  if (answer.status !== 200) throw answerError(answer, call);
  const list = parseBody(answer.text, resource.kind);
  const metadata = isJsonObject(list["metadata"]) ? list["metadata"] : {};
  const { continue: more, resourceVersion } = metadata;
  // Items of built-in kinds come without apiVersion and kind.
  const names = { apiVersion: apiVersionOf(resource), kind: resource.kind };
  const items = Array.isArray(list["items"]) ? list["items"] : [];
  return {
    items: items.map((item) => toLiveObject(isJsonObject(item) ? { ...names, ...item } : item, resource.kind)),
    resourceVersion: typeof resourceVersion === "string" ? resourceVersion : "",
    warnings: parseWarnings(answer.headers["warning"]),
    next: typeof more === "string" && more !== "" ? more : undefined,
  };
}
