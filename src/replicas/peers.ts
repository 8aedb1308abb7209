import { createHash, timingSafeEqual } from "node:crypto";
import type { Readable } from "node:stream";
import { Agent, request } from "undici";
import { parseJson } from "../kit/parse-json.ts";
import { isJsonObject, type JsonObject, PlumblineError } from "../model/index.ts";
import type { Replica } from "./types.ts";

/** By this header a replica knows another one. */
export const REPLICA_HEADER = "plumbline-replica";

export interface PeerRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With the query. */
  readonly path: string;
  /** JSON. */
  readonly body?: string;
  readonly headers?: { readonly [name: string]: string };
  /** Longest wait for the answer, in milliseconds. Default 5,000. */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
}

export interface PeerAnswer {
  readonly status: number;
  readonly text: string;
  /** The same, read. */
  readonly value: JsonObject;
}

/** The body is the caller's to read to its end or to destroy. */
export interface PeerStream {
  readonly body: Readable;
}

/** The way to the other replicas' APIs, with a secret that all of them share. */
export interface Peers {
  /** Whether it is the secret. Takes the same time for every wrong one. */
  knows(secret: string | string[] | undefined): Promise<boolean>;
  /** An answer of whatever status. Errors: PL-REPLICA-AWAY, also for what is no JSON object or is larger than any answer of ours; the signal's reason. */
  send(replica: Replica, request: PeerRequest): Promise<PeerAnswer>;
  /** The same where the answer may be an event stream, whose beginning is waited for. */
  open(replica: Replica, request: PeerRequest): Promise<PeerStream | PeerAnswer>;
  close(): Promise<void>;
}

/** `secret` is asked at each use, so that a renewed one counts. */
export function createPeers(secret: () => Promise<string>): Peers {
  return new HttpPeers(secret);
}

const CONNECT_MS = 2000;
const USUAL_WAIT_MS = 5000;
/** In bytes: a page of whole objects has 16 MB at most. */
const LARGEST_ANSWER = 67_108_864;

class HttpPeers implements Peers {
  readonly #secret: () => Promise<string>;
  readonly #agent = new Agent({ connect: { timeout: CONNECT_MS }, connections: 32, headersTimeout: 0, bodyTimeout: 0 });

  constructor(secret: () => Promise<string>) {
    this.#secret = secret;
  }

  async knows(secret: string | string[] | undefined): Promise<boolean> {
    const own = await this.#secret();
    return typeof secret === "string" && own !== "" && timingSafeEqual(digest(secret), digest(own));
  }

  async send(replica: Replica, asked: PeerRequest): Promise<PeerAnswer> {
    const { waitMs = USUAL_WAIT_MS, signal } = asked;
    const late = AbortSignal.timeout(waitMs);
    const ended = signal === undefined ? late : AbortSignal.any([late, signal]);
    try {
      return await answerOf(await this.#ask(replica, asked, ended));
    } catch (cause) {
      signal?.throwIfAborted();
      throw awayError(replica, late.aborted ? `nothing came for ${waitMs} ms` : cause);
    }
  }

  async open(replica: Replica, asked: PeerRequest): Promise<PeerStream | PeerAnswer> {
    const { waitMs = USUAL_WAIT_MS, signal } = asked;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), waitMs);
    try {
      const ended = signal === undefined ? late.signal : AbortSignal.any([late.signal, signal]);
      const answer = await this.#ask(replica, asked, ended);
      const isStream = answer.status === 200 && answer.type === "text/event-stream";
      return isStream ? { body: answer.body } : await answerOf(answer);
    } catch (cause) {
      signal?.throwIfAborted();
      throw awayError(replica, late.signal.aborted ? `nothing came for ${waitMs} ms` : cause);
    } finally {
      clearTimeout(timer);
    }
  }

  async #ask({ url }: Replica, { method, path, body, headers = {} }: PeerRequest, signal: AbortSignal) {
    if (url === undefined) throw new Error("nobody vouches for its address");
    const own = { [REPLICA_HEADER]: await this.#secret(), ...(body === undefined ? {} : JSON_BODY) };
    const answer = await request(url + path, {
      ...{ method, dispatcher: this.#agent, headers: { ...headers, ...own }, signal },
      ...(body === undefined ? {} : { body }),
    });
    const type = String(answer.headers["content-type"] ?? "").split(";")[0];
    return { status: answer.statusCode, type, body: answer.body };
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

const JSON_BODY = { "content-type": "application/json" };

async function answerOf({ status, body }: { readonly status: number; readonly body: Readable }): Promise<PeerAnswer> {
  const text = await textOf(body);
  const value = parseJson(text);
  if (isJsonObject(value)) return { status, text, value };
  throw new Error("what it says is no JSON object");
}

async function textOf(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > LARGEST_ANSWER) throw new Error(`its answer has more than ${LARGEST_ANSWER} bytes`);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function awayError({ id, url }: Replica, cause: unknown): PlumblineError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `replica ${id} does not answer: ${reason}`;
  return new PlumblineError("PL-REPLICA-AWAY", { message, ...(url === undefined ? {} : { where: url }), cause });
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
