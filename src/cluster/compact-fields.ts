import { isJsonObject } from "../model/index.ts";

/** The leaf of a set of fields. There is one in the process, where a parsed answer has one for each field: they were half of what an object takes. */
const LEAF = Object.freeze({});
/** Nothing that we apply is deeper. */
const DEEPEST = 256;

/** Makes the leaves of an answer's managedFields one and the same object, in place: nobody else has seen the answer yet. */
export function compactFields(metadata: { readonly managedFields?: unknown }): void {
  const { managedFields } = metadata;
  if (!Array.isArray(managedFields)) return;
  for (const entry of managedFields) if (isJsonObject(entry)) shareLeaves(entry["fieldsV1"], 0);
}

function shareLeaves(fields: unknown, depth: number): void {
  if (!isTree(fields) || depth > DEEPEST) return;
  for (const name in fields) {
    const below = fields[name];
    if (!isTree(below)) continue;
    if (isEmpty(below)) fields[name] = LEAF;
    else shareLeaves(below, depth + 1);
  }
}

type Tree = { [name: string]: unknown };

function isTree(value: unknown): value is Tree {
  return isJsonObject(value);
}

function isEmpty(tree: Tree): boolean {
  for (const _name in tree) return false;
  return true;
}
