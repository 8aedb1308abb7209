import { Readable } from "node:stream";
import { isJsonObject, type JsonObject } from "../../src/model/index.ts";
import { createCatalogue, discoveryDocument } from "../../src/sandbox/kubernetes/catalogue/index.ts";

export interface Asked {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body?: string | undefined;
}

export interface Said {
  readonly status: number;
  readonly body: JsonObject;
  readonly contentType?: string;
}

interface Watcher {
  readonly collection: string;
  readonly namespace: string | undefined;
  readonly selects: (object: JsonObject) => boolean;
  readonly stream: Readable;
}

interface Place {
  readonly collection: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

const PATH = /^\/(api\/v1|apis\/[^/]+\/[^/]+)(?:\/namespaces\/([^/]+))?\/([a-z]+)(?:\/([^/]+))?$/;
const CATALOGUE = createCatalogue();
const AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
const DISCOVERY = new Map(
  ["api", "apis"].map((root) => [`/${root}`, discoveryDocument(CATALOGUE, [root], { aggregated: true }) ?? {}]),
);
const LIST: JsonObject = { apiVersion: "v1", kind: "List" };

/**
 * The least of a Kubernetes API server: it keeps objects, lists, watches, and lets one manager apply them. Which kinds it serves, and their schemas, are the sandbox's.
 * It validates nothing and defaults nothing.
 */
export class ApiServer {
  /** By collection, then by namespace and name. */
  readonly #objects = new Map<string, Map<string, JsonObject>>();
  /** What was applied last, as text. */
  readonly #applied = new WeakMap<JsonObject, string>();
  readonly #watchers = new Set<Watcher>();
  #version = 1000;

  get watches(): number {
    return this.#watchers.size;
  }

  /** Every connection that is open ends. */
  cut(): void {
    for (const { stream } of this.#watchers) stream.push(null);
  }

  answer({ method, path, body }: Asked): Said {
    const url = new URL(path, "http://server");
    const about = aboutItself(url.pathname);
    if (about !== undefined) return about;
    const place = placeOf(url.pathname);
    if (place === undefined) return failure(404, "NotFound");
    if (method === "PATCH") return this.#apply(place, JSON.parse(body ?? "{}"), url.searchParams);
    if (method === "DELETE") return this.#delete(place);
    return place.name === undefined ? this.#list(place, url.searchParams) : this.#get(place);
  }

  /** A line a change, from now on. */
  watch(path: string): Readable {
    const url = new URL(path, "http://server");
    const stream = new Readable({ read: () => {} });
    const place = placeOf(url.pathname);
    if (place === undefined) return stream;
    const { collection, namespace } = place;
    const watcher = { collection, namespace, selects: selectorOf(url.searchParams.get("labelSelector")), stream };
    this.#watchers.add(watcher);
    const timer = setTimeout(() => stream.push(null), Number(url.searchParams.get("timeoutSeconds")) * 1000);
    stream.once("close", () => {
      clearTimeout(timer);
      this.#watchers.delete(watcher);
    });
    return stream;
  }

  #all(collection: string): Map<string, JsonObject> {
    const known = this.#objects.get(collection) ?? new Map<string, JsonObject>();
    this.#objects.set(collection, known);
    return known;
  }

  #get(place: Place): Said {
    const object = this.#all(place.collection).get(keyOf(place));
    return object === undefined ? failure(404, "NotFound") : { status: 200, body: object };
  }

