import type { Operation } from "fast-json-patch";
import { compareText } from "../kit/compare-text.ts";
import { parseJson } from "../kit/parse-json.ts";
import {
  APPLIED_ANNOTATION,
  FIELD_MANAGER,
  isJsonObject,
  type Json,
  type LiveObject,
  type ManagedFieldsEntry,
  type SchemaNode,
} from "../model/index.ts";
import { common, fieldsV1Of, isNothing, union, without } from "./field-algebra.ts";
import { childrenAt, childSchema, type FieldPath, jsonOf, tokensOf } from "./field-path.ts";
import { type FieldTree, fieldSetOf, isHold, NO_FIELDS, owns } from "./field-set.ts";
import { leave } from "./ignore/leave.ts";
import { LAST_APPLIED } from "./mask.ts";
import { entriesOf, isOurEntry, type Owner, type Ownership, readOwnership } from "./ownership.ts";
import { isMixed, writerOf } from "./previous-writers.ts";
import type { VersionedPatch } from "./removal-patch.ts";
import { toolMarksOf } from "./tool-marks.ts";
import type { CompareInput } from "./types.ts";

/** What an adoption goes by: what the rules leave to others stays with whoever has it. */
export type AdoptionContext = Pick<CompareInput, "desired" | "schema" | "ignore" | "autoscaler">;

const STAMP = ["f:metadata", "f:annotations", `f:${APPLIED_ANNOTATION}`];

/** Our apply has gone over the object whole: it says so itself, under our name. An adoption that was cut short leaves it without. */
export function isStampedByUs(live: LiveObject): boolean {
  return owns(readOwnership(live).ours?.fields ?? NO_FIELDS, STAMP);
}

/** The tools whose older manifests are among the owners, with their names as field managers. */
export function previousWriters(live: LiveObject): { readonly tool: string; readonly manager: string }[] {
  return entriesOf(live).flatMap((entry) => {
    const tool = writerOf(entry, live);
    return tool === undefined ? [] : [{ tool, manager: entry.manager ?? "" }];
  });
}

/** Ownership as it will be when the older manifests are ours: what they have and Git has not is removed by the apply that follows. */
export function ownershipWhenAdopted(live: LiveObject, context: AdoptionContext): Ownership {
  const { ours, parts, marks } = takenApart(live, context);
  const fields = parts.reduce((all, { taken }) => union(all, taken), union(ours?.fields ?? NO_FIELDS, marks));
  const previous = parts.map(({ entry, taken }) => ({ entry, fields: taken }));
  const others = parts.map(({ entry, fields: all, taken }) => ({ entry, fields: without(all, taken) }));
  // Without a time of ours, nobody is later than us: whoever wrote last, Git is ahead.
  return { ours: { entry: {}, fields }, others, previous };
}

export interface Takeover extends VersionedPatch {
  /** Older manifests in other versions of the kind are left: after an apply there is another takeover to do. */
  readonly more: boolean;
}

/**
 * The patch that makes the older manifests ours, as RFC 6902 operations on managedFields alone. An apply without it would leave
 * everything that Git does not have, for the previous writer goes on owning it. An entry speaks of one version of the kind, and ours has
 * one at a time, so entries in other versions come first, one version a takeover. Undefined: there is nothing to take over.
 * Source: Kubernetes, "Server-Side Apply", on upgrading from client-side apply.
 */
export function takeover(live: LiveObject, context: AdoptionContext): Takeover | undefined {
  const { ours, parts, marks } = takenApart(live, context);
  const older = parts.filter(({ taken }) => !isNothing(taken));
  const versions = [...new Set(older.map(({ entry }) => versionOf(entry)))].sort(compareText);
  const version = versions.find((one) => one !== live.apiVersion) ?? live.apiVersion;
  const now = older.filter(({ entry }) => versionOf(entry) === version);
  if (now.length === 0 && isNothing(without(marks, ours?.fields ?? NO_FIELDS))) return undefined;
  const known = ours !== undefined && versionOf(ours.entry) === version ? ours.fields : NO_FIELDS;
  const fields = now.reduce((all, { taken }) => union(all, taken), union(known, marks));
  const times = [...now, ...(ours === undefined ? [] : [ours])].map(({ entry }) => entry.time);
  const left = parts.flatMap((part) => remaining(part, now.includes(part)));
  const value = [...unread(live), ...left, ourEntry(fields, version, times)];
  const { resourceVersion } = live.metadata;
  const operations: Operation[] = [
    { op: "replace", path: "/metadata/resourceVersion", value: resourceVersion },
    { op: "add", path: "/metadata/managedFields", value },
  ];
  return { resourceVersion, operations, more: versions.length > 1 };
}

function versionOf({ apiVersion }: ManagedFieldsEntry): string {
  return typeof apiVersion === "string" ? apiVersion : "";
}

