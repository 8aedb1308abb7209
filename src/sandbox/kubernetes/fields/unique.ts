import { indexItems, isList } from "../../../diff/index.ts";
import {
  ANY_SCHEMA,
  type GroupVersionKind,
  isJsonObject,
  type Json,
  type JsonObject,
  type SchemaNode,
} from "../../../model/index.ts";
import { ApiError } from "../api-error.ts";
import { elementText } from "./conflict.ts";

interface Applied extends GroupVersionKind {
  readonly namespace: string;
  readonly name: string;
}

/** Who applies names each item of a keyed list, and each value of a set, once. Errors: 500 without a reason, as the real server answers. */
export function requireUnique(manifest: JsonObject, schema: SchemaNode, applied: Applied): void {
  const again = repeatedAt(manifest, schema, "");
  if (again === undefined) return;
  const { group, version, kind, namespace, name } = applied;
  throw new ApiError(500, {
    message: `failed to create typed patch object (${namespace}/${name}; ${group}/${version}, Kind=${kind}): ${again}`,
  });
}

function repeatedAt(value: Json, schema: SchemaNode, path: string): string | undefined {
  if (schema.atomic) return undefined;
  if (isList(value)) return repeatedIn(value, schema, path);
  if (!isJsonObject(value)) return undefined;
  for (const [name, part] of Object.entries(value)) {
    const found =
      part === undefined ? undefined : repeatedAt(part, schema.field(name) ?? ANY_SCHEMA, `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function repeatedIn(list: readonly Json[], schema: SchemaNode, path: string): string | undefined {
  if (schema.listType !== "map" && schema.listType !== "set") return undefined;
  const items = schema.items() ?? ANY_SCHEMA;
  for (const [element, [first = 0, ...more]] of indexItems(
    list,
    schema.listType === "set" ? undefined : (schema.keys ?? []),
    items,
  )) {
    if (more.length > 0) return `${path}: duplicate entries for key ${elementText(element)}`;
    const found = repeatedAt(list[first] ?? null, items, `${path}${elementText(element)}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
