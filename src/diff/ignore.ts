import { globMatches } from "../kit/glob.ts";
import { unescapeToken } from "../kit/json-pointer.ts";
import {
  type IgnoreRule,
  isJsonObject,
  type Json,
  type KubeObject,
  type LiveObject,
  type Ref,
} from "../model/index.ts";
import { type FieldPath, hasLabel, isList, jsonOf, labelOf } from "./field-path.ts";
import { NO_FIELDS, pathsOf } from "./field-set.ts";
import { readOwnership } from "./ownership.ts";

/** One part of a rule's path: a field's name or position, `*`, or `[name=web]`. */
type Pattern = readonly string[];

/** The places of one object that are left to somebody else. */
export interface IgnoredPaths {
  /** The place itself is below a rule's path. */
  covers(path: FieldPath): boolean;
  /** The value at a path without the parts that rules name. */
  strip(path: FieldPath, value: Json): Json;
}

const NOTHING: IgnoredPaths = { covers: () => false, strip: (_path, value) => value };

/** `/spec/containers[name=web]/image` -> spec, containers, [name=web], image. In a bracket `/` is written `~1`, as in a pointer. */
function parsePattern(path: string): Pattern {
  return path
    .split("/")
    .slice(1)
    .flatMap((part) => {
      const [, name = part, bracket] = /^([^[]*)(\[[^\]]*=.*\])$/.exec(part) ?? [];
      if (bracket === undefined) return [unescapeToken(part)];
      return name === "" ? [bracket] : [unescapeToken(name), bracket];
    });
}

function concerns(rule: IgnoreRule, ref: Ref): boolean {
  const fits = (pattern: string | undefined, text: string) => pattern === undefined || globMatches(pattern, text);
  return (
    fits(rule.group, ref.group) &&
    fits(rule.kind, ref.kind) &&
    fits(rule.namespace, ref.namespace ?? "") &&
    fits(rule.name, ref.name)
  );
}

/** What the rules leave out of this object. */
export function ignoredPaths(ref: Ref, rules: readonly IgnoreRule[] | undefined): IgnoredPaths {
  const patterns = patternsFor(ref, rules ?? []);
  if (patterns.length === 0) return NOTHING;
  return {
    covers: (path) => patterns.some((pattern) => pattern.length <= path.length && beginsAlike(pattern, path)),
    strip: (path, value) => {
      const below = patterns.filter((pattern) => pattern.length > path.length && beginsAlike(pattern, path));
      const rest = below.map((pattern) => pattern.slice(path.length));
      return rest.length === 0 ? value : (without(value, rest) ?? {});
    },
  };
}

function patternsFor(ref: Ref, rules: readonly IgnoreRule[]): Pattern[] {
  return rules
    .filter((rule) => concerns(rule, ref))
    .map((rule) => parsePattern(rule.path ?? ""))
    .filter((pattern) => pattern.length > 0 && pattern[0] !== "");
}

function beginsAlike(pattern: Pattern, path: FieldPath): boolean {
  return path.slice(0, pattern.length).every((step, depth) => {
    const part = pattern[depth];
    if (part === "*" || part === step.token) return true;
    return !step.element.startsWith("f:") && part === labelOf(step);
  });
}

/**
 * The rules whose fields have left our hands. A field that is ignored and still ours must go on being sent: to leave it out would
 * make the server remove it (server-side apply), so that a rule for an autoscaler's replicas would scale to 1 before it ever scaled.
 */
export function rulesLetGo(live: LiveObject, rules: readonly IgnoreRule[]): readonly IgnoreRule[] {
  const ours = [...pathsOf(readOwnership(live).ours?.fields ?? NO_FIELDS)];
  return rules.filter((rule) => {
    const pattern = parsePattern(rule.path ?? "");
    return !ours.some(
      (elements) =>
        elements.length >= pattern.length && pattern.every((part, depth) => meansElement(part, elements[depth] ?? "")),
    );
  });
}

/** Items are told apart by key, value or position; a rule that names one is taken to mean any of them. */
function meansElement(part: string, element: string): boolean {
  return part === "*" || element === `f:${part}` || !element.startsWith("f:");
}

const IDENTITY = new Set(["apiVersion", "kind", "metadata", "metadata/name", "metadata/namespace"]);

/** The object without the fields that rules name: a field ignored is a field not owned. Names of the object itself stay. */
export function withoutIgnored(object: KubeObject, ref: Ref, rules: readonly IgnoreRule[] | undefined): KubeObject {
  const patterns = patternsFor(ref, rules ?? []).filter((pattern) => !IDENTITY.has(pattern.join("/")));
  if (patterns.length === 0) return object;
  const { apiVersion, kind, metadata } = object;
  const stripped = without(jsonOf(object), patterns);
  const rest = isJsonObject(stripped) ? stripped : {};
  const kept = isJsonObject(rest["metadata"]) ? rest["metadata"] : {};
  return { ...rest, apiVersion, kind, metadata: { ...kept, ...namesOf(metadata) } };
}

function namesOf({ name, namespace }: KubeObject["metadata"]): KubeObject["metadata"] {
  return namespace === undefined ? { name } : { name, namespace };
}

/** Undefined: nothing is left. An object that only becomes empty by this goes too, so that it is not owned as an empty map. */
function without(value: Json, patterns: readonly Pattern[]): Json | undefined {
  if (patterns.some((pattern) => pattern.length === 0)) return undefined;
  if (isList(value)) {
    return value.flatMap((item, position) => {
      const below = restOf(patterns, (part) => part === String(position) || hasLabel(item, part));
      const left = below.length === 0 ? item : without(item, below);
      return left === undefined ? [] : [left];
    });
  }
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).flatMap(([name, part]) => {
    const below = restOf(patterns, (token) => token === name);
    const left = below.length === 0 || part === undefined ? part : without(part, below);
    return left === undefined ? [] : [[name, left] as const];
  });
  return entries.length === 0 && Object.keys(value).length > 0 ? undefined : Object.fromEntries(entries);
}

function restOf(patterns: readonly Pattern[], fits: (part: string) => boolean): Pattern[] {
  return patterns
    .filter(([part]) => part !== undefined && (part === "*" || fits(part)))
    .map((pattern) => pattern.slice(1));
}