/** What others go on having. */
function remaining({ entry, fields, taken }: Part, isTaken: boolean): ManagedFieldsEntry[] {
  const left = isTaken ? without(fields, taken) : fields;
  return isNothing(left) ? [] : [{ ...entry, fieldsV1: fieldsV1Of(left) }];
}

/** Entries that cannot be read stay as they are. */
function unread(live: LiveObject): readonly ManagedFieldsEntry[] {
  const { ours, others } = readOwnership(live);
  const known = new Set([...others, ...(ours === undefined ? [] : [ours])].map(({ entry }) => entry));
  return entriesOf(live).filter((entry) => !known.has(entry) && !isOurEntry(entry));
}

function ourEntry(
  fields: FieldTree,
  apiVersion: string,
  times: readonly ManagedFieldsEntry["time"][],
): ManagedFieldsEntry {
  const time = times
    .filter((one) => typeof one === "string")
    .sort(compareText)
    .at(-1);
  return {
    ...{ manager: FIELD_MANAGER, operation: "Apply", apiVersion, fieldsType: "FieldsV1", fieldsV1: fieldsV1Of(fields) },
    ...(time !== undefined && { time }),
  };
}

/** What one who is not us has, taken apart. */
interface Part extends Owner {
  /** Becomes ours: a part of `fields`. */
  readonly taken: FieldTree;
}

interface TakenApart {
  readonly ours: Owner | undefined;
  /** Everybody else, without the marks. */
  readonly parts: readonly Part[];
  /** Where tools keep what they know of the object: whoever wrote it, it goes. */
  readonly marks: FieldTree;
}

function takenApart(live: LiveObject, context: AdoptionContext): TakenApart {
  const { ours, others } = readOwnership(live);
  const applied = lastApplied(live, context.schema);
  const stays = staysWithOthers(live, context);
  const marks = without(toolMarksOf(live), stays(toolMarksOf(live)));
  const parts = others.map(({ entry, fields }): Part => {
    const rest = entry.subresource ? fields : without(fields, marks);
    const older = isMixed(entry) ? common(rest, applied ?? NO_FIELDS) : rest;
    const taken = writerOf(entry, live) === undefined ? NO_FIELDS : without(older, stays(older));
    return { entry, fields: rest, taken };
  });
  const isOwned = ours !== undefined || others.some(({ entry }) => !entry.subresource);
  if (isOwned || applied === undefined) return { ours, parts, marks };
  const taken = without(applied, stays(applied));
  const unowned = { manager: KUBECTL, apiVersion: live.apiVersion };
  return { ours, marks, parts: [...parts, { entry: unowned, fields: taken, taken }] };
}

const KUBECTL = "kubectl-client-side-apply";

/** Of an object without owners (they were cut off, or it is older than they are), kubectl's copy says what the manifest had. */
function lastApplied(live: LiveObject, schema: SchemaNode): FieldTree | undefined {
  const text = live.metadata.annotations?.[LAST_APPLIED];
  const manifest = typeof text === "string" ? parseJson(text) : undefined;
  if (!isJsonObject(manifest)) return undefined;
  const metadata = isJsonObject(manifest["metadata"]) ? manifest["metadata"] : {};
  const { name } = live.metadata;
  return fieldSetOf(
    { ...manifest, apiVersion: live.apiVersion, kind: live.kind, metadata: { ...metadata, name } },
    schema,
  );
}

/** What controllers hold an object by, and what they say of it, is no part of a manifest. */
function isControllers(path: FieldPath): boolean {
  return path[0]?.token === "status" || isHold(tokensOf(path));
}

/** The part of a set of fields that is not to be taken. */
function staysWithOthers(live: LiveObject, context: AdoptionContext): (fields: FieldTree) => FieldTree {
  const { desired, schema, ignore, autoscaler } = context;
  const rules = { ...(ignore !== undefined && { ignore }), ...(autoscaler !== undefined && { autoscaler }) };
  const left = leave({ desired, schema, live, ...rules });
  const stays = (path: FieldPath) => isControllers(path) || left?.covers(path) === true;
  return (fields) => chosen(fields, { path: [], live: jsonOf(live), schema }, stays);
}

interface Place {
  readonly path: FieldPath;
  readonly live: Json;
  readonly schema: SchemaNode;
}

function chosen(fields: FieldTree, place: Place, fits: (path: FieldPath) => boolean): FieldTree {
  const children = new Map<string, FieldTree>();
  for (const { step, value } of childrenAt(place.live, fields.children.keys(), place.schema)) {
    const path = [...place.path, step];
    const child = fields.children.get(step.element) ?? NO_FIELDS;
    const below = { path, live: value, schema: childSchema(place.schema, step.element) };
    const found = fits(path) ? child : chosen(child, below, fits);
    if (!isNothing(found)) children.set(step.element, found);
  }
  return { member: false, children };
}
