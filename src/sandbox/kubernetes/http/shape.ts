import { isJsonObject, type JsonObject, type LiveObject } from "../../../model/index.ts";
import { badRequest } from "../api-error.ts";
import type { ListPage } from "../storage/paging.ts";
import { tableOf } from "../tables/index.ts";
import type { Machine, Target } from "../verbs/machine.ts";
import { listDocument, listMetadata, type Query } from "../verbs/read.ts";
import type { WatchEvent } from "../verbs/watch.ts";
import type { Answering } from "./negotiate.ts";

/** Objects, lists and events as the client wants to see them: whole, as rows of a Table, or as their metadata alone. */
export interface Shaper {
  readonly contentType: string;
  object(object: JsonObject | LiveObject): JsonObject | LiveObject;
  list(page: ListPage): JsonObject;
  event(event: WatchEvent): JsonObject | LiveObject;
}

const META = "meta.k8s.io/v1";

export function shaperOf(
  machine: Machine,
  { target, query, answering }: { target: Target; query: Query; answering: Answering },
): Shaper {
  const { contentType } = answering;
  if (answering.shape === "Table") return tables(machine, { target, query, contentType });
  if (answering.shape === "PartialObjectMetadata") return partial(contentType);
  return {
    contentType,
    object: (object) => object,
    list: (page) => listDocument(target, page),
    event: ({ object }) => object,
  };
}

function partial(contentType: string): Shaper {
  const item = (object: JsonObject | LiveObject): JsonObject => ({
    kind: "PartialObjectMetadata",
    apiVersion: META,
    metadata: metadataOf(object),
  });
  return {
    contentType,
    object: (object) => (isKept(object) ? item(object) : object),
    list: (page) => ({
      kind: "PartialObjectMetadataList",
      apiVersion: META,
      metadata: listMetadata(page),
      items: page.items.map(item),
    }),
    event: ({ type, object }) => (type === "ERROR" ? object : item(object)),
  };
}

function metadataOf({ metadata }: JsonObject | LiveObject): JsonObject {
  return isJsonObject(metadata) ? metadata : {};
}

/** A Status is an answer about an object, not one. */
function isKept(object: JsonObject | LiveObject): object is LiveObject {
  return object.kind !== "Status";
}

const INCLUDED = ["Metadata", "Object", "None"];

function tables(
  machine: Machine,
  { target, query, contentType }: { target: Target; query: Query; contentType: string },
): Shaper {
  const { resource } = target;
  const includeObject = query.get("includeObject") || "Metadata";
  if (!INCLUDED.includes(includeObject)) {
    const words = `includeObject: Invalid value: ${JSON.stringify(includeObject)}: must be 'Metadata', 'Object', 'None', or empty`;
    throw badRequest(`Unable to convert to Table as requested: ${words}`);
  }
  const now = new Date(machine.now());
  const table = (objects: readonly LiveObject[], metadata: JsonObject, columns = true): JsonObject =>
    tableOf({ resource, objects, metadata, includeObject, columns, now });
  let first = true;
  return {
    contentType,
    object: (object) => (isKept(object) ? table([object as LiveObject], versionOf(object)) : object),
    list: (page) => table(page.items, listMetadata(page)),
    event: ({ type, object }) => {
      if (type === "ERROR") return object;
      const columns = first;
      first = false;
      const row = type === "BOOKMARK" ? [] : [object as LiveObject];
      return table(row, versionOf(object), columns);
    },
  };
}

function versionOf(object: JsonObject | LiveObject): JsonObject {
  const { resourceVersion = "" } = metadataOf(object);
  return { resourceVersion };
}
