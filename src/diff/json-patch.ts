import jsonPatch, { type Operation } from "fast-json-patch";
import { laterFirst, parsePointer, valueAt } from "../kit/json-pointer.ts";
import {
  type FieldChange,
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type LiveObject,
} from "../model/index.ts";
import { ChangedLists } from "./changed-lists.ts";
import { jsonOf } from "./field-path.ts";
import { maskObject } from "./mask.ts";
import { isMove } from "./moves.ts";
import { withoutServersPart } from "./whole-object.ts";

/** A copy that is written to. */
type Draft = Json[] | { [name: string]: Json | Draft | undefined };

/** An object on the two sides of an apply, as it may be shown. */
export interface Sides {
  /** Live; absent where it is not there yet. */
  readonly before?: JsonObject;
  /** What an apply would make of it, and neither the manifest alone: what others have, and the server's defaults, are in it. Absent where it goes. */
  readonly after?: JsonObject;
}

/** Both sides of what an apply would do to live. Values of Secrets are masked, those that change as in the changes. Only the manifest
 *  tells where in a list new items go; without it they come last. */
export function sidesOf(live: KubeObject | undefined, changes: readonly FieldChange[], manifest?: KubeObject): Sides {
  const whole = changes.find(({ path }) => path === "");
  if (live === undefined) return isJsonObject(whole?.desired) ? { after: whole.desired } : {};
  const before = shownLive(live, changes);
  if (whole !== undefined) return { before };
  const after: Draft = structuredClone({ ...before });
  applyTo(after, changes.filter(isApplied), manifest);
  return { before, after };
}

/** RFC 6902 operations for what an apply would do to live. Of a Secret they carry masks, and are for reading. */
export function toJsonPatch(
  live: KubeObject | undefined,
  changes: readonly FieldChange[],
  manifest?: KubeObject,
): Operation[] {
  const { before, after } = sidesOf(live, changes, manifest);
  if (after === undefined) return before === undefined ? [] : [{ op: "remove", path: "" }];
  if (before === undefined) return [{ op: "add", path: "", value: after }];
  return jsonPatch.compare(before, after);
}

/** RFC 6902 operations that make an object what it is in another answer of the server, but for what the server alone writes.
 *  Values of Secrets are in them: they are for the server. */
export function patchBetween(from: LiveObject, to: LiveObject): Operation[] {
  return jsonPatch.compare(withoutServersPart(jsonOf(from)), withoutServersPart(jsonOf(to)));
}

/** What a mask hides is the same on both sides but where a change says otherwise, with its own markers. */
function shownLive(live: KubeObject, changes: readonly FieldChange[]): JsonObject {
  const masked = maskObject(live);
  if (masked === live) return jsonOf(live);
  const draft: Draft = structuredClone({ ...jsonOf(masked) });
  for (const change of changes.filter(isApplied)) {
    if (change.live !== undefined && change.path !== "" && !isMove(change)) write(draft, change.pointer, change.live);
  }
  return draft;
}

function isApplied({ class: kind, policy, path }: FieldChange): boolean {
  return (kind !== "foreign" || policy === "prune") && path !== "/metadata/deletionTimestamp";
}

/** Nothing moves an item before everything is written that is named by position: new items come last, removals go from the back. */
function applyTo(root: Draft, changes: readonly FieldChange[], manifest: KubeObject | undefined): void {
  const [moves, rest] = split(changes, isMove);
  const [removals, values] = split(rest, ({ desired }) => desired === undefined);
  const [additions, replacements] = split(values, ({ path, live }) => path.endsWith("]") && live === undefined);
  for (const { pointer, desired } of replacements) write(root, pointer, desired);
  const lists = new ChangedLists(manifest);
  for (const change of additions) lists.added(append(root, change), change);
  for (const change of moves) lists.moved(valueAt(root, parsePointer(change.pointer) ?? []), change);
  for (const { pointer } of removals.toSorted((one, other) => laterFirst(one.pointer, other.pointer))) {
    write(root, pointer, undefined);
  }
  lists.arrange();
}

function split<T>(all: readonly T[], fits: (one: T) => boolean): [T[], T[]] {
  return [all.filter(fits), all.filter((one) => !fits(one))];
}

function isDraft(value: unknown): value is Draft {
  return typeof value === "object" && value !== null;
}

/** The place's parent, made where it is missing, and its own name. */
function parentOf(root: Draft, pointer: string, lists: boolean): { parent: Draft; name: string } | undefined {
  const tokens = parsePointer(pointer) ?? [];
  const name = tokens.pop();
  let parent = root;
  for (const [depth, token] of tokens.entries()) {
    const there: unknown = get(parent, token);
    const next: Draft = isDraft(there) ? there : lists && depth === tokens.length - 1 ? [] : {};
    if (next !== there) set(parent, token, next);
    parent = next;
  }
  return name === undefined ? undefined : { parent, name };
}

function get(parent: Draft, name: string): unknown {
  return Array.isArray(parent) ? parent[Number(name)] : Object.hasOwn(parent, name) ? parent[name] : undefined;
}

function set(parent: Draft, name: string, value: Json | Draft): void {
  Object.defineProperty(parent, name, { value, writable: true, enumerable: true, configurable: true });
}

function write(root: Draft, pointer: string, value: Json | undefined): void {
  const place = parentOf(root, pointer, false);
  if (place === undefined) return;
  const { parent, name } = place;
  if (value !== undefined) set(parent, name, value);
  else if (Array.isArray(parent)) parent.splice(Number(name), 1);
  else delete parent[name];
}

/** The list that it now stands in. */
function append(root: Draft, { pointer, desired }: FieldChange): unknown {
  const parent = parentOf(root, pointer, true)?.parent;
  if (Array.isArray(parent) && desired !== undefined) parent.push(desired);
  return parent;
}
