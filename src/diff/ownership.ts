import { FIELD_MANAGER, type LiveObject, type ManagedFieldsEntry } from "../model/index.ts";
import { type FieldTree, owns, parseFields } from "./field-set.ts";

/** One writer of the object and the fields that it has. */
export interface Owner {
  readonly entry: ManagedFieldsEntry;
  readonly fields: FieldTree;
}

export interface Ownership {
  readonly ours: Owner | undefined;
  readonly others: readonly Owner[];
  /** In an adoption: who has what is `ours` by then, for the fields' authors. */
  readonly previous?: readonly Owner[];
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

/** Everyone who has the field, the one that wrote last first; those whose time is not known (written through /scale) come after the others. */
export function ownersOf(owners: readonly Owner[], elements: readonly string[]): readonly Owner[] {
  return newestFirst(owners.filter(({ fields }) => owns(fields, elements)));
}

/** The one that wrote last among those that have the field. */
export function ownerOf(owners: readonly Owner[], elements: readonly string[]): Owner | undefined {
  return ownersOf(owners, elements)[0];
}

export function newestFirst(owners: readonly Owner[]): readonly Owner[] {
  return owners.length < 2 ? owners : owners.toSorted((one, other) => timeOf(other) - timeOf(one));
}

const UNKNOWN = Number.MIN_SAFE_INTEGER;

/** Milliseconds since the epoch; UNKNOWN where there is no time, or none that RFC 3339 knows. */
function timeOf({ entry: { time } }: Owner): number {
  return isTime(time) ? Date.parse(time) : UNKNOWN;
}

export function isTime(time: unknown): time is string {
  if (typeof time !== "string" || time.length > 40) return false;
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(time) && !Number.isNaN(Date.parse(time));
}

/** Known to have written after the other. Whole seconds, so two writes within one are not told apart. */
export function isNewer(one: Owner, other: Owner): boolean {
  return timeOf(other) !== UNKNOWN && timeOf(one) > timeOf(other);
}

/** May have written after the other: within one second the server does not say which was first. */
export function mayBeNewer(one: Owner, other: Owner): boolean {
  return timeOf(other) !== UNKNOWN && timeOf(one) >= timeOf(other);
}

/** Whether every owner's paths are those of this version: entries stay in the version in which they were written, and the server
 *  converts none of them for a reader. Every entry that the server has written names one. */
export function isOneVersion({ ours, others }: Ownership, apiVersion: string): boolean {
  return [...(ours === undefined ? [] : [ours]), ...others].every(
    ({ entry }) => (entry.apiVersion ?? apiVersion) === apiVersion || entry.subresource === "status",
  );
}
