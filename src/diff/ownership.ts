import { FIELD_MANAGER, type FieldChange, type LiveObject, type ManagedFieldsEntry } from "../model/index.ts";
import { type FieldTree, owns, parseFields } from "./field-set.ts";

/** One writer of the object and the fields that it has. */
export interface Owner {
  readonly entry: ManagedFieldsEntry;
  readonly fields: FieldTree;
}

export interface Ownership {
  readonly ours: Owner | undefined;
  readonly others: readonly Owner[];
}

/** Our manager name with operation Update, or through a subresource, is somebody else to the server. */
export function isOurEntry(entry: ManagedFieldsEntry): boolean {
  return entry.manager === FIELD_MANAGER && entry.operation === "Apply" && !entry.subresource;
}

export function entriesOf(live: LiveObject): readonly ManagedFieldsEntry[] {
  const entries: unknown = live.metadata.managedFields;
  return Array.isArray(entries) ? entries.filter((entry) => typeof entry === "object" && entry !== null) : [];
}

/** Entries that cannot be read count as owning nothing. */
export function readOwnership(live: LiveObject): Ownership {
  let ours: Owner | undefined;
  const others: Owner[] = [];
  for (const entry of entriesOf(live)) {
    const fields = parseFields(entry.fieldsV1);
    if (fields === undefined) continue;
    if (isOurEntry(entry)) ours = { entry, fields };
    else others.push({ entry, fields });
  }
  return { ours, others };
}

/** The one that wrote last among those that have the field; an entry without a time (written through /scale) comes after those with one. */
export function ownerOf(owners: readonly Owner[], elements: readonly string[]): Owner | undefined {
  let best: Owner | undefined;
  for (const owner of owners) {
    if (owns(owner.fields, elements) && (best === undefined || timeOf(owner) > timeOf(best))) best = owner;
  }
  return best;
}

function timeOf({ entry }: Owner): string {
  return typeof entry.time === "string" ? entry.time : "";
}

/** Known to have written after the other. Whole seconds, so two writes within one are not told apart. */
export function isNewer(one: Owner, other: Owner): boolean {
  return timeOf(one) !== "" && timeOf(other) !== "" && timeOf(one) > timeOf(other);
}

type Author = Pick<FieldChange, "manager" | "operation" | "subresource" | "time">;

export function authorOf(owner: Owner | undefined): Author {
  if (owner === undefined) return {};
  const { manager, operation, subresource, time } = owner.entry;
  return {
    ...(typeof manager === "string" && { manager }),
    ...((operation === "Apply" || operation === "Update") && { operation }),
    ...(typeof subresource === "string" && subresource !== "" && { subresource }),
    ...(typeof time === "string" && { time }),
  };
}
