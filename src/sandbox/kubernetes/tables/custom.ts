import { canonicalJson } from "../../../kit/hash.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../model/index.ts";
import type { PrinterColumn } from "../types.ts";
import { type Column, NAME } from "./column.ts";
import { age } from "./read.ts";

/** The columns that a definition asks for. */
export function customColumns(columns: readonly PrinterColumn[]): Column[] {
  return [
    NAME,
    ...columns.map(
      ({ name, type, format = "", description = "", priority = 0, jsonPath }): Column => ({
        name,
        type,
        format,
        priority,
        description: description || `Custom resource definition column (in JSONPath format): ${jsonPath}`,
        cell: (object, now) => cellOf(valuesAt(object, jsonPath), type, now),
      }),
    ),
  ];
}

function cellOf([value]: readonly Json[], type: string, now: Date): Json {
  if (value === undefined || value === null) return null;
  if (type === "string") return typeof value === "object" ? canonicalJson(value) : String(value);
  if (type === "date") return dateCell(value, now);
  if (type === "boolean") return typeof value === "boolean" ? value : null;
  if (typeof value !== "number") return null;
  return type === "integer" ? Math.trunc(value) : value;
}

/** An age, of what is written as a time with its zone. */
function dateCell(value: Json, now: Date): Json {
  if (typeof value !== "string") return null;
  return Number.isNaN(Date.parse(value)) || !value.includes("T") ? "<invalid>" : age(value, now);
}

const STEP = /\.((?:\\.|[^.[\]\\])+)|\['([^']*)'\]|\[(-?\d+|\*)\]|\[\?\(@\.([\w.-]+)\s*==\s*(["'])(.*?)\5\)\]/g;

/** The part of JSONPath that printer columns use: fields, indexes, `[*]`, and filters by one field. */
function valuesAt(object: JsonObject, path: string): readonly Json[] {
  let values: readonly Json[] = [object];
  for (const [, field, quoted, index, key, , wanted] of path.matchAll(STEP)) {
    values = values.flatMap((value) => {
      if (key !== undefined) return listOf(value).filter((item) => isJsonObject(item) && String(item[key]) === wanted);
      if (index !== undefined) return index === "*" ? listOf(value) : (listOf(value).at(Number(index)) ?? []);
      const name = field?.replaceAll(/\\(.)/g, "$1") ?? quoted ?? "";
      const part = isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
      return part === undefined ? [] : [part];
    });
  }
  return values;
}

function listOf(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
