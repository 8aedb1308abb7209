import type { Json, SchemaNode } from "../../src/model/index.ts";

/** Schemas by hand, for tests without a server's OpenAPI. */
type Traits = Partial<Omit<SchemaNode, "field" | "fieldNames" | "items">>;

function scalar(kind: NonNullable<SchemaNode["scalar"]> = "string", traits: Traits = {}): SchemaNode {
  return {
    ...{ kind: "scalar", atomic: false, scalar: kind, ...traits },
    field: () => undefined,
    fieldNames: () => [],
    items: () => undefined,
  };
}

function struct(fields: { readonly [name: string]: SchemaNode }, traits: Traits = {}): SchemaNode {
  return {
    ...{ kind: "struct", atomic: false, ...traits },
    field: (name) => (Object.hasOwn(fields, name) ? fields[name] : undefined),
    fieldNames: () => Object.keys(fields),
    items: () => undefined,
  };
}

function map(values: SchemaNode, traits: Traits = {}): SchemaNode {
  return {
    ...{ kind: "map", atomic: false, ...traits },
    field: () => values,
    fieldNames: () => [],
    items: () => undefined,
  };
}

function list(items: SchemaNode, traits: Traits): SchemaNode {
  return {
    ...{ kind: "list", atomic: false, ...traits },
    field: () => undefined,
    fieldNames: () => [],
    items: () => items,
  };
}

const atomicList = (items: SchemaNode) => list(items, { atomic: true, listType: "atomic" });
const set = (items: SchemaNode) => list(items, { listType: "set" });
const listMap = (keys: readonly string[], items: SchemaNode) => list(items, { listType: "map", keys });

const withDefault = (value: Json) => scalar("string", { default: value });
const metadata = struct({
  name: scalar(),
  namespace: scalar(),
  labels: map(scalar()),
  annotations: map(scalar()),
  finalizers: set(scalar()),
});
const container = struct({
  name: scalar(),
  image: scalar(),
  stdin: scalar("boolean"),
  env: listMap(["name"], struct({ name: scalar(), value: scalar() })),
  ports: listMap(
    ["containerPort", "protocol"],
    struct({ containerPort: scalar("integer"), protocol: withDefault("TCP"), hostPort: scalar("integer") }),
  ),
  resources: struct({ limits: map(scalar("quantity")), requests: map(scalar("quantity")) }),
});

/** As much of a Deployment as the tests need. */
export const DEPLOYMENT = struct({
  apiVersion: scalar(),
  kind: scalar(),
  metadata,
  spec: struct({
    replicas: scalar("integer"),
    paused: scalar("boolean"),
    selector: struct({ matchLabels: map(scalar()) }, { atomic: true }),
    template: struct({
      metadata,
      spec: struct({
        containers: listMap(["name"], container),
        tolerations: atomicList(struct({ key: scalar(), operator: scalar(), effect: scalar() })),
        nodeSelector: map(scalar(), { atomic: true }),
        serviceAccountName: scalar(),
        imagePullSecrets: listMap(["name"], struct({ name: withDefault("") }, { default: {} })),
        volumes: listMap(["name"], struct({ name: scalar(), emptyDir: struct({}) })),
      }),
    }),
  }),
});

export const CONFIG_MAP = struct({ metadata, data: map(scalar()) });
export const SECRET = struct({
  metadata,
  type: scalar(),
  data: map(scalar("string", { format: "byte" })),
  stringData: map(scalar()),
});
/** A custom resource: its server keeps empty values. */
export const WIDGET = struct({ metadata, spec: struct({ on: scalar("boolean"), port: scalar("int-or-string") }) });
