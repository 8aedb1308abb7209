/** Definitions for the scenarios of custom resources; their group is made of the namespace's name, so that each has its own. */
import { DEFINITIONS } from "./objects.ts";
import { type Answer, get, given, post, type Step, until } from "./scenario.ts";

type Fields = Readonly<Record<string, unknown>>;

export const GROUP = "$ns.example.com";
export const WIDGETS = `/apis/${GROUP}/v1/namespaces/$ns/widgets`;

const SPEC_SCHEMA = {
  type: "object",
  required: ["size"],
  properties: {
    size: { type: "integer", minimum: 1, maximum: 100 },
    colour: { type: "string", default: "grey", enum: ["grey", "red"] },
    replicas: { type: "integer" },
    parts: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
      items: {
        type: "object",
        required: ["name"],
        properties: { name: { type: "string" }, weight: { type: "number" }, unit: { type: "string", default: "kg" } },
      },
    },
    tags: { type: "array", "x-kubernetes-list-type": "set", items: { type: "string" } },
    free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    port: { "x-kubernetes-int-or-string": true },
    maybe: { type: "string", nullable: true },
    pattern: { type: "string", pattern: "^a+$", maxLength: 5 },
  },
} as const;

const STATUS_SCHEMA = {
  type: "object",
  properties: { replicas: { type: "integer" }, phase: { type: "string" }, selector: { type: "string" } },
} as const;

const SCHEMA = { type: "object", properties: { spec: SPEC_SCHEMA, status: STATUS_SCHEMA } } as const;

export function version(name: string, more: Fields = {}): Fields {
  return { name, served: true, storage: true, schema: { openAPIV3Schema: SCHEMA }, ...more };
}

export function definition(spec: Fields = {}): Fields {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `widgets.${GROUP}` },
    spec: {
      group: GROUP,
      scope: "Namespaced",
      names: { kind: "Widget", plural: "widgets", singular: "widget", shortNames: ["wd"], categories: ["toys"] },
      versions: [version("v1")],
      ...spec,
    },
  };
}

export const DEFINITION = `${DEFINITIONS}/widgets.${GROUP}`;

/** Created, established and served; what comes on the way is the server's own pace. */
export function served(spec: Fields = {}): readonly Step[] {
  return [
    given(post(DEFINITIONS, definition(spec))),
    given(until(get(DEFINITION), isEstablished)),
    given(until(get(WIDGETS), ({ status }) => status === 200)),
  ];
}

export function isEstablished({ body }: Answer): boolean {
  return /"type":"Established","status":"True"/.test(JSON.stringify(body));
}

export function widget(name: string, spec: Fields, more: Fields = {}): Fields {
  return { apiVersion: `${GROUP}/v1`, kind: "Widget", metadata: { name }, spec, ...more };
}
