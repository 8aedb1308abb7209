import { type FieldTree, fieldsV1Of, isNothing, parseFields } from "../../../diff/index.ts";
import type { KubeObject, ManagedFieldsEntry, ObjectMeta } from "../../../model/index.ts";
import { ApiError } from "../api-error.ts";
import type { Writer } from "../types.ts";

/** Who owns which fields; the key tells writers apart as the server does. */
export type Managers = ReadonlyMap<string, Manager>;

export interface Manager {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly subresource?: string;
  /** Absent for what was written through /scale. */
  readonly time?: string;
  readonly fields: FieldTree;
}

/** An Apply is known by its name and subresource alone, an Update by its version too. */
export function managerKey({ manager, operation, apiVersion, subresource = "" }: Omit<Manager, "fields">): string {
  return JSON.stringify([manager, operation, operation === "Apply" ? "" : apiVersion, subresource]);
}

/** Errors: 400 or 422 for entries that the server would not have written. */
export function readManagers({ metadata }: Pick<KubeObject, "metadata">): Managers {
  const managers = new Map<string, Manager>();
  for (const entry of metadata.managedFields ?? []) {
    const manager = readEntry(entry);
    managers.set(managerKey(manager), manager);
  }
  return managers;
}

function readEntry({
  manager = "",
  operation,
  apiVersion = "",
  subresource,
  time,
  fieldsType,
  fieldsV1,
}: ManagedFieldsEntry): Manager {
  if (operation !== "Apply" && operation !== "Update") {
    throw unreadable(`operation must be \`Apply\` or \`Update\`: ${JSON.stringify(operation ?? "")}`);
  }
  if (fieldsType !== "FieldsV1")
    throw unreadable(`fieldsType must be \`FieldsV1\`: ${JSON.stringify(fieldsType ?? "")}`);
  const fields = parseFields(fieldsV1 ?? {});
  if (fields === undefined) throw unreadable("fieldsV1 is no set of fields");
  return {
    manager,
    operation,
    apiVersion,
    fields,
    ...(subresource === undefined || subresource === "" ? {} : { subresource }),
    ...(time === undefined ? {} : { time }),
  };
}

function unreadable(why: string): ApiError {
  return new ApiError(422, { reason: "Invalid", message: `metadata.managedFields: Invalid value: ${why}` });
}

/** The metadata with these managers' entries; without any where nobody owns anything. */
export function withManagers({ managedFields: _, ...metadata }: ObjectMeta, managers: Managers): ObjectMeta {
  const entries = entriesOf(managers);
  return entries.length === 0 ? metadata : { ...metadata, managedFields: entries };
}

/** In the server's order: who applied before who updated, then by time and by name. */
function entriesOf(managers: Managers): ManagedFieldsEntry[] {
  return [...managers.values()]
    .filter(({ fields }) => !isNothing(fields))
    .sort((one, other) => (orderKey(one) < orderKey(other) ? -1 : 1))
    .map(({ manager, operation, apiVersion, time, fields, subresource }) => ({
      manager,
      operation,
      apiVersion,
      ...(time === undefined ? {} : { time }),
      fieldsType: "FieldsV1",
      fieldsV1: fieldsV1Of(fields),
      ...(subresource === undefined ? {} : { subresource }),
    }));
}

function orderKey({ operation, time = "", manager, apiVersion, subresource = "" }: Manager): string {
  return [operation, time, manager, apiVersion, subresource].join("\0");
}

export function managerOf({ manager, operation, subresource }: Writer, apiVersion: string): Omit<Manager, "fields"> {
  return { manager, operation, apiVersion, ...(subresource === undefined ? {} : { subresource }) };
}
