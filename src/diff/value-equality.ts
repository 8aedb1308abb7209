import { canonicalJson } from "../kit/hash.ts";
import { isFinerThanMilli, sameQuantity } from "../kit/quantity.ts";
import { ANY_SCHEMA, isJsonObject, type Json, type JsonObject, type SchemaNode } from "../model/index.ts";
import { isList } from "./field-path.ts";

/** alike: but for empty values, which the server leaves out where it may: of a field that is still ours the same, of another not for sure,
 *  since gone may mean the default (true, often). maybe: the server may have made one out of the other; only a dry run can tell. */
export type Verdict = "same" | "alike" | "maybe" | "different";

export function sameJson(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  if (one === undefined || other === undefined) return false;
  return typeof one === "object" && typeof other === "object" && canonicalJson(one) === canonicalJson(other);
}

/** What Go leaves out of JSON as empty, at any depth. */
export function isZero(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === "") return true;
  if (isList(value)) return value.length === 0;
  return isJsonObject(value) && Object.values(value).every(isZero);
}

/** Whether live is what the server makes of the manifest's value, both being there. */
export function sameValue(desired: Json, live: Json, schema: SchemaNode): Verdict {
  if (sameJson(desired, live)) return "same";
  if (desired === null) return sameNull(live, schema);
  if (isList(desired)) return isList(live) ? sameList(desired, live, schema) : "different";
  if (isJsonObject(desired)) return isJsonObject(live) ? sameObject(desired, live, schema) : "different";
  return live === null || typeof live === "object" ? "different" : sameScalar(desired, live, schema);
}

/** null asks for the default, or for the type's empty value (`data: {a: null}` becomes ""); where it may stay it is a value of its own. */
function sameNull(live: Json, schema: SchemaNode): Verdict {
  if (schema.nullable === true) return "maybe";
  return sameJson(live, schema.default) || isZero(live) ? "same" : "maybe";
}

function sameList(desired: readonly Json[], live: readonly Json[], schema: SchemaNode): Verdict {
  if (desired.length !== live.length) return "different";
  const items = schema.items() ?? ANY_SCHEMA;
  return worst(desired.map((item, position) => sameValue(item, live[position] ?? null, items)));
}

/** Fields that only live has are the server's defaults, or edits: a struct may have them, a map of free keys may not. */
function sameObject(desired: JsonObject, live: JsonObject, schema: SchemaNode): Verdict {
  const verdicts: Verdict[] = [];
  for (const name of new Set([...Object.keys(desired), ...Object.keys(live)])) {
    const want = Object.hasOwn(desired, name) ? desired[name] : undefined;
    const got = Object.hasOwn(live, name) ? live[name] : undefined;
    const field = schema.field(name) ?? ANY_SCHEMA;
    if (want !== undefined && got !== undefined) verdicts.push(sameValue(want, got, field));
    else if (want === undefined && got !== undefined) verdicts.push(onlyLive(got, field, schema));
    else if (got === undefined && want !== undefined) verdicts.push(onlyDesired(want, schema));
  }
  return worst(verdicts);
}

function onlyLive(got: Json, field: SchemaNode, parent: SchemaNode): Verdict {
  if (parent.kind === "map") return "different";
  if (sameJson(got, field.default)) return "same";
  return parent.kind === "struct" && isZero(got) ? "alike" : "maybe";
}

function onlyDesired(want: Json, parent: SchemaNode): Verdict {
  if (parent.kind === "struct" && isZero(want)) return "alike";
  return isZero(want) && want !== "" ? "maybe" : "different";
}

const WORST_FIRST: readonly Verdict[] = ["different", "maybe", "alike"];

function worst(verdicts: readonly Verdict[]): Verdict {
  const found = WORST_FIRST.find((verdict) => verdicts.includes(verdict));
  return found ?? "same";
}

type Scalar = string | number | boolean;

function sameScalar(desired: Scalar, live: Scalar, schema: SchemaNode): Verdict {
  if (schema.scalar === "quantity") return sameAmount(desired, live);
  if (schema.format === "byte") return sameBytes(desired, live);
  if (schema.format === "date-time") return sameTime(desired, live);
  // 80 and "80" are two values to the server even where a field takes both, so only a dry run may call them one.
  return String(desired) === String(live) ? "maybe" : "different";
}

function sameAmount(desired: Scalar, live: Scalar): Verdict {
  const same = sameQuantity(desired, live);
  if (same === true) return "same";
  return same === undefined || isFinerThanMilli(desired) ? "maybe" : "different";
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The server decodes base64, line ends and all, and writes it anew; what is no base64 it refuses. */
function sameBytes(desired: Scalar, live: Scalar): Verdict {
  if (typeof desired !== "string" || typeof live !== "string" || !isBase64(desired)) return "different";
  return Buffer.from(desired, "base64").equals(Buffer.from(live, "base64")) ? "same" : "different";
}

/** As the server reads it: line ends in it count for nothing. */
export function isBase64(text: string): boolean {
  return BASE64.test(text.replaceAll(/[\r\n]/g, ""));
}

function sameTime(desired: Scalar, live: Scalar): Verdict {
  return Date.parse(String(desired)) === Date.parse(String(live)) ? "same" : "maybe";
}
