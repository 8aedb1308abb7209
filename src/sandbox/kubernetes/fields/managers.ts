import { type FieldTree, fieldsV1Of, isNothing, parseFields } from "../../../diff/index.ts";
import type { KubeObject, ManagedFieldsEntry, ObjectMeta } from "../../../model/index.ts";
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

/** Undefined where one of the entries is not as the server would have written it. */
export function readManagers({ metadata }: Pick<KubeObject, "metadata">): Managers | undefined {
  const managers = new Map<string, Manager>();
  for (const entry of metadata.managedFields ?? []) {
    const manager = readEntry(entry);
    if (manager === undefined) return undefined;
    managers.set(managerKey(manager), manager);
  }
  return managers;
}

function readEntry(entry: ManagedFieldsEntry): Manager | undefined {
  const { manager = "", operation, apiVersion = "", subresource = "", time, fieldsType, fieldsV1 } = entry;
  const fields = parseFields(fieldsV1 ?? {});
  if (fields === undefined || apiVersion === "" || fieldsType !== "FieldsV1") return undefined;
  if (operation !== "Apply" && operation !== "Update") return undefined;
  const through = subresource === "" ? {} : { subresource };
  return { manager, operation, apiVersion, fields, ...through, ...(time === undefined ? {} : { time }) };
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

export function managerOf(
  { manager, operation, subresource }: Omit<Writer, "time">,
  apiVersion: string,
): Omit<Manager, "fields"> {
  return { manager, operation, apiVersion, ...(subresource === undefined ? {} : { subresource }) };
}
