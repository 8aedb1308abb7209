import { isJsonObject, type JsonObject } from "../../../model/index.ts";
import type { ServedResource } from "../types.ts";
import { builtInSchemas, METADATA_REF, metadataSchemas } from "./built-in.ts";
import { objectAt, texts } from "./definition-parts.ts";

/** The OpenAPI v3 document of a group version, out of what is served in it. */
export function openApiDocument(resources: readonly ServedResource[]): JsonObject {
  const [first] = resources;
  if (first === undefined) return {};
  const { group, version } = first;
  const custom = resources.filter((resource) => resource.custom !== undefined);
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes, as far as Plumbline's sandbox serves it", version: "v1.36.3" },
    paths: Object.fromEntries(resources.flatMap(pathsOf)),
    components: {
      schemas: {
        ...builtInSchemas(group, version),
        ...(custom.length === 0 ? {} : metadataSchemas()),
        ...Object.fromEntries(custom.map((resource) => [componentName(resource), customSchema(resource)])),
      },
    },
  };
}

/** "com.example.stable.v1.CronTab" for stable.example.com. */
function componentName({ group, version, kind }: ServedResource): string {
  return [...group.split(".").reverse(), version, kind].join(".");
}

function customSchema({ group, version, kind, custom }: ServedResource): JsonObject {
  const schema = published(custom?.openApi ?? {});
  return {
    ...schema,
    type: "object",
    properties: { ...objectAt(schema, "properties"), ...OBJECT_PROPERTIES },
    "x-kubernetes-group-version-kind": [{ group, version, kind }],
  };
}

const OBJECT_PROPERTIES = {
  apiVersion: { type: "string" },
  kind: { type: "string" },
  metadata: { allOf: [{ $ref: METADATA_REF }] },
};

/** A definition's schema as the server publishes it: an object within an object has an object's fields, whether they are written or not. */
function published(schema: JsonObject): JsonObject {
  const { properties, items, additionalProperties: values } = schema;
  const inner = Object.entries(isJsonObject(properties) ? properties : {}).map(([name, field]) => [
    name,
    isJsonObject(field) ? published(field) : field,
  ]);
  const embedded = schema["x-kubernetes-embedded-resource"] === true;
  const fields = { ...Object.fromEntries(inner), ...(embedded ? OBJECT_PROPERTIES : {}) };
  return {
    ...schema,
    ...(embedded ? { required: [...new Set(["kind", "apiVersion", ...texts(schema["required"])])] } : {}),
    ...(properties === undefined && !embedded ? {} : { properties: fields }),
    ...(isJsonObject(items) ? { items: published(items) } : {}),
    ...(isJsonObject(values) ? { additionalProperties: published(values) } : {}),
  };
}

/** kubectl finds a kind's schema by the operations of its path, and learns there that fields are validated on the server and which
 *  patches are understood. Source: kubectl explain (v2), cli-runtime's query parameter verifier, openapi3's patch detection. */
function pathsOf(resource: ServedResource): [string, JsonObject][] {
  const { group, version, kind, plural, namespaced } = resource;
  const base = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  const collection = `${base}/${namespaced ? "namespaces/{namespace}/" : ""}${plural}`;
  const gvk = { group, version, kind };
  const operation = (action: string): JsonObject => ({
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": gvk,
  });
  const writing = (action: string): JsonObject => ({ ...operation(action), parameters: WRITE_PARAMETERS });
  return [
    [collection, { get: operation("list"), post: writing("post") }],
    [
      `${collection}/{name}`,
      {
        get: operation("get"),
        put: writing("put"),
        patch: { ...writing("patch"), requestBody: patchBody(resource) },
        delete: operation("delete"),
      },
    ],
  ];
}

const WRITE_PARAMETERS = ["dryRun", "fieldManager", "fieldValidation"].map((name) => ({
  name,
  in: "query",
  schema: { type: "string", uniqueItems: true },
}));

function patchBody({ custom }: ServedResource): JsonObject {
  const types = [
    "apply-patch+yaml",
    "json-patch+json",
    "merge-patch+json",
    ...(custom === undefined ? ["strategic-merge-patch+json"] : []),
  ];
  return { content: Object.fromEntries(types.map((type) => [`application/${type}`, { schema: { type: "object" } }])) };
}
