import { compareText } from "../../../src/kit/compare-text.ts";
import { isCollection, type Placeholders, placeholdersOf, versionText } from "./placeholders.ts";
import type { Playing } from "./play.ts";
import { type Fields, isRecord } from "./records.ts";
import type { Answer, Scenario } from "./scenario.ts";
import { normaliseText } from "./terminal-text.ts";

/** An answer as it is kept: nothing in it that another server, or another day, would answer otherwise. */
export interface GoldenAnswer {
  readonly asked: string;
  /** Of kubectl the exit code. */
  readonly status: number;
  /** Where it is not application/json. */
  readonly type?: string;
  readonly warnings?: readonly string[];
  readonly body?: unknown;
}

interface Rules {
  readonly placeholders: Placeholders;
  readonly namespace: string;
  readonly managers: boolean;
}

const IN_TEXTS: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "<time>"],
  // In a text that quotes a whole object, once or twice escaped.
  [/(\\*"resourceVersion\\*": ?\\*")\d+/g, "$1<version>"],
  [/(ResourceVersion in (?:the precondition|record) \()\d+/g, "$1<version>"],
  [/(too old resource version: )\d+ \(\d+\)/g, "$1<version> (<version>)"],
  [/:3[0-2]\d{3}\/(?=TCP|UDP)/g, ":<port>/"],
];
const AGE_COLUMNS = new Set(["Age", "Created At", "Last Schedule", "Duration"]);
const UNORDERED = new Set(["causes", "managedFields"]);
const MADE_UP_PORTS = new Set(["nodePort", "healthCheckNodePort"]);

export function normalise({ namespace, played }: Playing, { managers = false }: Scenario): GoldenAnswer[] {
  const placeholders = placeholdersOf(played.map(({ answer }) => answer.body));
  const rules: Rules = { placeholders, namespace, managers };
  return played.map(({ asked, answer, given }) => {
    if (asked.startsWith("kubectl ")) {
      return { asked: textOf(rules, asked), status: answer.status, body: terminalOf(rules, answer) };
    }
    return given && answer.status < 300
      ? { asked: textOf(rules, asked), status: answer.status }
      : goldenOf(rules, asked, answer);
  });
}

function terminalOf(rules: Rules, { body }: Answer): unknown {
  if (!isRecord(body)) return body;
  const streams = Object.entries(body).filter(([, text]) => text !== "");
  return Object.fromEntries(streams.map(([name, text]) => [name, normaliseText(textOf(rules, String(text)))]));
}

function goldenOf(rules: Rules, asked: string, { status, headers, body }: Answer): GoldenAnswer {
  const { "content-type": type, warning } = headers;
  const texts = typeof warning === "string" ? [warning] : warning;
  return {
    asked: textOf(rules, asked),
    status,
    ...(typeof type === "string" && type !== "application/json" ? { type } : {}),
    ...(texts === undefined ? {} : { warnings: texts.map((text) => textOf(rules, text)) }),
    ...(body === "" ? {} : { body: normalised(rules, isRecord(body) ? shortFailure(body, status) : body) }),
  };
}

/** A Status of failure, less what all of them have. */
function shortFailure(body: Fields, httpStatus: number): Fields {
  const { kind, apiVersion, metadata, status, code, ...told } = body;
  const isUsual =
    kind === "Status" && apiVersion === "v1" && status === "Failure" && code === httpStatus && isEmpty(metadata);
  return isUsual ? { failure: told } : body;
}

const isEmpty = (value: unknown): boolean => isRecord(value) && Object.keys(value).length === 0;

function normalised(rules: Rules, value: unknown): unknown {
  if (typeof value === "string") return textOf(rules, value);
  if (Array.isArray(value)) return value.map((item) => normalised(rules, item));
  if (!isRecord(value)) return value;
  const isMoment = isCollection(value);
  const ages = agesOf(value);
  const entries = Object.entries(value).map(([key, child]): [string, unknown] => {
    if (key === "metadata" && isRecord(child)) return [key, metadataOf(rules, child, isMoment)];
    if (key === "object" && value["type"] === "BOOKMARK" && isRecord(child)) return [key, bookmarkOf(rules, child)];
    if (UNORDERED.has(key) && Array.isArray(child)) return [key, sorted(child.map((item) => normalised(rules, item)))];
    if (key === "rows" && Array.isArray(child))
      return [key, child.map((row) => normalised(rules, agelessRow(row, ages)))];
    if (MADE_UP_PORTS.has(key) && Number(child) >= 30_000) return [key, "<port>"];
    return [textOf(rules, key), normalised(rules, child)];
  });
  return Object.fromEntries(entries);
}

/** Causes come in the order of a Go map, and some of them twice; managers in that of the seconds in which they wrote. */
function sorted(items: readonly unknown[]): unknown[] {
  const byIdentity = new Map(items.map((item) => [identityOf(item), item]));
  return [...byIdentity].toSorted(([a], [b]) => compareText(a, b)).map(([, item]) => item);
}

function identityOf(item: unknown): string {
  if (!isRecord(item)) return JSON.stringify(item);
  const { manager, operation, subresource, apiVersion, field, reason, message } = item;
  return JSON.stringify([manager, operation, subresource, apiVersion, field, reason, message]);
}

function metadataOf(rules: Rules, { managedFields, ...metadata }: Fields, isMoment: boolean): unknown {
  const { resourceVersion: version, ...others } = metadata;
  const kept = rules.managers && managedFields !== undefined ? { ...others, managedFields } : others;
  const rest = normalised(rules, kept);
  if (typeof version !== "string" || !isRecord(rest)) return rest;
  return { ...rest, resourceVersion: versionText(rules.placeholders, version, isMoment) };
}

function bookmarkOf(rules: Rules, object: Fields): unknown {
  const { metadata, ...others } = object;
  const rest = normalised(rules, others);
  return {
    ...(isRecord(rest) ? rest : {}),
    metadata: isRecord(metadata) ? metadataOf(rules, metadata, true) : metadata,
  };
}

/** Where the columns of a Table are that tell how long ago something was. */
function agesOf({ columnDefinitions }: Fields): readonly number[] {
  if (!Array.isArray(columnDefinitions)) return [];
  return columnDefinitions.flatMap((column: unknown, index) =>
    isRecord(column) && AGE_COLUMNS.has(String(column["name"])) ? [index] : [],
  );
}

function agelessRow(row: unknown, ages: readonly number[]): unknown {
  if (!isRecord(row) || !Array.isArray(row["cells"])) return row;
  const cells = row["cells"].map((cell: unknown, index) => (ages.includes(index) && cell !== "" ? "<age>" : cell));
  return { ...row, cells };
}

function textOf({ placeholders, namespace }: Rules, text: string): string {
  let kept = text.replaceAll(namespace, "$ns");
  for (const [pattern, placeholder] of IN_TEXTS) kept = kept.replaceAll(pattern, placeholder);
  for (const [made, placeholder] of placeholders.texts) kept = kept.replaceAll(made, placeholder);
  return kept;
}
