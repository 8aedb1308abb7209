import jsonPatch, { type Operation } from "fast-json-patch";
import { parsePointer } from "../kit/json-pointer.ts";
import type { FieldChange, Json, KubeObject } from "../model/index.ts";
import { hasLabel, jsonOf } from "./field-path.ts";
import { maskObject } from "./mask.ts";

/** A copy that is written to. */
type Draft = Json[] | { [name: string]: Json | Draft | undefined };

/** RFC 6902 operations for what an apply would do to live. Without a live object: one that adds the whole.
 *  Values of Secrets are masked as in the changes, so such a patch is for reading. */
export function toJsonPatch(live: KubeObject | undefined, changes: readonly FieldChange[]): Operation[] {
  const whole = changes.find(({ path }) => path === "");
  if (live === undefined) return whole?.desired === undefined ? [] : [{ op: "add", path: "", value: whole.desired }];
  const before = jsonOf(maskObject(live, () => "(masked)"));
  const after: Draft = structuredClone({ ...before });
  const wanted = changes.filter(
    ({ class: kind, policy, path }) =>
      (kind !== "foreign" || policy === "prune") && path !== "/metadata/deletionTimestamp",
  );
  // Values first and removals from the back, so that positions stay those of live; new items after them, moves last.
  const [moves, rest] = split(wanted, isMove);
  const [removals, values] = split(rest, ({ desired }) => desired === undefined);
  const [additions, replacements] = split(values, ({ path, live: value }) => path.endsWith("]") && value === undefined);
  for (const change of replacements) write(after, change);
  for (const change of removals.toReversed()) write(after, change);
  for (const change of additions) append(after, change);
  for (const change of moves) reorder(after, change);
  return jsonPatch.compare(before, after);
}

function split<T>(all: readonly T[], fits: (one: T) => boolean): [T[], T[]] {
  return [all.filter(fits), all.filter((one) => !fits(one))];
}

function isMove({ desired, live }: FieldChange): boolean {
  const labels = (value: unknown) =>
    Array.isArray(value) && value.length > 1 && value.every((one) => typeof one === "string" && one.startsWith("["));
  return labels(desired) && labels(live);
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

function write(root: Draft, { pointer, desired }: FieldChange): void {
  const place = parentOf(root, pointer, false);
  if (place === undefined) return;
  const { parent, name } = place;
  if (desired !== undefined) set(parent, name, desired);
  else if (Array.isArray(parent)) parent.splice(Number(name), 1);
  else delete parent[name];
}

function append(root: Draft, { pointer, desired }: FieldChange): void {
  const parent = parentOf(root, pointer, true)?.parent;
  if (Array.isArray(parent) && desired !== undefined) parent.push(desired);
}

/** Puts the items named by their labels into that order, on the places that they have together. */
function reorder(root: Draft, { pointer, desired }: FieldChange): void {
  const place = parentOf(root, pointer, false);
  const list = place && get(place.parent, place.name);
  if (!Array.isArray(list) || !Array.isArray(desired)) return;
  const items = desired.flatMap((label) => list.find((item) => hasLabel(item, String(label))) ?? []);
  const positions = items.map((item) => list.indexOf(item)).sort((one, other) => one - other);
  positions.forEach((position, rank) => {
    list[position] = items[rank];
  });
}
