import { parseQuantity } from "../../../kit/quantity.ts";
import type { Json, SchemaNode } from "../../../model/index.ts";

const TIME = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d([.,]\d+)?([Zz]|[+-]\d\d:\d\d)$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** Go's own way of saying how a time looks. */
const LAYOUT = "2006-01-02T15:04:05Z07:00";

/** As the problems of fields have it. */
type ScalarProblem =
  | { readonly kind: "type" | "number" }
  | { readonly kind: "format"; readonly why: string }
  | undefined;

/** Quantities may be numbers; an int-or-string that is a number has 32 bits. */
export function scalarProblem(value: Json, { scalar, format }: SchemaNode): ScalarProblem {
  switch (scalar) {
    case "string":
      return typeof value === "string" ? textProblem(value, format) : { kind: "type" };
    case "boolean":
      return typeof value === "boolean" ? undefined : { kind: "type" };
    case "number":
      return typeof value === "number" ? undefined : { kind: "type" };
    case "integer":
      return typeof value === "number" ? integerProblem(value, format) : { kind: "type" };
    case "int-or-string":
      if (typeof value === "number") return integerProblem(value, "int32");
      return typeof value === "string" ? undefined : { kind: "type" };
    case "quantity":
      if (parseQuantity(value) !== undefined) return undefined;
      return {
        kind: "format",
        why: "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
      };
    default:
      return undefined;
  }
}

function integerProblem(value: number, format: string | undefined): ScalarProblem {
  const limit = format === "int32" ? 2 ** 31 : 2 ** 63;
  if (Number.isInteger(value) && value >= -limit && value < limit) return undefined;
  return { kind: "number" };
}

/** Formats whose text the server reads: base64 and times. */
export function textProblem(value: string, format: string | undefined): ScalarProblem {
  if (format === "byte") {
    // Go's decoder takes line ends for nothing.
    const text = value.replace(/[\r\n]/g, "");
    if (BASE64.test(text)) return undefined;
    const at = /[^A-Za-z0-9+/]/.exec(text)?.index ?? Math.floor(text.length / 4) * 4;
    return { kind: "format", why: `illegal base64 data at input byte ${at}` };
  }
  if (format === "date-time" && !(TIME.test(value) && !Number.isNaN(Date.parse(value)))) {
    const shown = JSON.stringify(value);
    return {
      kind: "format",
      why: `parsing time ${shown} as ${JSON.stringify(LAYOUT)}: cannot parse ${shown} as "2006"`,
    };
  }
  return undefined;
}

export function jsonType(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}
