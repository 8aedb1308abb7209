import type { JsonObject, LiveObject } from "../../../model/index.ts";
import { ApiError, type Cause } from "../api-error.ts";
import { type Committed, storageKey } from "../storage/object-store.ts";
import { cause, invalid } from "../validate/index.ts";
import { apiVersionOfResource, inVersion, type Machine, type Target } from "./machine.ts";
import { type Query, selectorOf, tooLarge } from "./read.ts";

export interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: LiveObject | JsonObject;
}

interface WatchOptions {
  readonly send: (event: WatchEvent) => void;
}

export interface Watch {
  /** Tells how far the watch has come, if bookmarks were asked for. */
  bookmark(): void;
  stop(): void;
}

/** What there is (without a version, with "0", or with sendInitialEvents), then every write as the selector sees it: an object that leaves
 *  its sight is DELETED. A version that is too old ends in an ERROR event with 410. Source: Kubernetes, "Efficient detection of changes". */
export function watchObjects(machine: Machine, target: Target, query: Query, { send }: WatchOptions): Watch {
  const { store } = machine;
  const { resource, namespace } = target;
  const key = storageKey(resource);
  const fits = selectorOf(target, query) ?? (() => true);
  const seen = (object: LiveObject) =>
    (namespace === undefined || object.metadata.namespace === namespace) && fits(object);
  const bookmarks = query.get("allowWatchBookmarks") === "true";
  const bookmark = (annotations?: JsonObject): void => {
    if (bookmarks) send({ type: "BOOKMARK", object: bookmarkOf(target, { revision: store.revision, annotations }) });
  };
  const tell = (write: Committed): void => {
    const event = write.resource === key ? eventFor(write, seen) : undefined;
    if (event !== undefined) send({ ...event, object: inVersion(event.object, resource) });
  };

  requireWatchOptions(query);
  const start = startOf(query, store.revision);
  if (start.initial) {
    for (const object of store.list(key, namespace))
      if (fits(object)) send({ type: "ADDED", object: inVersion(object, resource) });
    if (start.streaming) bookmark({ "k8s.io/initial-events-end": "true" });
  } else {
    if (start.revision > store.revision) throw tooLarge(start.revision, store.revision);
    const missed = store.since(start.revision);
    if (missed === undefined) {
      send({ type: "ERROR", object: tooOld(start.revision, store.revision).status() });
      return { bookmark: () => {}, stop: () => {} };
    }
    for (const write of missed) tell(write);
  }
  return { bookmark, stop: store.subscribe(tell) };
}

interface Start {
  readonly initial: boolean;
  /** The end of the initial events is told with a bookmark (WatchList). */
  readonly streaming: boolean;
  readonly revision: number;
}

function startOf(query: Query, now: number): Start {
  const text = query.get("resourceVersion") ?? "";
  if (!/^\d{0,15}$/.test(text)) {
    const words = JSON.stringify(text);
    const message = `resourceVersion: Invalid value: ${words}: strconv.ParseUint: parsing ${words}: invalid syntax`;
    throw new ApiError(500, { message });
  }
  const streaming = query.get("sendInitialEvents") === "true";
  const fromNow = query.get("sendInitialEvents") === "false" && (text === "" || text === "0");
  const initial = !fromNow && (streaming || text === "" || text === "0");
  return { initial, streaming, revision: fromNow ? now : Number(text) };
}

/** Errors: 422 where the parameters of a watch do not go together. */
function requireWatchOptions(query: Query): void {
  const match = query.get("resourceVersionMatch") ?? "";
  const field = "resourceVersionMatch";
  const forbidden = (detail: string) => cause({ reason: "FieldValueForbidden", field, detail });
  const causes: Cause[] = [];
  if (query.has("sendInitialEvents")) {
    if (match !== "NotOlderThan")
      causes.push(forbidden("sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
    if (match !== "" && match !== "NotOlderThan") {
      causes.push(
        cause({ reason: "FieldValueNotSupported", field, value: match, detail: 'supported values: "NotOlderThan"' }),
      );
    }
  } else if (match !== "")
    causes.push(forbidden("resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"));
  if (causes.length > 0) throw invalid({ group: "meta.k8s.io", kind: "ListOptions" }, causes);
}

function eventFor(
  write: Committed,
  seen: (object: LiveObject) => boolean,
): { type: Committed["type"]; object: LiveObject } | undefined {
  const { type, object, previous } = write;
  const before = previous !== undefined && seen(previous);
  if (type === "DELETED") return before ? { type, object } : undefined;
  if (seen(object)) return { type: before ? "MODIFIED" : "ADDED", object };
  if (!before) return undefined;
  // The last state that the selector saw, at the version at which it lost sight of it.
  const { resourceVersion } = object.metadata;
  return { type: "DELETED", object: { ...previous, metadata: { ...previous.metadata, resourceVersion } } };
}

function bookmarkOf(
  { resource }: Target,
  { revision, annotations }: { revision: number; annotations: JsonObject | undefined },
): JsonObject {
  return {
    kind: resource.kind,
    apiVersion: apiVersionOfResource(resource),
    metadata: {
      resourceVersion: String(revision),

      ...(annotations === undefined ? {} : { annotations }),
    },
  };
}

function tooOld(asked: number, now: number): ApiError {
  return new ApiError(410, { reason: "Expired", message: `too old resource version: ${asked} (${now})` });
}