  #list({ collection, namespace }: Place, query: URLSearchParams): Said {
    const selects = selectorOf(query.get("labelSelector"));
    const items = [...this.#all(collection).values()].filter((one) => isIn(one, namespace) && selects(one));
    return { status: 200, body: { ...LIST, metadata: { resourceVersion: String(this.#version) }, items } };
  }

  #apply(place: Place, wanted: JsonObject, query: URLSearchParams): Said {
    const all = this.#all(place.collection);
    const before = all.get(keyOf(place));
    const { resourceVersion: version, ...metadata } = metadataOf(wanted);
    const known = before === undefined ? undefined : metadataOf(before);
    if (version !== undefined && known !== undefined && version !== known["resourceVersion"])
      return failure(409, "Conflict");
    const content = { ...wanted, metadata };
    const manager = query.get("fieldManager") ?? "";
    const entry = { manager, operation: "Apply", apiVersion: wanted["apiVersion"] ?? "", fieldsType: "FieldsV1" };
    const text = JSON.stringify(content);
    if (before !== undefined && this.#applied.get(before) === text) return { status: 200, body: before };
    const own = {
      uid: known?.["uid"] ?? `uid-${++this.#version}`,
      creationTimestamp: known?.["creationTimestamp"] ?? new Date(Date.now()).toISOString(),
      resourceVersion: String(++this.#version),
      managedFields: [{ ...entry, time: new Date(Date.now()).toISOString(), fieldsV1: fieldsOf(content) }],
    };
    const object: JsonObject = { ...content, metadata: { ...metadata, ...own } };
    if (!query.has("dryRun")) {
      all.set(keyOf(place), object);
      this.#applied.set(object, text);
      this.#tell(before === undefined ? "ADDED" : "MODIFIED", { ...place, object, before });
    }
    return { status: before === undefined ? 201 : 200, body: object };
  }

  #delete(place: Place): Said {
    const all = this.#all(place.collection);
    const before = all.get(keyOf(place));
    if (before === undefined) return failure(404, "NotFound");
    all.delete(keyOf(place));
    const object = { ...before, metadata: { ...metadataOf(before), resourceVersion: String(++this.#version) } };
    this.#tell("DELETED", { ...place, object, before });
    return { status: 200, body: object };
  }

  #tell(
    type: string,
    { collection, object, before }: Place & { readonly object: JsonObject; readonly before: JsonObject | undefined },
  ): void {
    let line: string | undefined;
    for (const { collection: of, namespace, selects, stream } of this.#watchers) {
      if (of !== collection || !isIn(object, namespace)) continue;
      const had = before !== undefined && type !== "DELETED" && selects(before);
      if (!selects(object)) {
        if (had) stream.push(`${JSON.stringify({ type: "DELETED", object })}\n`);
        continue;
      }
      line ??= `${JSON.stringify({ type, object })}\n`;
      stream.push(line);
    }
  }
}

function aboutItself(path: string): Said | undefined {
  if (path === "/version") return { status: 200, body: { gitVersion: "v1.36.3" } };
  if (path === "/openapi/v3") return { status: 200, body: CATALOGUE.openApiIndex() };
  if (path.startsWith("/openapi/v3/")) return { status: 200, body: openApi(path.slice("/openapi/v3/".length)) };
  const discovery = DISCOVERY.get(path);
  return discovery === undefined ? undefined : { status: 200, body: discovery, contentType: AGGREGATED };
}

const documents = new Map<string, JsonObject>();

function openApi(path: string): JsonObject {
  const known = documents.get(path) ?? CATALOGUE.openApi(path) ?? {};
  documents.set(path, known);
  return known;
}

function placeOf(path: string): Place | undefined {
  const [, group, namespace, plural, name] = PATH.exec(path) ?? [];
  return plural === undefined ? undefined : { collection: `${group}/${plural}`, namespace, name };
}

function keyOf({ namespace, name }: Place): string {
  return `${namespace}/${name}`;
}

function metadataOf(object: JsonObject): JsonObject {
  return isJsonObject(object["metadata"]) ? object["metadata"] : {};
}

function isIn(object: JsonObject, namespace: string | undefined): boolean {
  return namespace === undefined || metadataOf(object)["namespace"] === namespace;
}

/** `a`, `!a`, `a=b`, and several of these. */
function selectorOf(text: string | null): (object: JsonObject) => boolean {
  const terms = (text ?? "").split(",").filter((term) => term !== "");
  return (object) => {
    const labels = metadataOf(object)["labels"];
    const found = isJsonObject(labels) ? labels : {};
    return terms.every((term) => {
      const [key = "", value] = term.split("=");
      if (key.startsWith("!")) return !(key.slice(1) in found);
      return value === undefined ? key in found : found[key] === value;
    });
  };
}

/** Who applied it owns every field, and no list has keys here. */
function fieldsOf(object: JsonObject): JsonObject {
  const { apiVersion: _, kind: _k, metadata, ...rest } = object;
  const { name: _n, namespace: _ns, ...own } = isJsonObject(metadata) ? metadata : {};
  return Object.keys(own).length === 0 ? fieldSet(rest) : fieldSet({ metadata: own, ...rest });
}

function fieldSet(value: unknown): JsonObject {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [`f:${key}`, fieldSet(one)]));
}

function failure(code: number, reason: string): Said {
  const body = { apiVersion: "v1", kind: "Status", status: "Failure", reason, code, message: reason };
  return { status: code, body };
}
