import type { JsonObject, LiveObject } from "../../../model/index.ts";
import { ApiError, badRequest, type Cause } from "../api-error.ts";
import { storageKey } from "../storage/object-store.ts";
import type { ListPage } from "../storage/paging.ts";
import { allOf, fieldSelector, labelSelector, type Selector } from "../storage/selectors.ts";
import { cause, invalid } from "../validate/index.ts";
import { apiVersionOfResource, existing, inVersion, type Machine, type Target } from "./machine.ts";

export type Query = ReadonlyMap<string, string>;

export function readObject(machine: Machine, target: Target): LiveObject {
  return inVersion(existing(machine, target), target.resource);
}

/** Errors: 400 for a selector, a limit or a version that is not understood; 410 for a continue token or a version that is gone. */
export function listObjects(machine: Machine, target: Target, query: Query): ListPage {
  const limit = Math.max(0, wholeNumber(query, "limit"));
  const token = query.get("continue") ?? "";
  if (token !== "") {
    if ((query.get("resourceVersion") ?? "0") !== "0") {
      throw badRequest("specifying resource version is not allowed when using continue");
    }
    return versioned(machine.lists.next(token, limit), target);
  }
  const { items: all, revision } = stateAsked(machine, target, query);
  const selector = selectorOf(target, query);
  const items = selector === undefined ? all : all.filter(selector);
  const page = machine.lists.first({ items, revision }, limit);
  if (selector === undefined || page.remaining === undefined) return versioned(page, target);
  // The server does not count what a selector has yet to leave out.
  const { remaining: _, ...rest } = page;
  return versioned(rest, target);
}

/** What is there now, or what was there at exactly the version asked for, as long as the writes since then are kept. */
function stateAsked({ store }: Machine, { resource, namespace }: Target, query: Query) {
  const asked = askedVersion(query);
  if (asked > store.revision) throw tooLarge(asked, store.revision);
  const key = storageKey(resource);
  if (query.get("resourceVersionMatch") !== "Exact")
    return { items: store.list(key, namespace), revision: store.revision };
  const items = store.listAt(key, asked);
  if (items === undefined) throw gone();
  return {
    items: namespace === undefined ? items : items.filter(({ metadata }) => metadata.namespace === namespace),
    revision: asked,
  };
}

function versioned(page: ListPage, { resource }: Target): ListPage {
  return { ...page, items: page.items.map((object) => inVersion(object, resource)) };
}

/** A list of the kind, with the page's place in the whole. Items come without the kind that the list names. */
export function listDocument({ resource }: Target, page: ListPage): JsonObject {
  const itemsAsJson = page.items.map(
    (item): JsonObject =>
      resource.custom === undefined ? bare(item) : { ...bare(item), apiVersion: item.apiVersion, kind: item.kind },
  );
  return {
    kind: `${resource.kind}List`,
    apiVersion: apiVersionOfResource(resource),
    // The server has lists of custom resources as they come, and leaves nothing out of them.
    metadata: { ...(resource.custom === undefined ? {} : { continue: "" }), ...listMetadata(page) },
    items: itemsAsJson,
  };
}

/** Built-in kinds do not repeat their kind in each item of a list; custom resources do. */
function bare({ apiVersion: _version, kind: _kind, metadata, ...rest }: LiveObject): JsonObject {
  return { metadata: { ...metadata } as unknown as JsonObject, ...rest } as JsonObject;
}

export function listMetadata({ revision, continueToken, remaining }: ListPage): JsonObject {
  return {
    resourceVersion: String(revision),
    ...(continueToken === undefined ? {} : { continue: continueToken }),
    ...(remaining === undefined ? {} : { remainingItemCount: remaining }),
  };
}

export function selectorOf({ resource }: Target, query: Query): Selector | undefined {
  const labels = query.get("labelSelector") ?? "";
  const fields = query.get("fieldSelector") ?? "";
  const selectors: Selector[] = [];
  if (labels !== "") selectors.push(labelSelector(labels));
  if (fields !== "")
    selectors.push(fieldSelector(fields, { key: storageKey(resource), custom: resource.custom !== undefined }));
  return selectors.length === 0 ? undefined : allOf(selectors);
}

function wholeNumber(query: Query, name: string): number {
  const text = query.get(name) ?? "";
  if (!/^[+-]?\d{0,15}$/.test(text))
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}

const MATCHES = ["Exact", "NotOlderThan", ""];

/** 0 where none is asked for. Errors: 400 for words, 422 for parameters that do not go together. */
function askedVersion(query: Query): number {
  const causes = [...matchCauses(query), ...initialCauses(query)];
  if (causes.length > 0) throw invalid({ group: "meta.k8s.io", kind: "ListOptions" }, causes);
  const text = query.get("resourceVersion") ?? "";
  if (/^\d{0,15}$/.test(text)) return Number(text);
  const words = JSON.stringify(text);
  const parsing = `strconv.ParseUint: parsing ${words}: invalid syntax`;
  throw badRequest(`invalid resource version: resourceVersion: Invalid value: ${words}: ${parsing}`);
}

function matchCauses(query: Query): Cause[] {
  const match = query.get("resourceVersionMatch") ?? "";
  const field = "resourceVersionMatch";
  const forbidden = (detail: string): Cause[] => [cause({ reason: "FieldValueForbidden", field, detail })];
  if (match === "") return [];
  if ((query.get("resourceVersion") ?? "") === "")
    return forbidden("resourceVersionMatch is forbidden unless resourceVersion is provided");
  if (!MATCHES.includes(match)) {
    const detail = `supported values: ${MATCHES.map((one) => JSON.stringify(one)).join(", ")}`;
    return [cause({ reason: "FieldValueNotSupported", field, value: match, detail })];
  }
  const exactly = match === "Exact" && query.get("resourceVersion") === "0";
  return exactly ? forbidden('resourceVersionMatch "exact" is forbidden for resourceVersion "0"') : [];
}

function initialCauses(query: Query): Cause[] {
  const detail = "sendInitialEvents is forbidden for list";
  return query.has("sendInitialEvents")
    ? [cause({ reason: "FieldValueForbidden", field: "sendInitialEvents", detail })]
    : [];
}

function gone(): ApiError {
  return new ApiError(410, {
    reason: "Expired",
    message: "The resourceVersion for the provided list is too old.",
  });
}

export function tooLarge(asked: number, now: number): ApiError {
  return new ApiError(504, {
    reason: "Timeout",
    message: `Too large resource version: ${asked}, current: ${now}`,
    details: {
      causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
      retryAfterSeconds: 1,
    },
  });
}
