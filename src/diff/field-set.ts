import { canonicalJson } from "../kit/hash.ts";
import { parseJson } from "../kit/parse-json.ts";
import { ANY_SCHEMA, isJsonObject, type Json, type KubeObject, type SchemaNode } from "../model/index.ts";
import { isList, jsonOf, keyElement, setElement } from "./field-path.ts";

/** A set of fields, as a tree of fieldsV1's elements. `member`: the place itself is in the set, not only what is below it. */
export interface FieldTree {
  readonly member: boolean;
  readonly children: ReadonlyMap<string, FieldTree>;
}

export const NO_FIELDS: FieldTree = { member: false, children: new Map() };
const LEAF: FieldTree = { member: true, children: new Map() };
/** An object may be as deep as a manifest (250), and its fields with it. */
const DEEPEST = 256;

/** Reads managedFields' fieldsV1. Undefined for what the server would not write: then nobody knows who owns what. */
export function parseFields(fields: unknown): FieldTree | undefined {
  const tree = parseBelow(fields, 0);
  return tree && { member: false, children: tree.children };
}

/** Whether parseFields would read it as far as its depth goes. */
export function isShallow(fields: object, depth = 0): boolean {
  if (depth > DEEPEST) return false;
  for (const below of Object.values(fields)) {
    if (typeof below === "object" && below !== null && !isShallow(below, depth + 1)) return false;
  }
  return true;
}

function parseBelow(fields: unknown, depth: number): FieldTree | undefined {
  if (!isJsonObject(fields) || depth > DEEPEST) return undefined;
  const children = new Map<string, FieldTree>();
  let member = false;
  for (const [name, below] of Object.entries(fields)) {
    if (name === ".") member = true;
    else {
      const element = parseElement(name);
      const child = element === undefined ? undefined : parseBelow(below, depth + 1);
      if (element === undefined || child === undefined) return undefined;
      children.set(element, child);
    }
  }
  return { member: member || children.size === 0, children };
}

function parseElement(name: string): string | undefined {
  if (name.startsWith("f:")) return name;
  if (!name.startsWith("k:") && !name.startsWith("v:")) return undefined;
  const value = parseJson(name.slice(2));
  if (value === undefined || (name.startsWith("k:") && !isJsonObject(value))) return undefined;
  return name.slice(0, 2) + canonicalJson(value);
}

/** Names that are never owned: they say which object it is, or belong to the server. */
const UNOWNED_METADATA = new Set([
  ...["name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp"],
  ...["deletionGracePeriodSeconds", "managedFields", "selfLink"],
]);

/** What the server would note as ours after applying this manifest: its leaves, items of list maps by merge key, atomic values as one.
 *  Source: structured-merge-diff, and server-side apply as recorded from kube-apiserver 1.36. */
export function fieldSetOf(object: KubeObject, schema: SchemaNode): FieldTree {
  const children = new Map<string, FieldTree>();
  for (const [name, value] of Object.entries(jsonOf(object))) {
    if (!isManifestField(name) || value === undefined) continue;
    const field = schema.field(name) ?? ANY_SCHEMA;
    const tree = name === "metadata" ? metadataFields(value, field) : treeOf(value, field);
    if (tree !== undefined) children.set(`f:${name}`, tree);
  }
  return { member: false, children };
}

/** apiVersion and kind are names, and status belongs to controllers. */
export function isManifestField(name: string): boolean {
  return name !== "apiVersion" && name !== "kind" && name !== "status";
}

export function isManifestMetadata(name: string): boolean {
  return !UNOWNED_METADATA.has(name);
}

/** What the server or controllers write, by the first names of a place: nobody's manifest says it. */
export function isServersPart([first = "", second]: readonly string[]): boolean {
  if (second === undefined) return !isManifestField(first);
  return first === "metadata" && !isManifestMetadata(second);
}

/** By these controllers hold on to an object: they are not a manifest's to take away. */
const HOLDS = new Set(["finalizers", "ownerReferences"]);

