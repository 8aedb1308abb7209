import { globMatches } from "../../kit/glob.ts";
import {
  APPLIED_ANNOTATION,
  ID_ANNOTATION,
  type Json,
  type KubeObject,
  type LiveObject,
  PART_OF_LABEL,
  type SchemaNode,
} from "../../model/index.ts";
import { childrenAt, elementsOf, jsonOf, tokensOf, valueAtPath } from "../field-path.ts";
import { type FieldTree, isServersPart, NO_FIELDS, owns } from "../field-set.ts";
import { type Owner, type Ownership, ownerOf } from "../ownership.ts";
import type { FieldRule } from "./field-rule.ts";
import type { Tally } from "./filter.ts";
import { below, childrenOf, rootSpot, type Spot, select } from "./spot.ts";

/** One object, and the rules that are about it. */
export interface Leaving {
  readonly rules: readonly FieldRule[];
  readonly desired: KubeObject;
  readonly live: LiveObject | undefined;
  readonly schema: SchemaNode;
  readonly ownership: Ownership;
  readonly tally?: Tally;
}

/** A place that a rule names, in one of the object's documents. */
export interface LeftPlace extends Spot {
  readonly rule: FieldRule;
}

/** Every place of a document (the manifest, live, the dry run's answer) that rules name, the first rule's first. */
export function leftPlaces(document: Json, leaving: Leaving): LeftPlace[] {
  const root = rootSpot(document, leaving.schema);
  return leaving.rules.flatMap((rule) =>
    spotsOf(rule, root, leaving)
      .flatMap(withoutNames)
      .filter((spot) => rule.only === undefined || rule.only(factsOf(spot, leaving)))
      .map((spot) => ({ ...spot, rule })),
  );
}

function factsOf({ path }: Spot, { desired, schema, ownership }: Leaving) {
  const owner = ownerOf(ownership.others, elementsOf(path));
  return { desired: valueAtPath(jsonOf(desired), path, schema), manager: owner?.entry.manager };
}

/** Several ways must all lead to a field, or to something above it. */
function spotsOf({ ways, manager }: FieldRule, root: Spot, { ownership, tally = { steps: 0 } }: Leaving): Spot[] {
  let spots = [root];
  for (const [rank, way] of ways.entries()) {
    const found = select(way, root, tally);
    spots = rank === 0 ? found : bothOf(spots, found);
  }
  return manager === undefined ? spots : spots.flatMap((spot) => takenIn(spot, manager, ownership));
}

function bothOf(some: readonly Spot[], others: readonly Spot[]): Spot[] {
  const [inSome, inOthers] = [treeOfPlaces(some), treeOfPlaces(others)];
  const lower = some.filter(({ path }) => isCovered(inOthers, path));
  const known = treeOfPlaces(lower);
  return [...lower, ...others.filter(({ path }) => isCovered(inSome, path) && !isCovered(known, path))];
}

/** What of a place others of that name have, and we have not. */
function takenIn(spot: Spot, manager: string, { ours, others }: Ownership): Spot[] {
  const theirs = others.filter(({ entry }) => globMatches(manager, entry.manager ?? ""));
  return theirs.flatMap((owner) => takenBy(owner, spot, ours?.fields ?? NO_FIELDS));
}

function takenBy({ fields }: Owner, spot: Spot, ours: FieldTree): Spot[] {
  let node = fields;
  for (const { element } of spot.path) {
    const next = node.children.get(element);
    // They have the value that this is a part of.
    if (next === undefined) return isLeaf(node) && !owns(ours, elementsOf(spot.path)) ? [spot] : [];
    node = next;
  }
  return takenBelow(node, spot, ours);
}

function takenBelow(theirs: FieldTree, spot: Spot, ours: FieldTree): Spot[] {
  const isItem = spot.path.at(-1)?.element.startsWith("f:") === false && theirs.member;
  if ((isItem || isLeaf(theirs)) && !owns(ours, elementsOf(spot.path))) return [spot];
  return [...childrenAt(spot.value, theirs.children.keys(), spot.schema)].flatMap(({ step, value }) => {
    const child = theirs.children.get(step.element);
    const path = [...spot.path, step];
    if (child === undefined || isServersPart(tokensOf(path))) return [];
    return takenBelow(child, { path, value, ...below(spot, step.element) }, ours);
  });
}

function isLeaf({ member, children }: FieldTree): boolean {
  return member && children.size === 0;
}

/** What says which object it is, and by what Plumbline knows its own: never left to anybody, whatever a rule says. */
const NAMES = [
  ["apiVersion"],
  ["kind"],
  ["metadata", "name"],
  ["metadata", "namespace"],
  ["metadata", "labels", PART_OF_LABEL],
  ["metadata", "annotations", ID_ANNOTATION],
  ["metadata", "annotations", APPLIED_ANNOTATION],
];

/** The place without the names in it: itself, or what else is below it. */
function withoutNames(spot: Spot): Spot[] {
  const tokens = tokensOf(spot.path.slice(0, 3));
  const near = NAMES.filter((name) => tokens.every((token, depth) => name[depth] === token));
  if (near.length === 0 || tokens.length < spot.path.length) return [spot];
  return near.some((name) => name.length === tokens.length) ? [] : childrenOf(spot).flatMap(withoutNames);
}

interface Draft {
  member: boolean;
  readonly children: Map<string, Draft>;
}

/** The places as a set of fields. */
export function treeOfPlaces(places: readonly Pick<Spot, "path">[]): FieldTree {
  const root: Draft = { member: false, children: new Map() };
  for (const { path } of places) {
    let node = root;
    for (const { element } of path) {
      const next: Draft = node.children.get(element) ?? { member: false, children: new Map() };
      node.children.set(element, next);
      node = next;
    }
    node.member = true;
  }
  return root;
}

/** The place, or one above it, is in the set. */
export function isCovered(tree: FieldTree, path: Spot["path"]): boolean {
  let node: FieldTree | undefined = tree;
  for (const { element } of path) {
    if (node.member) return true;
    node = node.children.get(element);
    if (node === undefined) return false;
  }
  return node.member;
}
