import {
  ANY_SCHEMA,
  type ApplicationSpec,
  isJsonObject,
  type Json,
  type KubeObject,
  type ManagedFieldsEntry,
  type SchemaNode,
} from "../model/index.ts";
import { childrenAt, childSchema, type FieldPath, formatPath, isList, jsonOf, tokensOf } from "./field-path.ts";
import { type FieldTree, isHold, isServersPart, NO_FIELDS } from "./field-set.ts";
import { newestFirst, type Owner } from "./ownership.ts";
import { filledByServer } from "./server-defaults.ts";
import { isZero } from "./value-equality.ts";

/** Writers that are part of the control plane: what they add is the cluster working, not somebody's edit. */
const CONTROL_PLANE = new Set([
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-apiserver",
  "cloud-controller-manager",
]);

type ForeignPolicy = ApplicationSpec["foreign"];

/** A field that another manager has and the manifest does not mention. */
export interface ForeignField {
  readonly path: FieldPath;
  readonly live: Json;
  readonly owner: Owner;
}

/** What may be counted or removed. Not what a controller holds on to an object by, and not what came through a subresource (kubectl scale, an
 *  autoscaler): by leaving that out, Git leaves it open. */
export function policyFor({ path, owner }: ForeignField, policy: ForeignPolicy): "count" | "prune" | undefined {
  if (policy === "report" || owner.entry.subresource) return undefined;
  return isHold(tokensOf(path)) ? undefined : policy;
}

export function isForeign(entry: ManagedFieldsEntry): boolean {
  const isWrite = entry.operation === "Update" || entry.operation === "Apply";
  return isWrite && entry.subresource !== "status" && !CONTROL_PLANE.has(entry.manager ?? "");
}

interface ForeignPlace {
  readonly path: FieldPath;
  readonly live: Json | undefined;
  readonly schema: SchemaNode;
  readonly desired: FieldTree;
}

/** By leaf; an added item of a list is one field with its whole value. Where several have it, the one that wrote last is named. */
export function foreignFields(
  live: KubeObject,
  owners: readonly Owner[],
  desired: FieldTree,
  schema: SchemaNode,
): ForeignField[] {
  const found = new Map<string, ForeignField>();
  for (const owner of newestFirst(owners.filter(({ entry }) => isForeign(entry)))) {
    const root = { path: [], live: jsonOf(live), schema, desired };
    walkForeign(root, owner.fields, (path, value) => {
      const key = formatPath(path);
      if (!found.has(key)) found.set(key, { path, live: value, owner });
    });
  }
  const outer = [...found.values()].filter(({ path }) => !isInside(path, found));
  const filled = filledByServer(live, outer.filter(sentWhole), schema);
  return outer.filter((field) => !filled.has(field));
}

/** Only one who sends the whole object becomes owner of what the server fills in, which is never an item of a list by itself. */
function sentWhole({ path, owner: { entry } }: ForeignField): boolean {
  return entry.operation === "Update" && !entry.subresource && path.at(-1)?.element.startsWith("k:") === false;
}

function isInside(path: FieldPath, found: ReadonlyMap<string, ForeignField>): boolean {
  return path.some((_step, depth) => depth > 0 && found.has(formatPath(path.slice(0, depth))));
}

function walkForeign(place: ForeignPlace, theirs: FieldTree, note: (path: FieldPath, value: Json) => void): void {
  for (const { step, value } of childrenAt(place.live, theirs.children.keys(), place.schema)) {
    const path = [...place.path, step];
    const below = theirs.children.get(step.element);
    if (below === undefined || isServersPart(tokensOf(path))) continue;
    const schema = childSchema(place.schema, step.element);
    const named = place.desired.children.get(step.element);
    const isLeaf = below.children.size === 0;
    const isItem = below.member && !step.element.startsWith("f:");
    if (named === undefined && (isLeaf || isItem)) {
      if (isLeaf && !isItem && (isNothing(value) || isOwnedEmpty(value, schema))) continue;
      note(path, value);
    } else if (!isLeaf && !(named !== undefined && isTakenWhole(named, value, schema))) {
      walkForeign({ path, live: value, schema, desired: named ?? NO_FIELDS }, below, note);
    }
  }
}

/** The manifest has the value as one: what is inside belongs to it. */
function isTakenWhole(named: FieldTree, value: Json, schema: SchemaNode): boolean {
  if (!named.member || named.children.size > 0) return false;
  return schema.atomic || schema === ANY_SCHEMA || typeof value !== "object" || isList(value);
}

/** An empty struct or map was written there; what is in it now came by other ways, and has owners of its own if any. */
function isOwnedEmpty(value: Json, schema: SchemaNode): boolean {
  return isJsonObject(value) && !schema.atomic && schema.kind !== "scalar";
}

function isNothing(value: Json): boolean {
  return value === null || (typeof value === "object" && isZero(value));
}
