import type { JsonObject } from "../../../model/index.ts";

/**
 * One line says a type: `image string; ports [map:containerPort,protocol]#core.v1.ContainerPort patch=merge/containerPort; replicas int32`.
 *
 * A field is its name (with `!` where it is required), its type, and traits. Types: `string`, `integer:int32`, ... as `type:format`;
 * `#name` for another type; `[]T`, `[atomic]T`, `[set]T`, `[map:KEY,KEY]T` for lists; `{}T`, `{atomic}T` for maps; `{atomic:}#name` for a part
 * that is owned as one here, `{granular:}#name` for one that is not. Traits: `patch=STRATEGY/KEY`, `enum=A|B`, `=DEFAULT` in JSON. Traits of what is in a list or a map stand behind its type with `~`.
 * `@atomic` first: the type itself is owned as one.
 */
export const ATOMIC = "@atomic";
/** A line that begins so is not a struct: `@is string:date-time`. */
export const NAMED = "@is ";

const PREFIXES: readonly (readonly [short: string, long: string])[] = [
  ["apiextensions.", "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions."],
  ["apiregistration.", "io.k8s.kube-aggregator.pkg.apis.apiregistration."],
  ["meta.", "io.k8s.apimachinery.pkg.apis.meta."],
  ["machinery.", "io.k8s.apimachinery.pkg."],
  ["", "io.k8s.api."],
];

/** "io.k8s.api.apps.v1.Deployment" -> "apps.v1.Deployment" */
export function shortName(long: string): string {
  const found = PREFIXES.find(([, prefix]) => long.startsWith(prefix));
  return found === undefined ? long : found[0] + long.slice(found[1].length);
}

export function longName(short: string): string {
  const [from, to] = PREFIXES.find(([prefix]) => short.startsWith(prefix)) ?? ["", ""];
  return to + short.slice(from.length);
}

/** The schema of OpenAPI v3 that a line stands for. */
export function schemaOf(line: string): JsonObject {
  if (line.startsWith(NAMED)) return partSchema(line.slice(NAMED.length), []);
  const parts = line.split("; ").filter((part) => part !== "");
  const fields = parts.filter((part) => part !== ATOMIC).map(readField);
  const required = fields.filter((field) => field.required).map(({ name }) => name);
  return {
    type: "object",
    properties: Object.fromEntries(fields.map(({ name, schema }) => [name, schema])),
    ...(required.length === 0 ? {} : { required }),
    ...(parts[0] === ATOMIC ? { "x-kubernetes-map-type": "atomic" } : {}),
  };
}

function readField(text: string): { readonly name: string; readonly required: boolean; readonly schema: JsonObject } {
  const [head = "", type = "", ...traits] = text.split(" ");
  const required = head.endsWith("!");
  return { name: required ? head.slice(0, -1) : head, required, schema: partSchema(type, traits) };
}

function partSchema(type: string, traits: readonly string[]): JsonObject {
  const own: JsonObject = Object.assign({}, ...traits.map(traitOf));
  if (type.startsWith("#")) return { allOf: [{ $ref: refTo(type.slice(1)) }], ...own };
  const [, bracket = "", content = "", rest = ""] = /^([[{])([^\]}]*)[\]}](.*)$/.exec(type) ?? [];
  if (bracket === "") return { ...scalarOf(type), ...own };
  if (content.endsWith(":"))
    return { allOf: [{ $ref: refTo(rest.slice(1)) }], "x-kubernetes-map-type": content.slice(0, -1), ...own };
  const [inner = "", ...innerTraits] = rest.split("~");
  const part = partSchema(inner, innerTraits);
  return bracket === "[" ? { type: "array", items: part, ...listTraits(content), ...own } : mapOf(part, content, own);
}

function mapOf(values: JsonObject, content: string, own: JsonObject): JsonObject {
  const atomic = content === "atomic" ? { "x-kubernetes-map-type": "atomic" } : {};
  return { type: "object", additionalProperties: values, ...atomic, ...own };
}

function listTraits(content: string): JsonObject {
  const [type = "", keys] = content.split(":");
  return {
    ...(type === "" ? {} : { "x-kubernetes-list-type": type }),
    ...(keys === undefined ? {} : { "x-kubernetes-list-map-keys": keys.split(",") }),
  };
}

function scalarOf(text: string): JsonObject {
  const [type = "", format] = text.split(":");
  return { ...(type === "any" ? {} : { type }), ...(format === undefined ? {} : { format }) };
}

function traitOf(trait: string): JsonObject {
  const equals = trait.indexOf("=");
  const [name, value] = [trait.slice(0, equals), trait.slice(equals + 1)];
  if (name === "enum") return { enum: value.split("|") };
  if (name === "") return { default: JSON.parse(value) };
  const [strategy = "", key] = value.split("/");
  return {
    "x-kubernetes-patch-strategy": strategy,
    ...(key === undefined ? {} : { "x-kubernetes-patch-merge-key": key }),
  };
}

function refTo(short: string): string {
  return `#/components/schemas/${longName(short)}`;
}

/** Names of the types that a line leads to. */
export function referencesIn(line: string): string[] {
  return Array.from(line.matchAll(/#([\w.-]+)/g), ([, name]) => name ?? "");
}
