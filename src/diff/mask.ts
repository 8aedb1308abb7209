import { parsePointer } from "../kit/json-pointer.ts";
import { type FieldChange, isJsonObject, type Json, type JsonObject, type KubeObject } from "../model/index.ts";
import { jsonOf } from "./field-path.ts";
import { isBase64, sameJson } from "./value-equality.ts";

/** What a Secret may show. Whatever else stands at its top, misspelt or new, is taken for a secret. */
const SHOWN = new Set(["apiVersion", "kind", "metadata", "type", "immutable"]);
/** kubectl keeps a copy of the whole object in it. */
export const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** Gives equal values the same marker and other values another, within one change and one key only: nothing can be guessed from it elsewhere. */
type Marker = (value: Json, key?: string) => string;

function createMarker(): Marker {
  const byKey = new Map<string, Json[]>();
  return (value, key = "") => {
    const seen = byKey.get(key) ?? [];
    byKey.set(key, seen);
    const at = seen.findIndex((known) => sameJson(known, value));
    const position = at < 0 ? seen.push(value) - 1 : at;
    return `(masked ${position < 26 ? String.fromCharCode(65 + position) : position + 1})`;
  };
}

/** The change with secret values replaced by `(masked A)`, `(masked B)`: equal and unequal can be told, nothing else.
 *  `owner` is the object of which it is a part. Fails closed: a Secret that is not shaped like one shows no value at all. */
export function maskChange<T extends Pick<FieldChange, "pointer" | "desired" | "live" | "base">>(
  owner: KubeObject,
  change: T,
): T {
  const tokens = parsePointer(change.pointer);
  const mark = createMarker();
  const masked = (value: Json): Json => {
    if (tokens === undefined || isMalformedSecret(owner)) return mark(value);
    return maskAt(owner.kind, tokens, value, mark);
  };
  const { desired, live, base } = change;
  return {
    ...change,
    ...(desired !== undefined && { desired: masked(desired) }),
    ...(live !== undefined && { live: masked(live) }),
    ...(base !== undefined && { base: masked(base) }),
  };
}

/** The object as it may be printed, with `(masked)` for every secret value: of one object alone nothing is to be told apart. Other kinds come
 *  back as they are, but for kubectl's copy in an annotation. */
export function maskObject(object: KubeObject): KubeObject {
  const { apiVersion, kind, metadata } = object;
  const mark = () => "(masked)";
  if (isMalformedSecret(object)) return { apiVersion, kind, metadata: { name: metadata.name }, data: "(masked)" };
  if (!isSecret(kind) && metadata.annotations?.[LAST_APPLIED] === undefined) return object;
  const masked = maskRoot(kind, jsonOf(object), mark);
  return { ...masked, apiVersion, kind, metadata: { ...metadata, ...maskedMetadata(metadata, mark) } };
}

/** Shorter values are words that stand anywhere. */
const LEAST_SECRET = 6;

/** The text with every value of these objects' Secrets replaced by `(masked)`, as it is and in base64, where it has at least six characters. */
export function maskText(text: string, objects: readonly KubeObject[]): string {
  const values = new Set(objects.flatMap(({ kind, ...rest }) => (isSecret(kind) ? spellingsIn(rest) : [])));
  const telling = [...values].filter((value) => value.length >= LEAST_SECRET && text.includes(value));
  if (telling.length === 0) return text;
  // The longest first: of two that begin alike, the rest of the longer one would stay.
  const longestFirst = telling.sort((one, other) => other.length - one.length).map((value) => RegExp.escape(value));
  return text.replaceAll(new RegExp(longestFirst.join("|"), "g"), "(masked)");
}

/** Whatever a Secret has beside what it may show, in every spelling that a text may have it in. */
function spellingsIn(secret: Omit<KubeObject, "kind">): string[] {
  const hidden = Object.entries(secret).filter(([name]) => !SHOWN.has(name));
  return hidden.flatMap(([, value]) => textsIn(value)).flatMap(spellingsOf);
}

function textsIn(value: unknown): string[] {
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(textsIn);
  return value === undefined || value === null ? [] : [String(value)];
}

function spellingsOf(value: string): string[] {
  const encoded = value.replaceAll(/\s/g, "");
  const decoded = Buffer.from(encoded, "base64").toString("utf8");
  return [value, encoded, decoded, Buffer.from(value).toString("base64")].flatMap((one) => [one, one.trim()]);
}

function maskedMetadata({ annotations }: KubeObject["metadata"], mark: Marker): Partial<KubeObject["metadata"]> {
  const copy = annotations?.[LAST_APPLIED];
  return copy === undefined ? {} : { annotations: { ...annotations, [LAST_APPLIED]: mark(copy) } };
}

function isSecret(kind: string): boolean {
  return kind === "Secret";
}

function isMalformedSecret(object: KubeObject): boolean {
  if (!isSecret(object.kind)) return false;
  const odd = (value: unknown) => value !== undefined && value !== null && !isJsonObject(value);
  return odd(object["data"]) || odd(object["stringData"]) || odd(object.metadata.annotations);
}

function maskAt(kind: string, tokens: readonly string[], value: Json, mark: Marker): Json {
  const [first, second, third] = tokens;
  if (first === undefined) return isJsonObject(value) ? maskRoot(kind, value, mark) : mark(value);
  if (first === "metadata") return maskMetadata([second, third], value, mark);
  if (!isSecret(kind) || SHOWN.has(first)) return value;
  return maskValues(value, first === "data" ? (one, key) => mark(canonicalBase64(one), key) : mark);
}

/** One spelling for what the server takes for the same bytes: line ends, and bits that stand for nothing, are its own affair. */
function canonicalBase64(value: Json): Json {
  if (typeof value !== "string" || !isBase64(value)) return value;
  return Buffer.from(value, "base64").toString("base64");
}

function maskRoot(kind: string, object: JsonObject, mark: Marker): JsonObject {
  return mapValues(object, (value, name) => maskAt(kind, [name], value, mark));
}

function maskMetadata([first, second]: readonly (string | undefined)[], value: Json, mark: Marker): Json {
  if (first === undefined) {
    return isJsonObject(value) ? mapValues(value, (part, name) => maskMetadata([name], part, mark)) : value;
  }
  if (first !== "annotations") return value;
  if (second !== undefined) return second === LAST_APPLIED ? mark(value) : value;
  if (!isJsonObject(value)) return mark(value);
  return mapValues(value, (part, name) => maskMetadata(["annotations", name], part, mark));
}

/** The keys of a map may be seen, its values not. */
function maskValues(value: Json, mark: Marker): Json {
  return isJsonObject(value) ? mapValues(value, mark) : mark(value);
}

function mapValues(object: JsonObject, change: (value: Json, name: string) => Json): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => [name, value === undefined ? value : change(value, name)]),
  );
}
