import { isIP } from "node:net";
import { canonicalJson } from "../../../kit/hash.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../model/index.ts";
import type { Cause } from "../api-error.ts";
import { cause } from "./invalid.ts";
import { textProblem } from "./scalar.ts";

/** Where in an object: "spec.list[0]". */
export interface Place {
  readonly path: string;
}

interface Ruled extends Place {
  readonly schema: JsonObject;
}

type Check = (value: Json, rule: Json, place: Ruled) => Cause[];

function told(path: string, value: Json, text: string): Cause[] {
  return [cause({ reason: "FieldValueInvalid", field: path, value, detail: `${path} in body ${text}` })];
}

const forNumbers =
  (
    isBroken: (value: number, limit: number, schema: JsonObject) => boolean,
    text: (limit: number, schema: JsonObject) => string,
  ): Check =>
  (value, rule, { path, schema }) =>
    typeof value === "number" && typeof rule === "number" && isBroken(value, rule, schema)
      ? told(path, value, text(rule, schema))
      : [];

/** Of texts, lists and maps, by the number of their parts. */
const forSizes =
  (
    sizeOf: (value: Json) => number | undefined,
    broken: (size: number, limit: number, place: Place) => Cause[],
  ): Check =>
  (value, rule, place) => {
    const size = sizeOf(value);
    return size === undefined || typeof rule !== "number" ? [] : broken(size, rule, place);
  };

const lengthOf = (value: Json) => (typeof value === "string" ? [...value].length : undefined);
const countOf = (value: Json) => (Array.isArray(value) ? value.length : undefined);
const fieldsOf = (value: Json) => (isJsonObject(value) ? Object.keys(value).length : undefined);

function tooMany(size: number, limit: number, { path }: Place): Cause[] {
  if (size <= limit) return [];
  const detail = `must have at most ${limit} item${limit === 1 ? "" : "s"}`;
  return [cause({ reason: "FieldValueTooMany", field: path, value: size, detail })];
}

function tooFew(what: string): (size: number, limit: number, place: Place) => Cause[] {
  return (size, limit, { path }) => (size < limit ? told(path, size, `should have at least ${limit} ${what}`) : []);
}

function tooLong(size: number, limit: number, { path }: Place): Cause[] {
  if (size <= limit) return [];
  const detail = `may not be more than ${limit} byte${limit === 1 ? "" : "s"}`;
  return [cause({ reason: "FieldValueTooLong", field: path, detail })];
}

function checkMinLength(value: Json, rule: Json, { path }: Place): Cause[] {
  const length = lengthOf(value);
  if (length === undefined || typeof rule !== "number" || length >= rule) return [];
  return told(path, value, `should be at least ${rule} chars long`);
}

function checkEnum(value: Json, rule: Json, { path }: Place): Cause[] {
  if (!Array.isArray(rule) || rule.some((one: Json) => canonicalJson(one) === canonicalJson(value))) return [];
  const names = rule.map((one: Json) => JSON.stringify(typeof one === "string" ? one : JSON.stringify(one)));
  const detail = `supported values: ${names.join(", ")}`;
  return [cause({ reason: "FieldValueNotSupported", field: path, value, detail })];
}

function checkRequired(value: Json, rule: Json, { path }: Place): Cause[] {
  if (!isJsonObject(value) || !Array.isArray(rule)) return [];
  const missing = rule.filter((name: Json) => typeof name === "string" && !Object.hasOwn(value, name));
  return missing.map((name: Json) =>
    cause({ reason: "FieldValueRequired", field: path === "" ? `${name}` : `${path}.${name}` }),
  );
}

/** A pattern that only Go understands is not asked. */
function checkPattern(value: Json, rule: Json, { path }: Place): Cause[] {
  if (typeof value !== "string" || typeof rule !== "string") return [];
  return expressionOf(rule)?.test(value) === false ? told(path, value, `should match '${rule}'`) : [];
}

function expressionOf(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern, "u");
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const FORMATS: { readonly [format: string]: (text: string) => boolean } = {
  byte: (text) => textProblem(text, "byte") === undefined,
  "date-time": (text) => textProblem(text, "date-time") === undefined,
  date: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)),
  ipv4: (text) => isIP(text) === 4,
  ipv6: (text) => isIP(text) === 6,
  uuid: (text) => /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(text),
};

