import { createHash, timingSafeEqual } from "node:crypto";
import type { Readable } from "node:stream";
import { Agent, request } from "undici";
import { PlumblineError } from "../model/index.ts";
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
  readonly type: string;
  readonly text: string;
}

/** The body is the caller's to read to its end or to destroy. */
export interface PeerStream extends Omit<PeerAnswer, "text"> {
  readonly body: Readable;
}

/** The way to the other replicas' APIs, with a secret that all of them share. */
export interface Peers {
  /** Whether it is the secret. Takes the same time for every wrong one. */
  knows(secret: string | string[] | undefined): Promise<boolean>;
  /** An answer of whatever status. Errors: PL-REPLICA-AWAY; the signal's reason. */
  send(replica: Replica, request: PeerRequest): Promise<PeerAnswer>;
  /** The same for an answer that goes on and on; its beginning is waited for. */
  open(replica: Replica, request: PeerRequest): Promise<PeerStream>;
  close(): Promise<void>;
}

/** `secret` is asked at each use, so that a renewed one counts. */
export function createPeers(secret: () => Promise<string>): Peers {
  return new HttpPeers(secret);
}

const CONNECT_MS = 2000;
const USUAL_WAIT_MS = 5000;

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
      const { status, type, body } = await this.#ask(replica, asked, ended);
      return { status, type, text: await body.text() };
    } catch (cause) {
      signal?.throwIfAborted();
      throw awayError(replica, late.aborted ? `nothing came for ${waitMs} ms` : cause);
    }
  }

  async open(replica: Replica, asked: PeerRequest): Promise<PeerStream> {
    try {
      return await this.#ask(replica, asked, asked.signal);
    } catch (cause) {
      asked.signal?.throwIfAborted();
      throw awayError(replica, cause);
    }
  }

  async #ask({ url = "" }: Replica, { method, path, body, headers = {} }: PeerRequest, signal?: AbortSignal) {
    const own = { [REPLICA_HEADER]: await this.#secret(), ...(body === undefined ? {} : JSON_BODY) };
    const answer = await request(url + path, {
      ...{ method, dispatcher: this.#agent, headers: { ...headers, ...own } },
      ...(signal === undefined ? {} : { signal }),
      ...(body === undefined ? {} : { body }),
    });
    const type = answer.headers["content-type"];
    return { status: answer.statusCode, type: typeof type === "string" ? type : "application/json", body: answer.body };
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

const JSON_BODY = { "content-type": "application/json" };

function awayError({ id, url }: Replica, cause: unknown): PlumblineError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `replica ${id} does not answer: ${reason}`;
  return new PlumblineError("PL-REPLICA-AWAY", { message, ...(url === undefined ? {} : { where: url }), cause });
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
