import { isJsonObject, type Json, type JsonObject } from "../../../model/index.ts";

/** The value at a path with dots; undefined where there is none. */
export function at(object: Json | undefined, path: string): Json | undefined {
  let value = object;
  for (const name of path.split("."))
    value = isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value;
}

export function text(object: JsonObject, path: string, absent = "<none>"): string {
  const value = at(object, path);
  return value === undefined || value === null || value === "" ? absent : String(value);
}

export function count(object: JsonObject, path: string): number {
  const value = at(object, path);
  if (Array.isArray(value)) return value.length;
  return isJsonObject(value) ? Object.keys(value).length : Number(value ?? 0);
}

export function list(object: Json | undefined, path: string): JsonObject[] {
  const value = at(object, path);
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

export function texts(object: Json | undefined, path: string): string[] {
  const value = at(object, path);
  return Array.isArray(value) ? value.map(String) : [];
}

export function joined(values: readonly unknown[], absent = "<none>", by = ","): string {
  return values.length === 0 ? absent : values.join(by);
}

/** "a=1,b in (x,y)", as kubectl shows a selector. */
export function selectorText(selector: Json | undefined): string {
  if (!isJsonObject(selector)) return "<none>";
  const nested = selector["matchLabels"] !== undefined || selector["matchExpressions"] !== undefined;
  const labels = nested ? selector["matchLabels"] : selector;
  const pairs = isJsonObject(labels) ? Object.entries(labels).map(([key, value]) => `${key}=${value}`) : [];
  const more = list(selector, "matchExpressions").map((one) => {
    const values = texts(one, "values").join(",");
    const operator = String(one["operator"]);
    if (operator === "Exists") return String(one["key"]);
    return operator === "DoesNotExist" ? `!${one["key"]}` : `${one["key"]} ${operator.toLowerCase()} (${values})`;
  });
  return joined([...pairs.sort(), ...more]);
}

/** "5s", "3m12s", "2d3h", as kubectl writes ages. `since`: RFC 3339. Source: apimachinery, util/duration (HumanDuration). */
export function age(since: Json | undefined, now: Date): string {
  if (typeof since !== "string") return "<unknown>";
  return duration(Math.floor((now.getTime() - Date.parse(since)) / 1000));
}

const STEPS: readonly (readonly [
  below: number,
  unit: string,
  size: number,
  minor: string,
  minorSize: number,
  minorBelow: number,
])[] = [
  [120, "s", 1, "", 1, 0],
  [10 * 60, "m", 60, "s", 1, 10 * 60],
  [3 * 3600, "m", 60, "", 1, 0],
  [8 * 3600, "h", 3600, "m", 60, 8 * 3600],
  [48 * 3600, "h", 3600, "", 1, 0],
  [8 * 86400, "d", 86400, "h", 3600, 8 * 86400],
  [2 * 365 * 86400, "d", 86400, "", 1, 0],
  [8 * 365 * 86400, "y", 365 * 86400, "d", 86400, 0],
];

export function duration(seconds: number): string {
  if (seconds < -1) return "<invalid>";
  const whole = Math.max(0, seconds);
  const step = STEPS.find(([below]) => whole < below);
  if (step === undefined) return `${Math.floor(whole / (365 * 86400))}y`;
  const [, unit, size, minor, minorSize] = step;
  const rest = minor === "" ? 0 : Math.floor((whole % size) / minorSize);
  return `${Math.floor(whole / size)}${unit}${rest === 0 ? "" : `${rest}${minor}`}`;
}
