import type { Json } from "../../model/index.ts";

/** What a template may name, by its name: "path", "path.name", "value.region", "cluster". */
export type Variables = ReadonlyMap<string, string | number | boolean>;

export interface Filled<T> {
  readonly value: T;
  /** What it names and there is not. */
  readonly unknown: readonly string[];
}

interface Filling {
  readonly variables: Variables;
  readonly unknown: Set<string>;
  /** Other templates in the text are somebody else's: those of Helm. A text that is one variable alone becomes that variable, be it a number. */
  readonly values: boolean;
}

const PLACE = /\{\{\s*([^{}]*?)\s*\}\}/g;
const ONLY = /^\{\{\s*([^{}]*?)\s*\}\}$/;
const OURS = /^(path|value|cluster)(\.[-\w]+)*$/;

/** Plain replacement of names, no code. */
export function fillText(text: string, variables: Variables): Filled<string> {
  const unknown = new Set<string>();
  const value = filled(text, { variables, unknown, values: false });
  return { value: String(value), unknown: [...unknown] };
}

/** The same in every text below a value; keys stay as they are. */
export function fillJson(json: Json, variables: Variables, { values = false } = {}): Filled<Json> {
  const unknown = new Set<string>();
  return { value: walk(json, { variables, unknown, values }), unknown: [...unknown] };
}

function walk(json: Json, filling: Filling): Json {
  if (typeof json === "string") return filled(json, filling);
  if (Array.isArray(json)) return json.map((item) => walk(item, filling));
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, walk(value ?? null, filling)]));
}

function filled(text: string, { variables, unknown, values }: Filling): string | number | boolean {
  if (!text.includes("{{")) return text;
  const only = values ? ONLY.exec(text)?.[1] : undefined;
  const whole = only === undefined ? undefined : variables.get(only);
  if (whole !== undefined) return whole;
  return text.replace(PLACE, (place, name: string) => {
    const value = variables.get(name);
    if (value !== undefined) return String(value);
    if (!values || OURS.test(name)) unknown.add(name);
    return place;
  });
}
