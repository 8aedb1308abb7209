import type { JsonObject, LiveObject } from "../../../model/index.ts";
import { ApiError } from "../api-error.ts";
import { storageKey } from "../storage/object-store.ts";
import { expired, type ListPage } from "../storage/paging.ts";
import { allOf, fieldSelector, labelSelector, type Selector } from "../storage/selectors.ts";
import { cause, invalid } from "../validate/index.ts";
import { apiVersionOfResource, existing, inVersion, type Machine, type Target } from "./machine.ts";

export type Query = ReadonlyMap<string, string>;

export function readObject(machine: Machine, target: Target): LiveObject {
  return inVersion(existing(machine, target), target.resource);
}

/** Errors: 400 for a selector, a limit or a version that is not understood; 410 for a continue token or a version that is gone. */
export function listObjects(machine: Machine, target: Target, query: Query): ListPage {
  const limit = wholeNumber(query, "limit");
  const token = query.get("continue") ?? "";
  if (token !== "") return versioned(machine.lists.next(token, limit), target);
  requireVersion(machine, query);
  const selector = selectorOf(target, query);
  const all = machine.store.list(storageKey(target.resource), target.namespace);
  const items = selector === undefined ? all : all.filter(selector);
  const page = machine.lists.first({ items, revision: machine.store.revision }, limit);
  if (selector === undefined || page.remaining === undefined) return versioned(page, target);
  // The server does not count what a selector has yet to leave out.
  const { remaining: _, ...rest } = page;
  return versioned(rest, target);
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
    metadata: listMetadata(page),
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
  if (fields !== "") {
    const gvk = `${resource.group}/${resource.version}, Kind=${resource.kind}`.replace(/^\//, "");
    selectors.push(fieldSelector(fields, { key: storageKey(resource), gvk }));
  }
  return selectors.length === 0 ? undefined : allOf(selectors);
}

function wholeNumber(query: Query, name: string): number {
  const text = query.get(name) ?? "";
  if (text === "") return 0;
  if (!/^\d{1,15}$/.test(text)) {
    throw new ApiError(400, { reason: "BadRequest", message: `strconv.ParseInt: parsing "${text}": invalid syntax` });
  }
  return Number(text);
}

/** Only what is there now can be listed: an exact older version is gone, a newer one has yet to come. */
function requireVersion({ store }: Machine, query: Query): void {
  const asked = wholeNumber(query, "resourceVersion");
  const match = query.get("resourceVersionMatch") ?? "";
  if (match !== "" && !query.has("resourceVersion")) {
    throw forbiddenMatch("resourceVersionMatch is forbidden unless resourceVersion is provided");
  }
  if (asked > store.revision) throw tooLarge(asked, store.revision);
  if (match === "Exact" && asked !== store.revision) throw expired();
}

function forbiddenMatch(message: string): ApiError {
  const why = cause({ reason: "FieldValueForbidden", field: "resourceVersionMatch", detail: message });
  return invalid({ group: "meta.k8s.io", kind: "ListOptions" }, [why]);
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
