import { isNothing, NO_FIELDS, union } from "../../../diff/index.ts";
import type { KubeObject, LiveObject, ManagedFieldsEntry, SchemaNode } from "../../../model/index.ts";
import type { Writer } from "../types.ts";
import { withoutTaken } from "./apply.ts";
import { changesBetween } from "./changes.ts";
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
 *  Errors: 422 for managedFields that cannot be read. */
export function noteUpdate({ before, after, schema, writer, resets }: Update): KubeObject {
  const managers = startingFrom(before, after, writer);
  const changes = changesBetween(before && jsonOf(before), jsonOf(after), { schema, resets });
  const self = managerOf(writer, after.apiVersion);
  const key = managerKey(self);
  const { left, taken } = withoutTaken(managers, changes, "");
  const next = new Map(left);
  // Through /scale the server sees the replicas alone: it notes no time, and nobody where they were nobody's before.
  const scaling = writer.subresource === "scale";
  if (!isNothing(changes.written) && (!scaling || taken.length > 0)) {
    const fields = union(left.get(key)?.fields ?? NO_FIELDS, changes.written);
    next.set(key, { ...self, fields, ...(scaling ? {} : { time: writer.time }) });
  }
  return { ...after, metadata: withManagers(after.metadata, capped(next)) };
}

/** The ones sent, unless there are none. A single empty entry means that all are to be forgotten; a subresource cannot set them. */
function startingFrom(before: LiveObject | undefined, { metadata }: KubeObject, { subresource }: Writer): Managers {
  const sent: readonly ManagedFieldsEntry[] = subresource === undefined ? (metadata.managedFields ?? []) : [];
  const [only] = sent;
  if (sent.length === 1 && only !== undefined && Object.keys(only).length === 0) return new Map();
  if (sent.length > 0) return readManagers({ metadata });
  return before === undefined ? new Map<string, Manager>() : readManagers(before);
}

const MOST_UPDATERS = 10;

/** Of more than ten who updated, the oldest become one. Source: apimachinery, managedfields (capmanagers). */
function capped(managers: Managers): Managers {
  const updaters = [...managers].filter(([, { operation, fields }]) => operation === "Update" && !isNothing(fields));
  const surplus = updaters
    .sort(([, one], [, other]) => ((one.time ?? "") < (other.time ?? "") ? -1 : 1))
    .slice(0, Math.max(0, updaters.length - MOST_UPDATERS + (updaters.length > MOST_UPDATERS ? 1 : 0)));
  if (surplus.length === 0) return managers;
  const kept = new Map(managers);
  for (const [key, { apiVersion, time, fields }] of surplus) {
    kept.delete(key);
    const ancient: Manager = {
      manager: "ancient-changes",
      operation: "Update",
      apiVersion,
      fields,
      ...(time === undefined ? {} : { time }),
    };
    const before = kept.get(managerKey(ancient));
    kept.set(managerKey(ancient), { ...ancient, fields: union(before?.fields ?? NO_FIELDS, fields) });
  }
  return kept;
}
