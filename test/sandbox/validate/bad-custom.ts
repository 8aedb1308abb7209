import type { Json, JsonObject } from "../../../src/model/index.ts";

/** Specs of a custom resource with the schema below, and the causes of the API server's 422. None: it is right. */
export interface BadCustom {
  readonly spec: Json;
  readonly causes: readonly (readonly [field: string, reason: string, message: string])[];
}

const integer = { type: "integer" };
const text = { type: "string" };
const needs = (name: string) => ({ required: [name] });
const pair = { type: "object", properties: { a: integer, b: integer } };
const keyed = { type: "object", properties: { k: text, v: text }, required: ["k"] };

export const SPEC: JsonObject = {
  type: "object",
  properties: {
    replicas: { ...integer, minimum: 1, maximum: 10, multipleOf: 2 },
    name: { ...text, pattern: "^[a-z]*$", maxLength: 5, minLength: 1 },
    color: { ...text, enum: ["red", "green"] },
    level: { ...integer, enum: [1, 2] },
    list: { type: "array", items: integer, maxItems: 3, minItems: 1 },
    set: { type: "array", items: text, "x-kubernetes-list-type": "set" },
    map: { type: "array", items: keyed, "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["k"] },
    strict: { type: "object", required: ["must"], properties: { must: text } },
    counts: { type: "object", additionalProperties: integer, maxProperties: 2, minProperties: 1 },
    none: { ...text, nullable: true },
    either: { "x-kubernetes-int-or-string": true },
    one: { ...pair, oneOf: [needs("a"), needs("b")] },
    any: { ...pair, anyOf: [needs("a"), needs("b")] },
    not: { ...pair, not: needs("a") },
    all: { ...pair, allOf: [needs("a")] },
    time: { ...text, format: "date-time" },
    bytes: { ...text, format: "byte" },
    ip: { ...text, format: "ipv4" },
    small: { ...integer, format: "int32" },
    flag: { type: "boolean" },
    float: { type: "number", minimum: 1.5 },
    below: { ...integer, maximum: 5, exclusiveMaximum: true },
    open: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    object: { type: "object", "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true },
    given: { ...text, default: "d" },
  },
};

type Cause = BadCustom["causes"][number];
const says = (field: string, value: Json, rule: string): Cause => [
  `spec.${field}`,
  "FieldValueInvalid",
  `Invalid value: ${JSON.stringify(value)}: spec.${field} in body should ${rule}`,
];
const type = (field: string, wanted: string, got: string): Cause => [
  `spec.${field}`,
  "FieldValueTypeInvalid",
  `Invalid value: ${JSON.stringify(got)}: spec.${field} in body must be of type ${wanted}: ${JSON.stringify(got)}`,
];
const whole = (message: string): Cause => ["<nil>", "FieldValueInvalid", `Invalid value: "": ${message}`];
const missing = (field: string): Cause => [`spec.${field}`, "FieldValueRequired", "Required value"];
const other = (field: string, reason: string, message: string): Cause => [
  `spec.${field}`,
  `FieldValue${reason}`,
  message,
];

const bad = (spec: Json, ...causes: Cause[]): BadCustom => ({ spec, causes });

export const BAD_CUSTOM: readonly BadCustom[] = [
  bad({ replicas: "x" }, type("replicas", "integer", "string")),
  bad({ replicas: 12 }, says("replicas", 12, "be less than or equal to 10")),
  bad({ replicas: 0 }, says("replicas", 0, "be greater than or equal to 1")),
  bad({ replicas: 3 }, says("replicas", 3, "be a multiple of 2")),
  bad({ below: 5 }, says("below", 5, "be less than 5")),
  bad({ float: 0.5 }, says("float", 0.5, "be greater than or equal to 1.5")),
  bad({ float: "x" }, type("float", "number", "string")),
  bad({ float: 2, small: 5, level: 2, either: "x", none: null, given: "x" }),
  bad({ small: 3e9 }, whole("Checked value must be of type integer with format int32 in spec.small")),
  bad({ name: "ABC" }, says("name", "ABC", "match '^[a-z]*$'")),
  bad({ name: "" }, says("name", "", "be at least 1 chars long")),
  bad({ name: "aaaaaa" }, other("name", "TooLong", "Too long: may not be more than 5 bytes")),
  bad({ color: "blue" }, other("color", "NotSupported", 'Unsupported value: "blue": supported values: "red", "green"')),
  bad({ level: 5 }, other("level", "NotSupported", 'Unsupported value: 5: supported values: "1", "2"')),
  bad({ list: [1, 2, 3, 4] }, other("list", "TooMany", "Too many: 4: must have at most 3 items")),
  bad({ list: [] }, says("list", 0, "have at least 1 items")),
  bad({ list: "x" }, type("list", "array", "string")),
  bad({ list: ["x", 1, null] }, type("list[0]", "integer", "string"), type("list[2]", "integer", "null")),
  bad({ set: ["a", "b", "a"] }, other("set[2]", "Duplicate", 'Duplicate value: "a"')),
  bad({ map: [{ k: "a", v: "1" }, { k: "a" }] }, other("map[1]", "Duplicate", 'Duplicate value: {"k":"a"}')),
  bad({ map: [{ v: "1" }] }, missing("map[0].k")),
  bad({ strict: {} }, missing("strict.must")),
  bad({ strict: { must: 1 } }, type("strict.must", "string", "integer")),
  bad({ counts: { a: 1, b: 2, c: 3 } }, other("counts", "TooMany", "Too many: 3: must have at most 2 items")),
  bad({ counts: {} }, says("counts", 0, "have at least 1 properties")),
  bad({ counts: { a: "x" } }, type("counts.a", "integer", "string")),
  bad({ either: true }, type("either", "integer,string", "boolean")),
  bad(
    { one: { a: 1, b: 2 } },
    whole('"spec.one" must validate one and only one schema (oneOf). Found 2 valid alternatives'),
  ),
  bad(
    { one: {} },
    whole('"spec.one" must validate one and only one schema (oneOf). Found none valid'),
    missing("one.a"),
  ),
  bad({ any: {} }, whole('"spec.any" must validate at least one schema (anyOf)'), missing("any.a")),
  bad({ not: { a: 1 } }, whole('"spec.not" must not validate the schema (not)')),
  bad({ all: {} }, missing("all.a"), whole('"spec.all" must validate all the schemas (allOf). None validated')),
  bad({ time: "x" }, type("time", "date-time", "x")),
  bad({ bytes: "%%" }, type("bytes", "byte", "%%")),
  bad({ ip: "::1" }, type("ip", "ipv4", "::1")),
  bad({ flag: "x", name: 4 }, type("flag", "boolean", "string"), type("name", "string", "integer")),
  bad({ open: 3 }, type("open", "object", "integer")),
  bad({ object: { a: 1 } }, missing("object.apiVersion"), missing("object.kind")),
  bad({ replicas: null, given: null, none: null, foo: 1, open: { foo: null } }),
];
