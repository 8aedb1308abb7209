import { common, type FieldTree, isNothing, NO_FIELDS, union, without } from "../../../diff/index.ts";
import { canonicalJson } from "../../../kit/hash.ts";
import {
  isJsonObject,
  type JsonObject,
  type KubeObject,
  type LiveObject,
  type SchemaNode,
} from "../../../model/index.ts";
import { ApiError } from "../api-error.ts";
import type { Writer } from "../types.ts";
import { type Changes, changesBetween } from "./changes.ts";
import { conflictError, type OwnedBy } from "./conflict.ts";
import { isKubectl, stillAsApplied, withLastApplied } from "./last-applied.ts";
import { type Manager, type Managers, managerKey, managerOf, readManagers, withManagers } from "./managers.ts";
import { merged } from "./merge.ts";
import { fieldsOf, jsonOf, ownablePart } from "./ownable.ts";
import { withoutFields, withParents } from "./removal.ts";

export interface Application {
  readonly live: LiveObject | undefined;
  readonly manifest: KubeObject;
  readonly schema: SchemaNode;
  readonly writer: Writer;
  /** Takes fields that others own. */
  readonly force: boolean;
  /** Fields at the root that this way of writing cannot change. */
  readonly resets: readonly string[];
}

/**
 * Server-side apply: the object as it is to be, with its managedFields; not yet defaulted or validated. What this manager applied the last
 * time, and neither applies now nor shares with anybody, is taken out.
 * Errors: 400 for managedFields in the manifest, 409 with one cause a field that another manager owns. Source: Kubernetes, "Server-Side
 * Apply"; structured-merge-diff, merge.
 */
export function applyFields({ live, manifest, schema, writer, force, resets }: Application): KubeObject {
  if ((manifest.metadata.managedFields ?? null) !== null) {
    throw new ApiError(400, { reason: "BadRequest", message: "metadata.managedFields must be nil" });
  }
  const before = managersBefore(live, { schema, writer, resets });
  const self = managerOf(writer, manifest.apiVersion);
  const key = managerKey(self);
  const last = before.get(key)?.fields;
  const own: Manager = { ...self, fields: fieldsOf(jsonOf(manifest), schema, resets) };
  const managers = new Map([...before, [key, own]]);
  const whole = asObject(merged(live && jsonOf(live), withoutReset(jsonOf(manifest), resets), schema));
  const gone = last === undefined ? NO_FIELDS : prunedFields(whole, { last, managers, schema });
  const object = asObject(withoutFields(whole, gone, schema));
  const changes = changesBetween(live && jsonOf(live), object, { schema, resets });
  const { left, taken } = withoutTaken(managers, changes, key);
  const refused = force
    ? []
    : notAllowed(taken, live !== undefined && isKubectl(writer) ? stillAsApplied(live, schema) : NO_FIELDS);
  if (refused.length > 0) throw conflictError(refused);
  // An apply that changes nothing leaves the time as it was, and one that was never written has none.
  const time = writer.subresource === "scale" ? undefined : isSame(live, object) ? before.get(key)?.time : writer.time;
  const entries = new Map([...left, [key, { ...own, ...(time === undefined ? {} : { time }) }]]);
  const { apiVersion, kind, metadata } = manifest;
  const names = { name: metadata.name, ...asObject(object["metadata"]) };
  const noted = isKubectl(writer) ? withLastApplied(names, manifest) : names;
  return { ...object, apiVersion, kind, metadata: withManagers(noted, entries) };
}

/** The conflicts that remain when these fields may be taken. */
function notAllowed(taken: readonly OwnedBy[], allowed: FieldTree): OwnedBy[] {
  const refused = taken.map(({ manager, fields }) => ({ manager, fields: without(fields, allowed) }));
  return refused.filter(({ fields }) => !isNothing(fields));
}

function isSame(live: LiveObject | undefined, object: JsonObject): boolean {
  return live !== undefined && canonicalJson(ownablePart(jsonOf(live), [])) === canonicalJson(ownablePart(object, []));
}

function withoutReset(manifest: JsonObject, resets: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(manifest).filter(([name]) => !resets.includes(name)));
}

/** What was there before anybody applied belongs to one who updated it. */
function managersBefore(
  live: LiveObject | undefined,
  { schema, writer, resets }: Pick<Application, "schema" | "writer" | "resets">,
): Managers {
  const managers = (live && readManagers(live)) ?? new Map();
  if (live === undefined || managers.size > 0) return managers;
  const fields = changesBetween(undefined, jsonOf(live), { schema, resets }).written;
  const first = managerOf({ ...writer, manager: "before-first-apply", operation: "Update" }, live.apiVersion);
  return new Map([[managerKey(first), { ...first, time: writer.time, fields }]]);
}

interface Pruning {
  readonly last: FieldTree;
  readonly managers: Managers;
  readonly schema: SchemaNode;
}

/** First all that was applied the last time goes; then what anybody owns now comes back; then what was never in that last set. */
function prunedFields(whole: JsonObject, { last, managers, schema }: Pruning): FieldTree {
  const parents = (tree: FieldTree): FieldTree => keepMetadata(withParents(tree, schema));
  const lastWithParents = parents(last);
  const all = parents(fieldsOf(whole, schema));
  const owned = parents([...managers.values()].reduce((sum, { fields }) => union(sum, fields), NO_FIELDS));
  const rest = (gone: FieldTree): JsonObject => asObject(withoutFields(whole, gone, schema));
  const remaining = parents(fieldsOf(rest(lastWithParents), schema));
  const withOwned = parents(fieldsOf(rest(without(all, union(remaining, owned))), schema));
  return common(without(all, withOwned), lastWithParents);
}

/** An object keeps its metadata, whoever owned what in it. */
function keepMetadata(tree: FieldTree): FieldTree {
  const metadata = tree.children.get("f:metadata");
  return metadata === undefined
    ? tree
    : { ...tree, children: new Map([...tree.children, ["f:metadata", { ...metadata, member: false }]]) };
}

/** What one writer changed is not the others' any more. */
export function withoutTaken(
  managers: Managers,
  { written, removed }: Changes,
  self: string,
): { left: Managers; taken: OwnedBy[] } {
  const left = new Map<string, Manager>();
  const taken: OwnedBy[] = [];
  for (const [key, manager] of managers) {
    if (key === self) left.set(key, manager);
    else {
      const fields = common(manager.fields, written);
      if (!isNothing(fields)) taken.push({ manager, fields });
      left.set(key, { ...manager, fields: without(without(manager.fields, fields), removed) });
    }
  }
  return { left, taken };
}

function asObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
