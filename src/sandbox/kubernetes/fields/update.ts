import { isNothing, NO_FIELDS, pathsOf, union } from "../../../diff/index.ts";
import {
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type LiveObject,
  type ManagedFieldsEntry,
  type SchemaNode,
} from "../../../model/index.ts";
import type { Writer } from "../types.ts";
import { withoutTaken } from "./apply.ts";
import { type Changes, changesBetween } from "./changes.ts";
import { type Manager, type Managers, managerKey, managerOf, readManagers, withManagers } from "./managers.ts";
import { jsonOf } from "./ownable.ts";

export interface Update {
  readonly before: LiveObject | undefined;
  /** Defaulted. Its managedFields count if it has any: clients may move ownership so. */
  readonly after: KubeObject;
  readonly schema: SchemaNode;
  readonly writer: Writer;
  /** Fields at the root that this way of writing cannot change. */
  readonly resets: readonly string[];
}

/** The object with its managedFields after a create, an update or a patch: what the writer changed is the writer's, and nobody else's.
 *  Where nobody owned anything nobody does afterwards, until somebody applies. */
export function noteUpdate({ before, after, schema, writer, resets }: Update): KubeObject {
  const managers = startingFrom(before, after, writer);
  if (before !== undefined && managers.size === 0)
    return { ...after, metadata: withManagers(after.metadata, managers) };
  // Through /scale the server sees the replicas alone: it notes no time, and nobody where they were nobody's before.
  const scaling = writer.subresource === "scale";
  const all = changesBetween(before && jsonOf(before), jsonOf(after), { schema, resets });
  const changes = scaling ? asScaled(all, jsonOf(after)) : all;
  const self = managerOf(writer, after.apiVersion);
  const key = managerKey(self);
  const { left, taken } = withoutTaken(managers, changes, "");
  const next = new Map(left);
  if (!isNothing(changes.written) && (!scaling || taken.length > 0)) {
    const fields = union(left.get(key)?.fields ?? NO_FIELDS, changes.written);
    next.set(key, { ...self, fields, ...(scaling ? {} : { time: writer.time }) });
  }
  return { ...after, metadata: withManagers(after.metadata, capped(next)) };
}

/** A Scale does not show a number of zero, so it is nobody's: who scales to it takes it from its owners, and has nothing. */
function asScaled(changes: Changes, after: JsonObject): Changes {
  const replicas = [...pathsOf(changes.written)][0]?.reduce<Json | undefined>(
    (value, element) => (isJsonObject(value) ? value[element.slice(2)] : undefined),
    after,
  );
  return replicas === 0 ? { written: NO_FIELDS, removed: changes.written } : changes;
}

/** The ones sent, where they can be read. No entry, or a single empty one, means that all are to be forgotten; a subresource cannot set
 *  them. Source: apimachinery, managedfields (decodeLiveOrNew). */
function startingFrom(before: LiveObject | undefined, { metadata }: KubeObject, { subresource }: Writer): Managers {
  const sent: readonly ManagedFieldsEntry[] | undefined =
    subresource === undefined ? metadata.managedFields : undefined;
  const isEmpty = sent?.every((entry) => Object.keys(entry).length === 0) === true && sent.length < 2;
  if (isEmpty) return new Map();
  const stated = sent && readManagers({ metadata });
  return stated ?? (before && readManagers(before)) ?? new Map();
}

const MOST_UPDATERS = 10;

/** Of more than ten who updated, the oldest become one for each apiVersion. Source: apimachinery, managedfields (capmanagers). */
function capped(managers: Managers): Managers {
  const updaters = [...managers].filter(([, { operation, fields }]) => operation === "Update" && !isNothing(fields));
  let surplus = updaters.length - MOST_UPDATERS;
  const kept = new Map(managers);
  const oldest = new Map<string, [string, Manager]>();
  for (const [key, manager] of updaters.sort(([, one], [, other]) => (ageKey(one) < ageKey(other) ? -1 : 1))) {
    if (surplus <= 0) break;
    const { apiVersion, time, fields } = manager;
    const ancient = managerOf({ manager: "ancient-changes", operation: "Update" }, apiVersion);
    const bucket = managerKey(ancient);
    const first = oldest.get(apiVersion);
    if (first === undefined) oldest.set(apiVersion, [key, manager]);
    else {
      const before = kept.get(bucket) ?? first[1];
      if (!kept.has(bucket)) kept.delete(first[0]);
      kept.delete(key);
      kept.set(bucket, { ...ancient, fields: union(before.fields, fields), ...(time === undefined ? {} : { time }) });
      surplus--;
    }
  }
  return kept;
}

function ageKey({ time = "", manager }: Manager): string {
  return `${time}\0${manager}`;
}
