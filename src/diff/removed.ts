import type { Json, SchemaNode } from "../model/index.ts";
import { childrenAt, childSchema, type FieldPath } from "./field-path.ts";
import type { FieldTree } from "./field-set.ts";
import type { Candidate } from "./walk.ts";

interface RemovalContext {
  /** All owners' paths are those of live's version. */
  readonly oneVersion: boolean;
  readonly isLeft: (path: FieldPath) => boolean;
  readonly out: Candidate[];
}

interface RemovalPlace {
  readonly path: FieldPath;
  readonly live: Json | undefined;
  readonly schema: SchemaNode;
}

/** Collects what an apply would take out of live: what our entry has, and neither the manifest nor anybody else does.
 *  A field goes with all that is below it once nobody owns anything there. An item of a list goes unless another owns the item itself,
 *  even where others own fields inside it. Source: structured-merge-diff, merge/update.go (prune). */
export function walkRemoved(
  place: RemovalPlace,
  last: FieldTree,
  staying: readonly FieldTree[],
  context: RemovalContext,
): void {
  // The usual case, and cheap to tell without a look at live: nothing of ours is left out.
  if (staying.some((tree) => hasAll(tree, last))) return;
  for (const { step, value } of childrenAt(place.live, last.children.keys(), place.schema)) {
    const path = [...place.path, step];
    const below = last.children.get(step.element);
    if (below === undefined || context.isLeft(path)) continue;
    const there = staying.flatMap((tree) => tree.children.get(step.element) ?? []);
    const isField = step.element.startsWith("f:");
    const stays = isField ? there.length > 0 : there.some((tree) => tree.member) || !below.member;
    const isMetadata = path.length === 1 && step.element === "f:metadata";
    const schema = childSchema(place.schema, step.element);
    if (!stays && !isMetadata) {
      // The server may fill the place of a field again (a default, an alias); an item of a list it does not bring back.
      context.out.push({ path, desired: undefined, live: value, certain: !isField && context.oneVersion, move: false });
    } else if (!schema.atomic) walkRemoved({ path, live: value, schema }, below, there, context);
  }
}

/** Every place of `last` is in the tree by itself: then all of it stays. */
function hasAll(tree: FieldTree, last: FieldTree): boolean {
  for (const [element, below] of last.children) {
    const there = tree.children.get(element);
    if (there === undefined || (below.member && !there.member) || !hasAll(there, below)) return false;
  }
  return true;
}
