import { sleep } from "../kit/sleep.ts";
import {
  ANY_SCHEMA,
  apiVersionOf,
  type CompiledOpenApi,
  compileOpenApi,
  type GroupVersionKind,
  isJsonObject,
  type SchemaNode,
} from "../model/index.ts";
import { parseBody } from "./answer.ts";
import { answerError } from "./status-error.ts";
import type { Answer, Call, Transport } from "./transport.ts";

const SHORTEST_INTERVAL_MS = 1000;
const EXPECTED_WITHIN_MS = 5000;
/** A definition that somebody else changed is seen after this time at the latest. */
const INDEX_GOOD_FOR_MS = 600_000;

interface Document {
  /** With the hash of its content in it: another URL is another content. */
  readonly url: string;
  readonly compiled: CompiledOpenApi;
}

/** Schemas of OpenAPI v3: the index of hashes is kept, a group version's document is fetched when one of its kinds is asked for, compiled and dropped. */
export class PublishedSchemas {
  readonly #transport: Transport;
  readonly #documents = new Map<string, Document>();
  readonly #fetching = new Map<string, Promise<Document>>();
  #urls = new Map<string, string>();
  #etag: string | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;
  #expectedUntil = 0;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** A definition was just accepted: the index is old, and what is not in it is worth waiting for. */
  expectChange(): void {
    this.#lookedAt = Math.min(this.#lookedAt, performance.now() - INDEX_GOOD_FOR_MS);
    this.#expectedUntil = performance.now() + EXPECTED_WITHIN_MS;
  }

  /** ANY_SCHEMA where the server publishes none. */
  async schema(kind: GroupVersionKind, signal?: AbortSignal): Promise<SchemaNode> {
    const path = kind.group === "" ? `api/${kind.version}` : `apis/${apiVersionOf(kind)}`;
    if (this.#isOld()) await this.#look();
    const found = (await this.#document(path))?.schema(kind);
    if (found !== undefined) return found;
    do {
      const since = performance.now() - this.#lookedAt;
      const expected = this.#expectedUntil > performance.now();
      if (!expected && since < SHORTEST_INTERVAL_MS) break;
      if (expected) await sleep(50, signal);
      await this.#look();
      const fresh = (await this.#document(path))?.schema(kind);
      if (fresh !== undefined) return fresh;
    } while (this.#expectedUntil > performance.now());
    return ANY_SCHEMA;
  }

  /** After a definition was accepted the index follows in its own time: it is looked at until a look began after the wait. */
  #isOld(): boolean {
    const since = performance.now() - this.#lookedAt;
    return since >= INDEX_GOOD_FOR_MS || (this.#lookedAt < this.#expectedUntil && since >= SHORTEST_INTERVAL_MS);
  }

  async #document(path: string): Promise<CompiledOpenApi | undefined> {
    const url = this.#urls.get(path);
    if (url === undefined) return undefined;
    const kept = this.#documents.get(path);
    if (kept?.url === url) return kept.compiled;
    const fetching = this.#fetching.get(url) ?? this.#fetch(path, url);
    return (await fetching).compiled;
  }

  #fetch(path: string, url: string): Promise<Document> {
    const fetching = this.#get(url)
      .then(({ status, text }) => {
        const document = { url, compiled: compileOpenApi(status === 200 ? parseBody(text, url) : {}) };
        this.#documents.set(path, document);
        return document;
      })
      .finally(() => this.#fetching.delete(url));
    this.#fetching.set(url, fetching);
    return fetching;
  }

  #look(): Promise<void> {
    this.#looking ??= this.#readIndex().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #readIndex(): Promise<void> {
    const began = performance.now();
    const answer = await this.#get("/openapi/v3", this.#etag === undefined ? {} : { "if-none-match": this.#etag });
    this.#lookedAt = began;
    if (answer.status !== 200) return;
    const { paths } = parseBody(answer.text, "/openapi/v3");
    const urls = Object.entries(isJsonObject(paths) ? paths : {}).flatMap(([path, entry]): [string, string][] =>
      isJsonObject(entry) && typeof entry["serverRelativeURL"] === "string" ? [[path, entry["serverRelativeURL"]]] : [],
    );
    this.#urls = new Map(urls);
    const etag = answer.headers["etag"];
    this.#etag = typeof etag === "string" ? etag : undefined;
  }

  /** A server that publishes nothing (404) has no schemas; that is no error. */
  async #get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    const call: Call = { verb: "openapi", kind: "openapi", path, headers };
    const answer = await this.#transport.send(call);
    if (![200, 304, 404].includes(answer.status)) throw answerError(answer, call);
    return answer;
  }
}
