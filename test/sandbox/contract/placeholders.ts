import { isRecord } from "./records.ts";

const UID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const VERSION = /^\d+$/;

/** What a server made up in the answers of one scenario, and what stands for it in the golden ones. */
export interface Placeholders {
  /** Whole texts and parts of texts: uids, generated names, addresses. */
  readonly texts: ReadonlyMap<string, string>;
  /** The resourceVersions of objects, in their order: equal and later ones can still be told. */
  readonly versions: readonly number[];
}

interface Found {
  readonly texts: Map<string, string>;
  readonly versions: Set<number>;
  readonly counts: Map<string, number>;
}

/** Collects, in the order of appearance, from everything that was answered. */
export function placeholdersOf(bodies: readonly unknown[]): Placeholders {
  const found: Found = { texts: new Map(), versions: new Set(), counts: new Map() };
  for (const body of bodies) collect(found, body);
  return { texts: found.texts, versions: [...found.versions].sort((a, b) => a - b) };
}

function collect(found: Found, value: unknown): void {
  if (Array.isArray(value)) for (const item of value) collect(found, item);
  else if (isRecord(value) && value["type"] !== "BOOKMARK") {
    if (isRecord(value["metadata"]) && !isCollection(value)) collectMetadata(found, value["metadata"]);
    for (const [key, child] of Object.entries(value)) collectField(found, key, child);
  }
}

function collectMetadata(found: Found, metadata: Readonly<Record<string, unknown>>): void {
  const { resourceVersion, generateName, name } = metadata;
  if (typeof resourceVersion === "string" && VERSION.test(resourceVersion)) found.versions.add(Number(resourceVersion));
  if (typeof generateName === "string" && typeof name === "string" && name.startsWith(generateName)) {
    nameIt(found, name.slice(generateName.length), "generated");
  }
}

function collectField(found: Found, key: string, value: unknown): void {
  if (typeof value === "string" && UID.test(value)) nameIt(found, value, "uid");
  else if (key === "clusterIP" && typeof value === "string" && /^10\./.test(value)) nameIt(found, value, "address");
  else if (key === "continue" && typeof value === "string" && value !== "") found.texts.set(value, "<continue>");
  else collect(found, value);
}

function nameIt({ texts, counts }: Found, text: string, sort: string): void {
  if (text === "" || texts.has(text)) return;
  const count = (counts.get(sort) ?? 0) + 1;
  counts.set(sort, count);
  texts.set(text, `<${sort}-${count}>`);
}

/** A list, a Table, a bookmark: their resourceVersion is that of the moment, to which other writers add. */
export function isCollection(value: Readonly<Record<string, unknown>>): boolean {
  return Object.hasOwn(value, "items") || Object.hasOwn(value, "rows");
}

/** `<v3>` for an object's own version; of a moment only after which of them it was. */
export function versionText({ versions }: Placeholders, version: string, isMoment: boolean): string {
  if (!VERSION.test(version)) return version;
  const number = Number(version);
  const upTo = versions.filter((seen) => seen <= number).length;
  return isMoment ? `<since v${upTo}>` : `<v${upTo}>`;
}
