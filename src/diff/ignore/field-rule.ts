import { globsMatch } from "../../kit/glob.ts";
import {
  IGNORE_ANNOTATION,
  type IgnoreRule,
  type Json,
  type KubeObject,
  type LeftSource,
  PlumblineError,
  type Ref,
  toProblem,
} from "../../model/index.ts";
import { readJsonPath, readPointer, type Segment } from "./segments.ts";

/** A rule, read once. What it says must all hold of a field. */
export interface FieldRule {
  readonly source: LeftSource;
  /** Ways to the fields; everything below them is meant too. None: every field. */
  readonly ways: readonly (readonly Segment[])[];
  /** Only what such a manager has and we have not. */
  readonly manager?: string;
  /** Only fields of which this is true. */
  readonly only?: (field: { readonly desired: Json | undefined; readonly manager: string | undefined }) => boolean;
  /** Git's value is sent all the same: it asks the server for what it then finds. */
  readonly isSent?: boolean;
  /** Whom the field is left to; whoever has it where this is not said. */
  readonly to?: string;
  readonly reason: string;
  /** As it stands in the application or the settings. */
  readonly written?: IgnoreRule;
}

/** The rules of an application and of the settings, by what they are about. */
export interface RuleSet {
  /** Those that are about an object; the same empty list where there are none. */
  about(ref: Ref): readonly FieldRule[];
}

export interface RuleLayer {
  readonly source: "application" | "settings";
  readonly rules: readonly IgnoreRule[];
  /** What the list is called where it stands: "spec.ignore". */
  readonly where: string;
}

const NO_RULES: readonly FieldRule[] = [];

/** Reads every rule, in their order. Errors: PL-IGNORE-INVALID with the rule's place. */
export function ruleSetOf(...layers: readonly RuleLayer[]): RuleSet {
  const rules = layers.flatMap(readLayer);
  const byKind = new Map<string, readonly FieldRule[]>();
  return {
    about: (ref) => {
      if (rules.length === 0) return NO_RULES;
      const kind = `${ref.group}/${ref.kind}`;
      const known = byKind.get(kind) ?? rules.filter(({ written }) => written !== undefined && isOfKind(written, ref));
      byKind.set(kind, known);
      return known.length === 0
        ? NO_RULES
        : known.filter(({ written }) => written !== undefined && concerns(written, ref));
    },
  };
}

function isOfKind(rule: IgnoreRule, { group, kind }: Pick<Ref, "group" | "kind">): boolean {
  return globsMatch(rule, { group, kind });
}

/** Whether a rule is about an object. */
export function concerns(rule: IgnoreRule, { group, kind, namespace = "", name }: Ref): boolean {
  return globsMatch(rule, { group, kind, namespace, name });
}

function readLayer({ source, rules, where }: RuleLayer): FieldRule[] {
  return rules.map((written, position) => {
    const { path, jsonPath, manager, reason } = written;
    const place = `${where}[${position}]`;
    if (path === undefined && jsonPath === undefined && manager === undefined) {
      const message = "the rule names no field";
      const next = "give it a path, a jsonPath or a manager";
      throw new PlumblineError("PL-IGNORE-INVALID", { message, where: place, next });
    }
    const ways = [
      ...(path === undefined ? [] : [read(readPointer, path, `${place}.path`)]),
      ...(jsonPath === undefined ? [] : [read(readJsonPath, jsonPath, `${place}.jsonPath`)]),
    ];
    return { source, ways, reason, written, ...(manager === undefined ? {} : { manager }) };
  });
}

function read(reader: (text: string) => readonly Segment[], text: string, where: string): readonly Segment[] {
  try {
    return reader(text);
  } catch (error) {
    const { code, message } = toProblem(error);
    throw new PlumblineError(code, { message: `${text}: ${message}`, where, cause: error });
  }
}

const LONGEST_ANNOTATION = 8192;
const MOST_LINES = 50;
const readAnnotations = new WeakMap<KubeObject, readonly FieldRule[]>();

/** What the annotation `plumbline.dev/ignore` of a manifest says. Errors: PL-IGNORE-INVALID with the line. */
export function annotationRules(object: KubeObject): readonly FieldRule[] {
  const text: unknown = object.metadata.annotations?.[IGNORE_ANNOTATION];
  if (typeof text !== "string") return NO_RULES;
  const known = readAnnotations.get(object);
  if (known !== undefined) return known;
  const rules = readAnnotation(text);
  readAnnotations.set(object, rules);
  return rules;
}

function readAnnotation(text: string): FieldRule[] {
  const lines = text.split("\n").map((line) => line.trim());
  if (text.length > LONGEST_ANNOTATION || lines.length > MOST_LINES) {
    const message = `it has more than ${LONGEST_ANNOTATION} characters or ${MOST_LINES} lines`;
    throw new PlumblineError("PL-IGNORE-INVALID", { message, where: `annotation ${IGNORE_ANNOTATION}` });
  }
  return lines.flatMap((line, position) => {
    if (line === "" || line.startsWith("#")) return [];
    return [readLine(line, `annotation ${IGNORE_ANNOTATION} line ${position + 1}`)];
  });
}

/** `[manager=GLOB] [PATH] [# REASON]`, with a pointer or a JSONPath. */
function readLine(line: string, where: string): FieldRule {
  const [rule = "", ...reason] = line.split(/\s+#\s*/);
  const [, manager, path = rule] = /^manager=(\S+)\s*(.*)$/s.exec(rule) ?? [];
  const reader = path.startsWith("/") ? readPointer : readJsonPath;
  return {
    source: "annotation",
    ways: path === "" ? [] : [read(reader, path, where)],
    reason: reason.length === 0 ? `annotation ${IGNORE_ANNOTATION} in Git` : reason.join(" # "),
    ...(manager === undefined ? {} : { manager }),
  };
}
