import { canonicalJson } from "../../../kit/hash.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../model/index.ts";
import type { Cause } from "../api-error.ts";
import { cause } from "../validate/index.ts";
import type { NameRule } from "../validate/names.ts";
import { at, objectsOf } from "./read.ts";

/** A struct somewhere in an object, and what it was before the write. */
export interface Place {
  readonly value: JsonObject;
  readonly before: JsonObject | undefined;
  /** Empty for the object itself. */
  readonly field: string;
}

export type Rule = (place: Place) => readonly Cause[];

export const fieldIn = ({ field }: Pick<Place, "field">, path: string): string =>
  field === "" ? path : `${field}.${path}`;

export function missing(field: string, detail?: string): Cause {
  return cause({ reason: "FieldValueRequired", field, ...(detail === undefined ? {} : { detail }) });
}

export function forbidden(field: string, detail: string): Cause {
  return cause({ reason: "FieldValueForbidden", field, detail });
}

export function bad(field: string, value: Json | undefined, detail: string): Cause {
  return cause({ reason: "FieldValueInvalid", field, value: value ?? null, detail });
}

export function twice(field: string, value: Json): Cause {
  return cause({ reason: "FieldValueDuplicate", field, value });
}

export function unknown(field: string, value: Json | undefined, supported: readonly string[]): Cause {
  const detail = `supported values: ${supported.map((one) => JSON.stringify(one)).join(", ")}`;
  return cause({ reason: "FieldValueNotSupported", field, value: value ?? null, detail });
}

/** The rules of a struct within; none where it is not there. */
export function inside(path: string, rules: readonly Rule[]): Rule {
  return (place) => {
    const value = at(place.value, path);
    const before = at(place.before, path);
    if (!isJsonObject(value)) return [];
    const within = { value, before: isJsonObject(before) ? before : undefined, field: fieldIn(place, path) };
    return rules.flatMap((rule) => rule(within));
  };
}

/** The rules of each item of a list. */
export function each(path: string, rules: readonly Rule[]): Rule {
  return (place) =>
    objectsOf(at(place.value, path)).flatMap((value, index) => {
      const item = { value, before: undefined, field: `${fieldIn(place, path)}[${index}]` };
      return rules.flatMap((rule) => rule(item));
    });
}

export function required(path: string, detail?: string, shownAs = path): Rule {
  return (place) => {
    const value = at(place.value, path);
    const empty = value === undefined || value === "" || value === 0 || (Array.isArray(value) && value.length === 0);
    return empty ? [missing(fieldIn(place, shownAs), detail)] : [];
  };
}

/** One of a few words, where there is one. A list: each of its items. */
export function oneOf(path: string, supported: readonly string[]): Rule {
  return (place) => {
    const value = at(place.value, path);
    const field = fieldIn(place, path);
    const wrong = (one: Json | undefined): boolean => one !== undefined && !supported.includes(String(one));
    if (!Array.isArray(value)) return wrong(value) ? [unknown(field, value, supported)] : [];
    return value.flatMap((one: Json, index) => (wrong(one) ? [unknown(`${field}[${index}]`, one, supported)] : []));
  };
}

export function notNegative(...paths: readonly string[]): Rule {
  return (place) =>
    paths.flatMap((path) => {
      const value = at(place.value, path);
      const negative = typeof value === "number" && value < 0;
      return negative ? [bad(fieldIn(place, path), value, "must be greater than or equal to 0")] : [];
    });
}

const PORT = "must be between 1 and 65535, inclusive";

/** A number of a port, where there is a number. */
export function portNumber(path: string): Rule {
  return (place) => {
    const value = at(place.value, path);
    const wrong = typeof value === "number" && (value < 1 || value > 65535);
    return wrong ? [bad(fieldIn(place, path), value, PORT)] : [];
  };
}

/** No two items of a list have the same name. */
export function unique(path: string, key: string): Rule {
  return (place) => {
    const seen = new Set<string>();
    return objectsOf(at(place.value, path)).flatMap((item, index) => {
      const value = item[key];
      if (typeof value !== "string" || value === "") return [];
      const again = seen.has(value);
      seen.add(value);
      return again ? [twice(`${fieldIn(place, path)}[${index}].${key}`, value)] : [];
    });
  };
}

export function named(path: string, rule: NameRule): Rule {
  return (place) => {
    const value = at(place.value, path);
    if (typeof value !== "string" || value === "") return [];
    return rule(value).map((problem) => bad(fieldIn(place, path), value, problem));
  };
}

/** What was set once stays. */
export function immutable(path: string): Rule {
  return (place) => {
    const { value, before } = place;
    if (before === undefined || isSame(at(value, path), at(before, path))) return [];
    return [bad(fieldIn(place, path), at(value, path), "field is immutable")];
  };
}

export function isSame(one: Json | undefined, other: Json | undefined): boolean {
  return canonicalJson(one) === canonicalJson(other);
}

const PERCENT =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

/** A count, or a share such as "25%". */
export function countOrShare(path: string): Rule {
  return (place) => {
    const value = at(place.value, path);
    const field = fieldIn(place, path);
    if (typeof value === "number") return value < 0 ? [bad(field, value, "must be greater than or equal to 0")] : [];
    return typeof value !== "string" || /^[0-9]+%$/.test(value) ? [] : [bad(field, value, PERCENT)];
  };
}

/** Keys of ConfigMaps and Secrets. */
export function configKeys(path: string): Rule {
  const says =
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
  return (place) => {
    const value = at(place.value, path);
    const wrong = Object.keys(isJsonObject(value) ? value : {}).filter((key) => !/^[-._a-zA-Z0-9]+$/.test(key));
    return wrong.map((key) => bad(`${fieldIn(place, path)}[${key}]`, key, says));
  };
}

/** Names of ports. Source: apimachinery, util/validation (IsValidPortName). */
export function portName(name: string): readonly string[] {
  return [
    ...(name.length > 15 ? ["must be no more than 15 characters"] : []),
    ...(/^[-a-z0-9]+$/.test(name) ? [] : ["must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"]),
    ...(/[a-z]/.test(name) ? [] : ["must contain at least one letter (a-z)"]),
    ...(name.includes("--") ? ["must not contain consecutive hyphens"] : []),
    ...(/^-|-$/.test(name) ? ["must not begin or end with a hyphen"] : []),
  ];
}
