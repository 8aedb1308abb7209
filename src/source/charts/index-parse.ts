import { gunzipSync } from "node:zlib";
import { FAILSAFE_SCHEMA, load, YAMLException } from "js-yaml";
import { codeOf } from "../transport-error.ts";
import { MAX_INDEX_BYTES } from "./limits.ts";
import type { ChartVersion } from "./types.ts";
import { parseVersion } from "./version-range.ts";

export interface IndexJob {
  readonly bytes: Uint8Array;
  readonly gzip: boolean;
}

/** Each chart's versions as JSON in `bytes`, from `start` to `end`: only what is asked for is ever made into objects. */
export interface ParsedIndex {
  readonly bytes: Uint8Array;
  readonly charts: readonly { readonly name: string; readonly start: number; readonly end: number }[];
}

export type IndexOutcome =
  | { readonly ok: true; readonly index: ParsedIndex }
  | { readonly ok: false; readonly tooLarge: boolean; readonly message: string };

/** Aliases let a small text stand for a large one; Helm's own indexes have none. */
const LIMITS = { maxDepth: 40, maxAliases: 1000 };

/** An index.yaml, which may be JSON. Entries that are no versions are left out, as Helm does. Never throws. */
export function parseIndexHere({ bytes, gzip }: IndexJob): IndexOutcome {
  try {
    const plain = gzip ? gunzipSync(bytes, { maxOutputLength: MAX_INDEX_BYTES }) : Buffer.from(bytes);
    return compact(readText(plain.toString("utf8")));
  } catch (error) {
    const tooLarge = codeOf(error) === "ERR_BUFFER_TOO_LARGE";
    return { ok: false, tooLarge, message: tooLarge ? `more than ${MAX_INDEX_BYTES} bytes unpacked` : wordsOf(error) };
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof YAMLException) return `no YAML: ${error.reason}`;
  if (error instanceof SyntaxError) return "no JSON";
  return codeOf(error) ?? (error instanceof RangeError ? "nested too deeply" : "unreadable");
}

/** Without types: a version like 1.10 is text, and no number. */
function readText(text: string): unknown {
  return /^\s*\{/.test(text.slice(0, 1000)) ? readJsonOrYaml(text) : load(text, { schema: FAILSAFE_SCHEMA, ...LIMITS });
}

function readJsonOrYaml(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return load(text, { schema: FAILSAFE_SCHEMA, ...LIMITS });
  }
}

function compact(root: unknown): IndexOutcome {
  const apiVersion = isObject(root) ? root["apiVersion"] : undefined;
  if (!isObject(root) || typeof apiVersion !== "string" || apiVersion === "")
    return { ok: false, tooLarge: false, message: "it has no apiVersion: it is no index of charts" };
  const entries = isObject(root["entries"]) ? root["entries"] : {};
  const parts: Buffer[] = [];
  const charts: { name: string; start: number; end: number }[] = [];
  let total = 0;
  for (const [name, versions] of Object.entries(entries)) {
    const part = Buffer.from(JSON.stringify(Array.isArray(versions) ? versions.flatMap(versionOf) : []));
    charts.push({ name, start: total, end: total + part.length });
    total += part.length;
    if (total > MAX_INDEX_BYTES) return { ok: false, tooLarge: true, message: "its aliases stand for too much" };
    parts.push(part);
  }
  return { ok: true, index: { bytes: Buffer.concat(parts), charts } };
}

/** Helm passes over entries without a version that can be read, and over those without an archive. */
function versionOf(entry: unknown): ChartVersion[] {
  if (!isObject(entry)) return [];
  const { version, digest, created, deprecated } = entry;
  const urls = Array.isArray(entry["urls"]) ? entry["urls"].filter((one) => typeof one === "string") : [];
  if (typeof version !== "string" || parseVersion(version) === undefined || urls.length === 0) return [];
  const found: ChartVersion = {
    version,
    urls: urls.slice(0, 1),
    ...(typeof digest === "string" && digest !== "" ? { digest: hexOf(digest) } : {}),
    ...(typeof created === "string" && !Number.isNaN(Date.parse(created)) ? { created: isoOf(created) } : {}),
    ...(deprecated === true || deprecated === "true" ? { deprecated: true } : {}),
  };
  return [found];
}

function hexOf(digest: string): string {
  return digest.replace(/^sha256:/, "").toLowerCase();
}

export function isoOf(time: string): string {
  return new Date(Date.parse(time)).toISOString();
}

export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
