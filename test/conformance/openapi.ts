import { hashJson } from "../../src/kit/hash.ts";
import {
  compileOpenApi,
  type GroupVersionKind,
  isJsonObject,
  type JsonObject,
  type SchemaNode,
} from "../../src/model/index.ts";
import { nameOf } from "./case-folder.ts";
import { isOpenApi } from "./schemas.ts";
import type { CaseFile, CaseSet, Judged } from "./types.ts";

/** The server's own documents: list types, keys, atomic maps and defaults, of each field of each kind, as the document has them. */
export const OPENAPI: CaseSet = {
  name: "openapi",
  isIn: ({ files }) => files.some(isOpenApi),
  judge: async ({ files }) => ({ cases: files.filter(isOpenApi).map(judged), leftOut: [] }),
};

type Schemas = { readonly [name: string]: unknown };

function judged(file: CaseFile): Judged {
  const { schemas } = (file.value as { readonly components: { readonly schemas: Schemas } }).components;
  const compiled = compileOpenApi(file.value);
  const faults = kindsIn(schemas).flatMap(({ kind, schema }) => {
    const node = compiled.schema(kind);
    if (node === undefined) return [`${kind.kind} has no schema`];
    return faultsOf({ node, schema, path: kind.kind }, schemas, new Set());
  });
  return { name: nameOf(file), ...(faults.length > 0 && { wrong: faults.slice(0, 10).join("; ") }) };
}

/** What has metadata of an object is a kind that is kept; options and lists are not. */
function kindsIn(schemas: Schemas): { readonly kind: GroupVersionKind; readonly schema: JsonObject }[] {
  return Object.values(schemas).flatMap((schema) => {
    if (!isJsonObject(schema) || !JSON.stringify(schema["properties"] ?? {}).includes(".meta.v1.ObjectMeta")) return [];
    const kinds = schema["x-kubernetes-group-version-kind"];
    return (Array.isArray(kinds) ? kinds : []).map((kind) => ({ kind: kind as object as GroupVersionKind, schema }));
  });
}

interface Place {
  readonly node: SchemaNode | undefined;
  readonly schema: unknown;
  readonly path: string;
}

/** Down both at once. A part that was seen by its name is not gone through again: parts may hold themselves. */
function faultsOf({ node, schema: written, path }: Place, schemas: Schemas, seen: Set<string>): string[] {
  const { schema, name } = resolved(written, schemas);
  if (node === undefined) return [`${path} is not known`];
  if (name !== undefined && seen.has(name)) return [];
  if (name !== undefined) seen.add(name);
  const below = partsOf(schema, node, path).flatMap((place) => faultsOf(place, schemas, seen));
  return [...differences(schema, node).map((fault) => `${path}: ${fault}`), ...below];
}

function partsOf(schema: JsonObject, node: SchemaNode, path: string): Place[] {
  const { properties, items, additionalProperties: values } = schema;
  return [
    ...Object.entries(isJsonObject(properties) ? properties : {}).map(([name, part]) => {
      return { node: node.field(name), schema: part, path: `${path}.${name}` };
    }),
    ...(isJsonObject(items) ? [{ node: node.items(), schema: items, path: `${path}[]` }] : []),
    ...(isJsonObject(values) ? [{ node: node.field("x"), schema: values, path: `${path}{}` }] : []),
  ];
}

/** What a place refers to, with what the place itself says on top. */
function resolved(written: unknown, schemas: Schemas): { readonly schema: JsonObject; readonly name?: string } {
  const schema = isJsonObject(written) ? written : {};
  const { allOf, $ref, ...own } = schema;
  const ref = $ref ?? (Array.isArray(allOf) && isJsonObject(allOf[0]) ? allOf[0]["$ref"] : undefined);
  if (typeof ref !== "string") return { schema };
  const name = ref.replace("#/components/schemas/", "");
  const target = schemas[name];
  return { name, schema: { ...(isJsonObject(target) ? target : {}), ...own } };
}

function differences(schema: JsonObject, node: SchemaNode): string[] {
  const listType = schema["type"] === "array" ? (schema["x-kubernetes-list-type"] ?? "atomic") : undefined;
  const atomic = listType === undefined ? schema["x-kubernetes-map-type"] === "atomic" : listType === "atomic";
  const facts: [string, unknown, unknown][] = [
    ["list type", listType, node.listType],
    ["keys", listType === "map" ? schema["x-kubernetes-list-map-keys"] : undefined, node.keys],
    ["default", schema["default"], node.default],
    ...(isTyped(schema) ? ([["atomic", atomic, node.atomic]] as [string, unknown, unknown][]) : []),
  ];
  return facts
    .filter(([, written, read]) => hashJson(written ?? null) !== hashJson(read ?? null))
    .map(([fact, written, read]) => `${fact} is ${JSON.stringify(written)}, and was read as ${JSON.stringify(read)}`);
}

/** Where nothing is said of what is inside, the server takes the value as one. */
function isTyped({ type, properties, additionalProperties }: JsonObject): boolean {
  if (type !== "object" && type !== undefined) return true;
  return properties !== undefined || additionalProperties !== undefined;
}
