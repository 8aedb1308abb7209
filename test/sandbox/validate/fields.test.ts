import { expect, test } from "vitest";
import type { JsonObject, SchemaNode } from "../../../src/model/index.ts";
import { ApiError } from "../../../src/sandbox/kubernetes/api-error.ts";
import { createCatalogue } from "../../../src/sandbox/kubernetes/catalogue/index.ts";
import {
  dropUnknown,
  duplicateFields,
  type FieldPolicy,
  fieldProblems,
  requireTyped,
  validateFields,
} from "../../../src/sandbox/kubernetes/validate/index.ts";
import { BAD_FIELDS, type BadFields, withoutGoNames, withoutObject } from "./bad-fields.ts";

const CATALOGUE = createCatalogue();

function resourceOf(plural: string) {
  const group = plural === "deployments" ? "apps" : "";
  const found = CATALOGUE.find({ group, version: "v1", plural });
  if (found === undefined) throw new Error(`there are no ${plural}`);
  return found;
}

function answerOf<T>(work: () => T): T | ApiError {
  try {
    return work();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

function validated({ plural, body }: Pick<BadFields, "plural" | "body">, policy: FieldPolicy) {
  const where = resourceOf(plural);
  const duplicates = duplicateFields(body);
  return answerOf(() => validateFields(JSON.parse(body), where.schema(), { where, policy, duplicates }));
}

test.each(BAD_FIELDS)("$name: a strict create says why", ({ plural, body, create = "" }) => {
  const got = validated({ plural, body }, "Strict");
  expect(got).toMatchObject({ code: 400, reason: "BadRequest" });
  const kind = resourceOf(plural).kind;
  const wanted = `${kind} in version "v1" cannot be handled as a ${kind}: ${create}`;
  if (got instanceof ApiError) expect(withoutGoNames(got.message)).toBe(withoutGoNames(wanted));
});

test.each(BAD_FIELDS.filter((one) => one.warnings !== undefined))("$name: is told of, or not at all", (one) => {
  expect(validated(one, "Warn")).toMatchObject({ warnings: one.warnings });
  expect(validated(one, "Ignore")).toMatchObject({ warnings: [] });
});

test.each(BAD_FIELDS.filter(({ warnings }) => warnings === undefined))(
  "$name: is refused by whatever policy",
  (one) => {
    expect(validated(one, "Ignore")).toMatchObject({ code: 400, reason: "BadRequest" });
  },
);

test.each(BAD_FIELDS.filter(({ apply }) => apply !== undefined))("$name: an apply answers 500", (one) => {
  const where = resourceOf(one.plural);
  const got = answerOf(() =>
    requireTyped(JSON.parse(one.body), where.schema(), { ...where, name: "web", namespace: "shop" }),
  );
  expect(got).toMatchObject({ code: 500, reason: undefined });
  if (got instanceof ApiError) expect(withoutObject(got.message)).toBe(one.apply);
});

test("after a patch the same mistake is the patch's", () => {
  const where = resourceOf("deployments");
  const value = { spec: { replicas: "x" } };
  const got = answerOf(() => validateFields(value, where.schema(), { where, policy: "Warn", patch: "text" }));
  expect(got).toMatchObject({
    code: 422,
    reason: "Invalid",
    message: expect.stringMatching(/^ "" is invalid: patch: Invalid value: "text": json: cannot unmarshal string into/),
    details: { causes: [{ reason: "FieldValueInvalid", field: "patch" }] },
  });
});

test("unknown fields are dropped at every level, what is known stays", () => {
  const schema = resourceOf("deployments").schema();
  const containers = [{ name: "a", foo: 1 }];
  const object: JsonObject = { zed: 1, spec: { replicas: 2, template: { spec: { containers, foo: null } } } };
  expect(dropUnknown(object, schema)).toEqual({
    spec: { replicas: 2, template: { spec: { containers: [{ name: "a" }] } } },
  });
});

test("null is no problem anywhere, numbers are quantities, times have a form", () => {
  const schema = resourceOf("deployments").schema();
  const problems = (spec: JsonObject) => fieldProblems({ spec }, schema);
  expect(problems({ replicas: null, selector: null, template: { spec: { containers: null } } })).toEqual([]);
  const resources = { limits: { cpu: 0.5, memory: "1Gi" } };
  expect(problems({ template: { spec: { containers: [{ resources }] } } })).toEqual([]);
  const time = (creationTimestamp: string) => fieldProblems({ metadata: { creationTimestamp } }, schema).length;
  expect([time("2026-01-02T03:04:05Z"), time("2026-01-02"), time("x")]).toEqual([0, 1, 1]);
});

test("hostile values are refused before anything walks them", () => {
  const schema: SchemaNode = resourceOf("configmaps").schema();
  const where = resourceOf("configmaps");
  const refused = (text: string) => answerOf(() => validateFields(JSON.parse(text), schema, { where, policy: "Warn" }));
  expect(refused('{"data":{"__proto__":"x"}}')).toMatchObject({ code: 400 });
  expect(refused(`${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`)).toMatchObject({ code: 400 });
});

test.each([
  ['{"a":1,"b":{"a":1}}', []],
  ['{"a":1,"a":2}', ["a"]],
  ['{"l":[{"a":1},{"a":1,"a":2}],"a":"\\"a\\":1,"}', ["l[1].a"]],
  ['{"a":{"b":[[1,{"c":1,"\\u0063":2,"c":3}]]}}', ["a.b[0][1].c"]],
  ['{"a":{},"a":{"b":1,"b":2}}', ["a", "a.b"]],
])("%s names %j twice", (text, fields) => {
  expect(duplicateFields(text)).toEqual(fields);
});
