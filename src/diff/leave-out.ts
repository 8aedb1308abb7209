import { escapeToken } from "../kit/json-pointer.ts";
import {
  type FieldChange,
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type LiveObject,
} from "../model/index.ts";
import { ownsAt } from "./author.ts";
import { hasLabel, isList, jsonOf } from "./field-path.ts";
import { NO_FIELDS } from "./field-set.ts";
import { readOwnership } from "./ownership.ts";

/**
 * The manifest without fields that others took, so that an apply puts the rest right and leaves these as they are. Undefined where that cannot be:
 * what is still ours would be removed by leaving it out (server-side apply), so would the items of a list whose order is what differs, and a
 * field that the manifest spells otherwise (an item whose key is a default) would be sent all the same.
 */
export function leavingOut(
  manifest: KubeObject,
  live: LiveObject,
  changes: readonly Pick<FieldChange, "path" | "desired">[],
): KubeObject | undefined {
  const ours = readOwnership(live).ours?.fields ?? NO_FIELDS;
  // A field that Git does not name is not in the manifest to begin with.
  const paths = changes.filter(({ desired }) => desired !== undefined).map(({ path }) => path);
  if (paths.some((path) => ownsAt(ours, path))) return undefined;
  let rest: Json | undefined = jsonOf(manifest);
  for (const path of paths) {
    const removal: Removal = { found: false };
    rest = without(rest, path, removal);
    if (!removal.found || rest === undefined) return undefined;
  }
  return isJsonObject(rest) ? withNames(rest, manifest) : undefined;
}

function withNames(object: JsonObject, { apiVersion, kind, metadata: { name, namespace } }: KubeObject): KubeObject {
  const kept = isJsonObject(object["metadata"]) ? object["metadata"] : {};
  const metadata = { ...kept, name, ...(namespace === undefined ? {} : { namespace }) };
  return { ...object, apiVersion, kind, metadata };
}

interface Removal {
  found: boolean;
}

/** Undefined: nothing is left. What only becomes empty by this goes too, so that it is not owned as an empty map. */
function without(value: Json, path: string, removal: Removal): Json | undefined {
  if (path === "") {
    removal.found = true;
    return undefined;
  }
  if (isList(value)) return withoutItem(value, path, removal);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).flatMap(([name, part]) => {
    const label = `/${escapeToken(name)}`;
    const rest = path.slice(label.length);
    const isMeant = part !== undefined && path.startsWith(label) && /^($|[/[])/.test(rest);
    const left = isMeant ? without(part, rest, removal) : part;
    return left === undefined ? [] : [[name, left] as const];
  });
  return entries.length === 0 && Object.keys(value).length > 0 ? undefined : Object.fromEntries(entries);
}

function withoutItem(list: readonly Json[], path: string, removal: Removal): Json {
  const [label = ""] = /^\[[^/]*\]/.exec(path) ?? [];
  return list.flatMap((item) => {
    const left = hasLabel(item, label) ? without(item, path.slice(label.length), removal) : item;
    return left === undefined ? [] : [left];
  });
}
