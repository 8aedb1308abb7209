import { isJsonObject, type JsonObject, type LiveObject } from "../../../model/index.ts";
import type { ServedResource } from "../types.ts";
import type { Column } from "./column.ts";
import { ANY_KIND, columnsOf } from "./columns.ts";
import { customColumns } from "./custom.ts";

export interface Tabled {
  readonly resource: ServedResource;
  readonly objects: readonly LiveObject[];
  /** Of the list: its version, and how to go on. */
  readonly metadata: JsonObject;
  /** None, Metadata or Object: what each row brings of its object. */
  readonly includeObject: string;
  /** Whether the columns are described: only the first Table of a watch does. */
  readonly columns: boolean;
  readonly now: Date;
}

/** A Table of meta.k8s.io/v1: what `kubectl get` prints. Source: Kubernetes, "Receiving resources as Tables". */
export function tableOf({ resource, objects, metadata, includeObject, columns, now }: Tabled): JsonObject {
  const own = resource.custom === undefined ? columnsOf(resource.kind) : customColumns(resource.custom.columns);
  const all = own ?? ANY_KIND;
  const rows = objects.map((object) => {
    const json = isJsonObject(object) ? object : {};
    return { cells: all.map(({ cell }) => cell(json, now)), object: rowObject(object, includeObject) };
  });
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata,
    columnDefinitions: columns ? all.map(definitionOf) : null,
    // Recorded: where the columns are those of any kind, no rows are null.
    rows: own === undefined && rows.length === 0 ? null : rows,
  };
}

function definitionOf({ name, type, format = "", priority = 0, description = "" }: Column): JsonObject {
  return { name, type, format, description, priority };
}

function rowObject(object: LiveObject, include: string): JsonObject | null {
  const { metadata } = object;
  if (include === "Object") return isJsonObject(object) ? object : null;
  if (include === "None" || !isJsonObject(metadata)) return null;
  return { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata };
}
