import { hash } from "node:crypto";
import { parseJson } from "../kit/parse-json.ts";
import { isJsonObject, type Json, type LiveObject, type ManagedFieldsEntry } from "../model/index.ts";
import { isBuiltIn } from "./built-in.ts";
import { isList, jsonOf } from "./field-path.ts";
import { isShallow } from "./field-set.ts";
import { entriesOf, isOurEntry } from "./ownership.ts";
import type { Kept } from "./types.ts";

/** What to remember of an object after our own apply: then whatever the server made of the manifest is what we wanted.
 *  Needs no schema. An object in which we own nothing is never untouched. */
export function keptAfterApply({ manifestHash, live }: { manifestHash: string; live: LiveObject }): Kept {
  const entry = ourEntry(live);
  if (entry === undefined || isUnfinished(live, entry)) return { manifestHash, entryHash: "", valuesHash: "" };
  return { manifestHash, entryHash: entryHash(entry), valuesHash: valuesHash(live, entry) };
}

/** A custom resource keeps what is empty: where something of ours is not there, the next apply may bring it (server fact 17), so that
 *  nothing is remembered. */
function isUnfinished(live: LiveObject, { fieldsV1 = {} }: ManagedFieldsEntry): boolean {
  if (isBuiltIn(live.apiVersion)) return false;
  return Object.entries(fieldsV1).some(([name, below]) => {
    return name.startsWith("f:") && name !== "f:metadata" && lacks(fieldOf(jsonOf(live), name.slice(2)), below);
  });
}

/** Goes down fields, not into items: an item that is gone is gone with all that we own in it. */
function lacks(value: Json | undefined, fields: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (!isJsonObject(fields)) return false;
  return Object.keys(fields).some(
    (name) => name.startsWith("f:") && lacks(fieldOf(value, name.slice(2)), fields[name]),
  );
}

/** Nobody moved anything of ours since, and the manifest is the same: there is nothing to compare. Cheap enough for every watch event;
 *  a caller who sees the same uid and resourceVersion need not even ask. */
export function isUntouched(kept: Kept, manifestHash: string, live: LiveObject): boolean {
  if (kept.manifestHash !== manifestHash || kept.entryHash === "") return false;
  if (live.metadata.deletionTimestamp !== undefined) return false;
  const entry = ourEntry(live);
  if (entry === undefined || entryHash(entry) !== kept.entryHash) return false;
  return valuesHash(live, entry) === kept.valuesHash;
}

function ourEntry(live: LiveObject): ManagedFieldsEntry | undefined {
  return entriesOf(live).find(
    (entry) => isOurEntry(entry) && isJsonObject(entry.fieldsV1) && isShallow(entry.fieldsV1),
  );
}

/** Without the time: it alone changes when an apply writes nothing else. The server sorts the fields, so their text can be hashed as it is. */
function entryHash({ apiVersion, fieldsV1 }: ManagedFieldsEntry): string {
  return digest(`${apiVersion} ${JSON.stringify(fieldsV1)}`);
}

function valuesHash(live: LiveObject, { fieldsV1 }: ManagedFieldsEntry): string {
  return digest(fieldsV1 === undefined ? "" : ownedText(jsonOf(live), fieldsV1));
}

function digest(text: string): string {
  return hash("sha1", text, "base64");
}

type Fields = { readonly [name: string]: unknown };

/** Every owned value, in the order of the fields, whose names are in the entry's own hash: for one and the same entry, equal text means
 *  equal values. Live's order of items counts, for their order is a value too. */
function ownedText(value: Json | undefined, fields: Fields): string {
  let text = "";
  let [isLeaf, hasItems] = [true, false];
  for (const name in fields) {
    const first = name.charCodeAt(0);
    if (first === DOT) continue;
    isLeaf = false;
    const below = fields[name];
    if (first !== LETTER_F) hasItems = true;
    else if (isJsonObject(below)) text += ownedText(fieldOf(value, name.slice(2)), below);
  }
  if (isLeaf) return valueText(value);
  return hasItems ? text + itemsText(value, fields) : text;
}

const DOT = 46;
const LETTER_F = 102;

function fieldOf(value: Json | undefined, field: string): Json | undefined {
  return isJsonObject(value) && Object.hasOwn(value, field) ? value[field] : undefined;
}

function valueText(value: Json | undefined): string {
  // With its length a string needs no quotes, and no other value begins with a letter s.
  if (typeof value === "string") return `s${value.length}:${value}\n`;
  return value === undefined ? "-\n" : `${JSON.stringify(value)}\n`;
}

/** Items in live's order; those that are ours and gone are missing, and so change the text. */
function itemsText(value: Json | undefined, fields: Fields): string {
  if (!isList(value)) return valueText(value);
  const keys = mergeKeys(fields);
  let found = 0;
  let text = "";
  for (const item of value) {
    const name = keys === undefined ? `v:${JSON.stringify(item)}` : keyName(item, keys);
    const below = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!isJsonObject(below)) continue;
    found++;
    text += `${name}\n${ownedText(item, below)}`;
  }
  // A name we spell otherwise than the server, or an item that is gone: the whole list then, so that nothing in it can hide.
  const isWhole = found === Object.keys(fields).length - (Object.hasOwn(fields, ".") ? 1 : 0);
  return isWhole ? text : text + valueText(value);
}

interface MergeKey {
  readonly name: string;
  readonly quoted: string;
}

/** The names in `k:{"port":80,"protocol":"TCP"}`, sorted by the server. */
function mergeKeys(fields: Fields): MergeKey[] | undefined {
  for (const name in fields) {
    const keys = name.startsWith("k:") ? parseJson(name.slice(2)) : undefined;
    if (isJsonObject(keys)) return Object.keys(keys).map((name) => ({ name, quoted: JSON.stringify(name) }));
  }
  return undefined;
}

function keyName(item: Json, keys: readonly MergeKey[]): string {
  let text = "";
  for (const { name, quoted } of keys) {
    const value = fieldOf(item, name);
    if (value !== undefined) text += `${text === "" ? "" : ","}${quoted}:${JSON.stringify(value)}`;
  }
  return `k:{${text}}`;
}