export function isHold([first, second = ""]: readonly string[]): boolean {
  return first === "metadata" && HOLDS.has(second);
}

function metadataFields(metadata: Json, schema: SchemaNode): FieldTree | undefined {
  if (!isJsonObject(metadata)) return undefined;
  const children = new Map<string, FieldTree>();
  for (const [name, value] of Object.entries(metadata)) {
    if (!isManifestMetadata(name) || value === undefined) continue;
    const tree = treeOf(value, schema.field(name) ?? ANY_SCHEMA);
    if (tree !== undefined) children.set(`f:${name}`, tree);
  }
  return children.size > 0 ? { member: false, children } : undefined;
}

/** The fields that a value of this type brings along, below the place where it stands; undefined for none (an empty list map or set). */
export function fieldsOfValue(value: Json, schema: SchemaNode): FieldTree | undefined {
  return treeOf(value, schema);
}

/** Undefined: the value brings no field along (an empty list map or set, or nothing but such). */
function treeOf(value: Json, schema: SchemaNode): FieldTree | undefined {
  if (schema.atomic) return LEAF;
  if (isList(value)) return isMergedList(schema) ? listFields(value, schema) : LEAF;
  if (!isJsonObject(value)) return LEAF;
  const children = new Map<string, FieldTree>();
  let empty = true;
  for (const [name, part] of Object.entries(value)) {
    if (part === undefined) continue;
    empty = false;
    const field = schema.kind === "any" ? ANY_SCHEMA : (schema.field(name) ?? ANY_SCHEMA);
    const tree = treeOf(part, field);
    // Of maps that its schema does not know, the server notes the map itself too.
    if (tree !== undefined) children.set(`f:${name}`, field === ANY_SCHEMA ? { ...tree, member: true } : tree);
  }
  if (empty) return LEAF;
  return children.size > 0 ? { member: false, children } : undefined;
}

function listFields(list: readonly Json[], schema: SchemaNode): FieldTree | undefined {
  if (list.length === 0) return undefined;
  const children = new Map<string, FieldTree>();
  const items = schema.items() ?? ANY_SCHEMA;
  for (const item of list) {
    if (schema.keys === undefined) children.set(setElement(item), LEAF);
    else {
      const below = treeOf(item, items) ?? LEAF;
      children.set(keyElement(item, schema.keys, items), { member: true, children: below.children });
    }
  }
  return { member: false, children };
}

/** Items are told apart, by key or by value, and are not one value together. */
export function isMergedList(schema: SchemaNode): boolean {
  return !schema.atomic && (schema.listType === "map" || schema.listType === "set");
}

/** Whether the place is in the set, by itself, by something below it, or as a part of an atomic value that is. */
export function owns(tree: FieldTree, elements: readonly string[]): boolean {
  let node = tree;
  for (const element of elements) {
    const next = node.children.get(element);
    if (next === undefined) return node.member && node.children.size === 0;
    node = next;
  }
  const isItem = elements.at(-1)?.startsWith("f:") === false;
  return node.member || (!isItem && node.children.size > 0);
}

/** Every place of the set as its elements from the root. */
export function* pathsOf(tree: FieldTree, above: readonly string[] = []): Generator<readonly string[]> {
  if (tree.member) yield above;
  for (const [element, child] of tree.children) yield* pathsOf(child, [...above, element]);
}

/** Whether `other` owns every place of `one`. `isItem`: the two stand for an item of a list, which is owned only as itself. */
export function ownsAll(other: FieldTree, one: FieldTree, isItem = false): boolean {
  const isOwned = other.member || (!isItem && other.children.size > 0);
  if (one.member && !isOwned) return false;
  for (const [element, child] of one.children) {
    const there = other.children.get(element);
    if (there === undefined) {
      if (!other.member || other.children.size > 0) return false;
    } else if (!ownsAll(there, child, !element.startsWith("f:"))) return false;
  }
  return true;
}
