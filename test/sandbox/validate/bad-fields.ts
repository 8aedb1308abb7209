import type { JsonObject } from "../../../src/model/index.ts";

/** A body with something wrong in its fields, and what the API server says to it when it is created, and when it is applied. */
export interface BadFields {
  readonly name: string;
  readonly plural: "configmaps" | "deployments" | "secrets";
  /** With a name. JSON text, for a field may stand in it twice. */
  readonly body: string;
  /** fieldValidation=Strict: what follows "cannot be handled as a ...: ". */
  readonly create?: string;
  /** With Warn: the warnings of a create that succeeds. */
  readonly warnings?: readonly string[];
  /** What follows the object's name. Absent: not asked. Of several unknown fields the server names those that it meets first, in no
   *  order; a number beyond 32 bits wraps around, and here it is refused; a field twice is the parser's business. */
  readonly apply?: string;
}

const KINDS = { configmaps: "v1/ConfigMap", deployments: "apps/v1/Deployment", secrets: "v1/Secret" };
const SELECTOR = { matchLabels: { app: "web" } };
const POD = { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "a" }] } };

function body(plural: BadFields["plural"], fields: JsonObject): string {
  const [, apiVersion, kind] = /^(.*)\/(\w+)$/.exec(KINDS[plural]) ?? [];
  return JSON.stringify({ apiVersion, kind, metadata: { name: "web" }, ...fields });
}

const web = (spec: JsonObject) => body("deployments", { spec: { selector: SELECTOR, template: POD, ...spec } });
const pod = (spec: JsonObject) => web({ template: { ...POD, spec: { ...POD.spec, ...spec } } });
const limits = (cpu: boolean | string) =>
  pod({ containers: [{ name: "web", image: "a", resources: { limits: { cpu } } }] });
const field = (type: string, path: string, wanted: string) =>
  `json: cannot unmarshal ${type} into Go struct field ${path} of type ${wanted}`;
const typed = (why: string) => `failed to create typed patch object: ${why}`;
const unread = (why: string) => `failed to convert new object: ${why}`;
const deployment = (name: string, text: string, rest: Omit<BadFields, "name" | "plural" | "body">): BadFields => ({
  name,
  plural: "deployments",
  body: text,
  ...rest,
});

const QUANTITY = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

export const BAD_FIELDS: readonly BadFields[] = [
  deployment("one unknown field", web({ foo: 1 }), {
    create: 'strict decoding error: unknown field "spec.foo"',
    warnings: ['unknown field "spec.foo"'],
    apply: typed(".spec.foo: field not declared in schema"),
  }),
  deployment(
    "unknown fields on several levels",
    body("deployments", { spec: { selector: SELECTOR, template: POD, foo: 1 }, zed: 1 }),
    {
      create: 'strict decoding error: unknown field "spec.foo", unknown field "zed"',
      warnings: ['unknown field "spec.foo"', 'unknown field "zed"'],
    },
  ),
  deployment("an unknown field in a list", pod({ containers: [{ name: "web", image: "a", foo: 1 }] }), {
    create: 'strict decoding error: unknown field "spec.template.spec.containers[0].foo"',
    warnings: ['unknown field "spec.template.spec.containers[0].foo"'],
    apply: typed('.spec.template.spec.containers[name="web"].foo: field not declared in schema'),
  }),
  deployment("a field twice", web({ replicas: 1 }).replace('"replicas":1', '"replicas":1,"replicas":2'), {
    create: 'strict decoding error: duplicate field "spec.replicas"',
    warnings: ['duplicate field "spec.replicas"'],
  }),
  deployment("a text for a number", web({ replicas: "x" }), {
    create: field("string", "DeploymentSpec.spec.replicas", "int32"),
    apply: typed(".spec.replicas: expected numeric (int or float), got string"),
  }),
  deployment("a number beyond 32 bits", web({ replicas: 3e9 }), {
    create: field("number 3000000000", "DeploymentSpec.spec.replicas", "int32"),
  }),
  deployment("a fraction for an integer", web({ replicas: 1.5 }), {
    create: field("number 1.5", "DeploymentSpec.spec.replicas", "int32"),
    apply: unread("cannot convert float64 to int32"),
  }),
  deployment("a text for a boolean", web({ paused: "true" }), {
    create: field("string", "DeploymentSpec.spec.paused", "bool"),
    apply: typed(".spec.paused: expected boolean, got &{true}"),
  }),
  deployment("a list for a map", web({ template: [] }), {
    create: field("array", "DeploymentSpec.spec.template", "v1.PodTemplateSpec"),
    apply: typed(".spec.template: expected map, got &{[]}"),
  }),
  deployment("a map for a list", pod({ containers: {} }), {
    create: field("object", "PodSpec.spec.template.spec.containers", "[]v1.Container"),
    apply: typed(".spec.template.spec.containers: expected list, got &{map[]}"),
  }),
  deployment("a number for a text", pod({ containers: [{ name: "web", image: 3 }] }), {
    create: field("number", "Container.spec.template.spec.containers.image", "string"),
    apply: typed(
      '.spec.template.spec.containers[name="web"].image: expected string, got &value.valueUnstructured{Value:3}',
    ),
  }),
  deployment("a text that is no quantity", limits("x"), { create: QUANTITY, apply: unread(QUANTITY) }),
  deployment("a boolean for a quantity", limits(true), { create: QUANTITY, apply: unread(QUANTITY) }),
  deployment("a boolean for an int-or-string", web({ strategy: { rollingUpdate: { maxSurge: true } } }), {
    create: field("bool", "RollingUpdateDeployment.spec.strategy.rollingUpdate.maxSurge", "int32"),
    apply: unread("json: cannot unmarshal bool into Go value of type int32"),
  }),
  {
    name: "bad base64",
    plural: "secrets",
    body: body("secrets", { data: { a: "%%" } }),
    create: "illegal base64 data at input byte 0",
    apply: unread("error decoding from json: illegal base64 data at input byte 0"),
  },
  {
    name: "a number in a map of texts",
    plural: "configmaps",
    body: body("configmaps", { data: { a: 1 } }),
    create: field("number", "ConfigMap.data", "string"),
    apply: typed(".data.a: expected string, got &value.valueUnstructured{Value:1}"),
  },
  {
    name: "a field in capitals",
    plural: "configmaps",
    body: body("configmaps", { Data: { a: "b" } }),
    create: 'strict decoding error: unknown field "Data"',
    warnings: ['unknown field "Data"'],
    apply: typed(".Data: field not declared in schema"),
  },
  {
    name: "a label that is a number",
    plural: "configmaps",
    body: body("configmaps", { metadata: { name: "web", labels: { a: 1 } } }),
    create: field("number", "ObjectMeta.metadata.labels", "string"),
    apply: typed(".metadata.labels.a: expected string, got &value.valueUnstructured{Value:1}"),
  },
];

/** The struct's name and the Go types of structs and lists are not in any schema. */
export function withoutGoNames(message: string): string {
  return message
    .replace(/Go struct field \w+\./, "Go struct field ")
    .replace(/ of type (\[\].*|v1\.\w+|struct|list|map)$/, " of a type");
}

/** The object's name and kind are not asked here. */
export function withoutObject(message: string): string {
  return message
    .replace(/ \([^)]*\)/, "")
    .replace(/ to proper version: unable to convert unstructured object to [^:]*(?=: )/, "");
}