/** A format that is not known here is not asked. */
function checkFormat(value: Json, rule: Json, { path, schema }: Ruled): Cause[] {
  if (typeof rule !== "string") return [];
  if (
    typeof value === "number" &&
    rule === "int32" &&
    schema["type"] === "integer" &&
    value !== Math.trunc(value) % 2 ** 31
  ) {
    const message = `Invalid value: "": Checked value must be of type integer with format int32 in ${path}`;
    return [{ reason: "FieldValueInvalid", message, field: "<nil>" }];
  }
  const isRight = Object.hasOwn(FORMATS, rule) ? FORMATS[rule] : undefined;
  if (typeof value !== "string" || isRight === undefined || isRight(value)) return [];
  const detail = `${path} in body must be of type ${rule}: ${JSON.stringify(value)}`;
  return [cause({ reason: "FieldValueTypeInvalid", field: path, value, detail })];
}

function checkUnique(value: Json, rule: Json, { path }: Place): Cause[] {
  if (rule !== true || !Array.isArray(value)) return [];
  const isDouble = new Set(value.map(canonicalJson)).size < value.length;
  return isDouble ? told(path, value, "shouldn't contain duplicates") : [];
}

/** A set has an item once, a list map has one item of the same keys. */
function checkListType(value: Json, rule: Json, { path, schema }: Ruled): Cause[] {
  const keys = schema["x-kubernetes-list-map-keys"];
  if (!Array.isArray(value) || (rule !== "set" && rule !== "map")) return [];
  const seen = new Set<string>();
  return value.flatMap((item: Json, at) => {
    const isKeyed = rule === "map" && isJsonObject(item) && Array.isArray(keys);
    const id = isKeyed ? Object.fromEntries(keys.map((key: Json) => [key, item[`${key}`] ?? null])) : item;
    const text = canonicalJson(id);
    const isDouble = seen.has(text);
    seen.add(text);
    return isDouble ? [cause({ reason: "FieldValueDuplicate", field: `${path}[${at}]`, value: id })] : [];
  });
}

/** An object within the object has at least two of its names. */
function checkEmbedded(value: Json, rule: Json, place: Ruled): Cause[] {
  return rule === true ? checkRequired(value, ["apiVersion", "kind"], place) : [];
}

/** Each keyword of a schema that is asked of a value, in the server's words. */
export const KEYWORDS: readonly { readonly keyword: string; readonly check: Check }[] = [
  { keyword: "pattern", check: checkPattern },
  { keyword: "maxLength", check: forSizes(lengthOf, tooLong) },
  { keyword: "minLength", check: checkMinLength },
  { keyword: "format", check: checkFormat },
  {
    keyword: "multipleOf",
    check: forNumbers(
      (value, factor) => (value / factor) % 1 !== 0,
      (factor) => `should be a multiple of ${factor}`,
    ),
  },
  {
    keyword: "maximum",
    check: forNumbers(
      (value, limit, schema) => value > limit || (value === limit && schema["exclusiveMaximum"] === true),
      (limit, schema) => `should be less than ${schema["exclusiveMaximum"] === true ? "" : "or equal to "}${limit}`,
    ),
  },
  {
    keyword: "minimum",
    check: forNumbers(
      (value, limit, schema) => value < limit || (value === limit && schema["exclusiveMinimum"] === true),
      (limit, schema) => `should be greater than ${schema["exclusiveMinimum"] === true ? "" : "or equal to "}${limit}`,
    ),
  },
  { keyword: "minItems", check: forSizes(countOf, tooFew("items")) },
  { keyword: "maxItems", check: forSizes(countOf, tooMany) },
  { keyword: "uniqueItems", check: checkUnique },
  { keyword: "x-kubernetes-list-type", check: checkListType },
  { keyword: "minProperties", check: forSizes(fieldsOf, tooFew("properties")) },
  { keyword: "maxProperties", check: forSizes(fieldsOf, tooMany) },
  { keyword: "enum", check: checkEnum },
  { keyword: "required", check: checkRequired },
  { keyword: "x-kubernetes-embedded-resource", check: checkEmbedded },
];
