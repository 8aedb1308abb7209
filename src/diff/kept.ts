import { hash } from "node:crypto";
import { isJsonObject, type Json, type LiveObject, type ManagedFieldsEntry } from "../model/index.ts";
import { isList, jsonOf } from "./field-path.ts";
import { entriesOf, isOurEntry } from "./ownership.ts";
import type { Kept } from "./types.ts";

/** What to remember of an object after our own apply: then whatever the server made of the manifest is what we wanted.
 *  Needs no schema. An object in which we own nothing is never untouched. */
export function keptAfterApply({ manifestHash, live }: { manifestHash: string; live: LiveObject }): Kept {
  const entry = ourEntry(live);
  return {
    manifestHash,
    entryHash: entry === undefined ? "" : entryHash(entry),
    valuesHash: entry === undefined ? "" : valuesHash(live, entry),
  };
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
  return entriesOf(live).find((entry) => isOurEntry(entry) && isJsonObject(entry.fieldsV1));
}

/** Without the time: it alone changes when an apply writes nothing else. The server sorts the fields, so their text can be hashed as it is. */
function entryHash({ apiVersion, fieldsV1 }: ManagedFieldsEntry): string {
  return digest(`${apiVersion} ${JSON.stringify(fieldsV1)}`);
}

function valuesHash(live: LiveObject, { fieldsV1 }: ManagedFieldsEntry): string {
  const out: string[] = [];
  if (fieldsV1 !== undefined) writeOwned(jsonOf(live), fieldsV1, out);
  return digest(out.join("\n"));
}

function digest(text: string): string {
  return hash("sha1", text, "base64");
}

/** Writes every owned value, with its field's name where it is not there: live's order of items counts, for their order is a value too. */
function writeOwned(value: Json | undefined, fields: { readonly [name: string]: unknown }, out: string[]): void {
  let items = false;
  let leaf = true;
  for (const name in fields) {
    const first = name.charCodeAt(0);
    if (first === 46) continue;
    leaf = false;
    if (first === 102) writeField(value, name, fields[name], out);
    else items = true;
  }
  if (leaf) out.push(value === undefined ? "-" : JSON.stringify(value));
  else if (items) writeItems(value, fields, out);
}

function writeField(value: Json | undefined, name: string, below: unknown, out: string[]): void {
  const field = name.slice(2);
  out.push(field);
  const part = isJsonObject(value) && Object.hasOwn(value, field) ? value[field] : undefined;
  if (isJsonObject(below)) writeOwned(part, below, out);
}

/** Items in live's order; those that are ours and gone are missing, and so change the text. */
function writeItems(value: Json | undefined, fields: { readonly [name: string]: unknown }, out: string[]): void {
  if (!isList(value)) {
    out.push(value === undefined ? "-" : JSON.stringify(value));
    return;
  }
  const keys = mergeKeys(fields);
  let found = 0;
  for (const item of value) {
    const name = keys === undefined ? `v:${JSON.stringify(item)}` : keyName(item, keys);
    const below = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!isJsonObject(below)) continue;
    found++;
    out.push(name);
    writeOwned(item, below, out);
  }
  // A name we spell otherwise than the server, or an item that is gone: the whole list then, so that nothing in it can hide.
  if (found < Object.keys(fields).length - (Object.hasOwn(fields, ".") ? 1 : 0)) out.push(JSON.stringify(value));
}

/** The names in `k:{"port":80,"protocol":"TCP"}`, sorted by the server. */
function mergeKeys(fields: { readonly [name: string]: unknown }): string[] | undefined {
  for (const name in fields) {
    if (name.startsWith("k:{")) return [...name.matchAll(/[{,]("(?:[^"\\]|\\.)*"):/g)].map(([, key = ""]) => key);
  }
  return undefined;
}

function keyName(item: Json, keys: readonly string[]): string {
  const parts: string[] = [];
  for (const key of keys) {
    const name = key.slice(1, -1);
    const value = isJsonObject(item) && Object.hasOwn(item, name) ? item[name] : undefined;
    if (value !== undefined) parts.push(`${key}:${JSON.stringify(value)}`);
  }
  return `k:{${parts.join(",")}}`;
}
