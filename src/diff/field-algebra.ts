import type { JsonObject } from "../model/index.ts";
import { type FieldTree, NO_FIELDS } from "./field-set.ts";

/** Sets of fields as sets: of the places themselves, not of what is below them. Source: structured-merge-diff, fieldpath. */
export function union(one: FieldTree, other: FieldTree): FieldTree {
  if (isNothing(one)) return other;
  const children = new Map(one.children);
  for (const [element, child] of other.children)
    children.set(element, union(children.get(element) ?? NO_FIELDS, child));
  return { member: one.member || other.member, children };
}

/** What is in `one` and not in `other`. */
export function without(one: FieldTree, other: FieldTree): FieldTree {
  return filtered(one, other, { member: one.member && !other.member, alone: true });
}

export function common(one: FieldTree, other: FieldTree): FieldTree {
  return filtered(one, other, { member: one.member && other.member, alone: false });
}

/** `alone`: whether a child that only `one` has stays. */
function filtered(one: FieldTree, other: FieldTree, { member, alone }: { member: boolean; alone: boolean }): FieldTree {
  const children = new Map<string, FieldTree>();
  for (const [element, child] of one.children) {
    const there = other.children.get(element);
    const left =
      there === undefined ? (alone ? child : NO_FIELDS) : alone ? without(child, there) : common(child, there);
    if (!isNothing(left)) children.set(element, left);
  }
  return { member, children };
}

export function isNothing({ member, children }: FieldTree): boolean {
  return !member && children.size === 0;
}

/** As managedFields keeps it, in the server's order. */
export function fieldsV1Of(tree: FieldTree): JsonObject {
  const children = [...tree.children].sort(([one], [other]) => (one < other ? -1 : 1));
  const entries = children.map(([element, child]): [string, JsonObject] => [element, fieldsV1Of(child)]);
  return Object.fromEntries(tree.member && entries.length > 0 ? [[".", {}], ...entries] : entries);
}
