import { isJsonObject, type Json, type JsonObject, type KubeObject } from "../../../model/index.ts";
import type { Cause } from "../api-error.ts";
import { jsonOf, partOf } from "./custom-fields.ts";
import { KEYWORDS, type Place } from "./custom-keywords.ts";
import { cause, invalid } from "./invalid.ts";

/**
 * Is a custom resource what its openAPIV3Schema says? Errors: 422 with every cause. CEL rules are not asked.
 * Walked by hand: a general validator (ajv, TypeBox) knows neither nullable nor the Kubernetes extensions, and says its
 * findings, their paths and their number in its own way, where clients read the server's. Source: kube-openapi, validation.
 */
export function validateCustom(object: KubeObject, schema: JsonObject): void {
  const { apiVersion, kind, metadata } = object;
  const causes = causesOf(jsonOf(object), withoutOwn(schema), { path: "" });
  if (causes.length > 0) throw invalid({ group: apiVersion.split("/")[0] ?? "", kind, name: metadata.name }, causes);
}

/** What every object has is not the schema's business. */
function withoutOwn(schema: JsonObject): JsonObject {
  const { properties } = schema;
  if (!isJsonObject(properties)) return schema;
  const { apiVersion: _1, kind: _2, metadata: _3, ...rest } = properties;
  return { ...schema, properties: rest };
}

function causesOf(value: Json, schema: JsonObject, { path }: Place): Cause[] {
  const wrong = typeCause(value, schema, path);
  if (value === null) return wrong === undefined ? [] : [wrong];
  const inside = Array.isArray(value)
    ? causesOfItems(value, schema, path)
    : isJsonObject(value)
      ? causesOfFields(value, schema, path)
      : [];
  const own = KEYWORDS.flatMap(({ keyword, check }) => {
    const rule = schema[keyword];
    return rule === undefined || rule === null ? [] : check(value, rule, { path, schema });
  });
  return [...(wrong === undefined ? [] : [wrong]), ...juncturesOf(value, schema, path), ...own, ...inside];
}

function causesOfFields(value: JsonObject, schema: JsonObject, path: string): Cause[] {
  return Object.entries(value).flatMap(([name, part]) => {
    const node = partOf(schema, name);
    return part === undefined || node === undefined ? [] : causesOf(part, node, { path: below(path, name) });
  });
}

function causesOfItems(value: readonly Json[], { items }: JsonObject, path: string): Cause[] {
  if (!isJsonObject(items)) return [];
  return value.flatMap((item, at) => causesOf(item, items, { path: `${path}[${at}]` }));
}

function below(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function typeCause(value: Json, schema: JsonObject, path: string): Cause | undefined {
  const wanted = schema["x-kubernetes-int-or-string"] === true ? ["integer", "string"] : [schema["type"]];
  const got = typeOf(value);
  const isRight = (type: Json | undefined) =>
    type === undefined ||
    type === got ||
    (type === "number" && got === "integer") ||
    (value === null && schema["nullable"] === true);
  if (wanted.some(isRight)) return undefined;
  const detail = `${path} in body must be of type ${wanted.join(",")}: ${JSON.stringify(got)}`;
  return cause({ reason: "FieldValueTypeInvalid", field: path, value: got, detail });
}

function typeOf(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value === "number" && Number.isInteger(value) ? "integer" : typeof value;
}

/** allOf, anyOf, oneOf and not. With them come the causes of the first member that failed with the fewest. */
function juncturesOf(value: Json, schema: JsonObject, path: string): Cause[] {
  const results = (keyword: string) => {
    const members = schema[keyword];
    return (Array.isArray(members) ? members : [])
      .filter(isJsonObject)
      .map((member) => causesOf(value, member, { path }));
  };
  const told = (text: string): Cause => ({
    reason: "FieldValueInvalid",
    message: `Invalid value: "": ${JSON.stringify(path)} must ${text}`,
    field: "<nil>",
  });
  const [all, any, one] = [results("allOf"), results("anyOf"), results("oneOf")];
  const [failed, right] = [
    all.filter((causes) => causes.length > 0),
    one.filter((causes) => causes.length === 0).length,
  ];
  const found: Cause[] = [];
  if (any.length > 0 && !any.some(isEmpty)) found.push(told("validate at least one schema (anyOf)"), ...least(any));
  if (one.length > 0 && right !== 1) {
    const count = right === 0 ? "Found none valid" : `Found ${right} valid alternatives`;
    found.push(told(`validate one and only one schema (oneOf). ${count}`), ...(right === 0 ? least(one) : []));
  }
  if (failed.length > 0) {
    const none = failed.length === all.length ? ". None validated" : "";
    found.push(...failed.flat(), told(`validate all the schemas (allOf)${none}`));
  }
  const { not } = schema;
  if (isJsonObject(not) && isEmpty(causesOf(value, not, { path }))) found.push(told("not validate the schema (not)"));
  return found;
}

function isEmpty(causes: readonly Cause[]): boolean {
  return causes.length === 0;
}

function least(results: readonly Cause[][]): readonly Cause[] {
  return results.reduce((best, causes) => (causes.length < best.length ? causes : best), results[0] ?? []);
}
