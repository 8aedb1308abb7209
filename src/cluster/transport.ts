import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { sleep } from "../kit/sleep.ts";
import type { PlumblineError } from "../model/index.ts";
import type { Connections } from "./connections.ts";
import type { CredentialStore } from "./credentials.ts";
import type { Credentials } from "./exec-credential.ts";
import { isDroppedConnection, networkError } from "./network-error.ts";
import { Pressure } from "./pressure.ts";
import type { Reach } from "./reach.ts";
import type { Slots } from "./slots.ts";
import type { ClusterRequest, WritePermit } from "./types.ts";
import { askingFirst } from "./write-permit.ts";

export interface Call {
  readonly verb: ClusterRequest["verb"];
  /** For counting and messages: "Deployment". */
  readonly kind: string;
  readonly method?: "GET" | "PATCH" | "DELETE";
  /** With the query; without the server's own prefix. */
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly permit?: WritePermit | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Asked to learn whether the server answers at all. */
  readonly isProbe?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface StreamAnswer extends Omit<Answer, "text"> {
  readonly body: Readable;
}

export interface TransportOptions {
  readonly server: string;
  readonly connections: Connections;
  readonly credentials: CredentialStore;
  readonly slots: Slots;
  readonly onRequest: ((request: ClusterRequest) => void) | undefined;
  readonly reach: Reach;
}

const BUSY_TRIES = 3;
const LONGEST_BUSY_WAIT_S = 5;

/**
 * Sends requests to one server. Answers of every status are answers; what throws is PL-KUBE-UNREACHABLE and PL-KUBE-TIMEOUT,
 * PL-KUBE-CONFIG where there are no credentials, and the signal's reason when it was aborted.
 * A 401 is asked once more with fresh credentials, a 429 after the time that the server names (which holds for all that others send, too), a connection that the server
 * had closed meanwhile once more at once (apply and delete by uid may be sent twice).
 */
export class Transport {
  readonly #options: TransportOptions;
  readonly #origin: string;
  readonly #prefix: string;
  readonly #pressure = new Pressure();

  constructor(options: TransportOptions) {
    this.#options = options;
    const url = new URL(options.server);
    this.#origin = url.origin;
    this.#prefix = url.pathname.replace(/\/$/, "");
  }

  /** As the kubeconfig gives it, for messages. */
  get server(): string {
    return this.#options.server;
  }

  async send(call: Call): Promise<Answer> {
    if (call.isProbe !== true) this.#options.reach.admit();
    for (let attempt = 1; ; attempt++) {
      const held = this.#pressure.hold(performance.now());
      if (held > 0) await sleep(held, call.signal);
      const answer = await this.#authorized(call, (credentials) => this.#whole(call, credentials));
      if (answer.status !== 429) return answer;
      const wait = retryAfterSeconds(answer);
      this.#pressure.busy(performance.now(), Math.min(wait ?? 1, LONGEST_BUSY_WAIT_S) * 1000);
      if (attempt === BUSY_TRIES || wait === undefined || wait > LONGEST_BUSY_WAIT_S) return answer;
    }
  }

  /** The body is the caller's to read to its end or to destroy. No limit but that of silence. */
  async stream(call: Call): Promise<StreamAnswer> {
    const { connections, reach } = this.#options;
    reach.admit();
    return await this.#authorized(call, async (credentials) => {
      const begin = performance.now();
      try {
        const { statusCode, headers, body } = await this.#dispatch(connections.watches(credentials), call, credentials);
        this.#count(call, statusCode, begin);
        return { status: statusCode, headers, body };
      } catch (error) {
        if (call.signal?.aborted !== true) this.#unanswered(error);
        throw error;
      }
    });
  }

  close(): Promise<void> {
    return this.#options.connections.close();
  }

  async #authorized<T extends { readonly status: number }>(
    { signal }: Call,
    ask: (credentials: Credentials) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    const { credentials: store } = this.#options;
    const credentials = await store.current();
    const answer = await ask(credentials);
    if (answer.status !== 401) return answer;
    const other = await store.instead(credentials);
    if (other === undefined) return answer;
    if ("body" in answer && isReadable(answer.body)) answer.body.destroy();
    return ask(other);
  }

  async #whole(call: Call, credentials: Credentials): Promise<Answer> {
    const begin = performance.now();
    const { slots } = this.#options;
    const place = slots.take(call.signal);
    if (place !== undefined) await place;
    try {
      const { answer, text } = await this.#exchange(call, credentials);
      this.#count(call, answer.statusCode, begin);
      return { status: answer.statusCode, headers: answer.headers, text };
    } catch (error) {
      this.#count(call, 0, begin);
      call.signal?.throwIfAborted();
      throw this.#unanswered(error);
    } finally {
      slots.give();
    }
  }

  /** What was refused on our own side says nothing of the server. */
  #unanswered(error: unknown): PlumblineError {
    const { reach, server } = this.#options;
    const told = networkError(error, server);
    if (told !== error) reach.silent(told);
    return told;
  }

  async #exchange(
    call: Call,
    credentials: Credentials,
  ): Promise<{ readonly answer: Dispatcher.ResponseData; readonly text: string }> {
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await this.#dispatch(this.#options.connections.requests(credentials), call, credentials);
        return { answer, text: await answer.body.text() };
      } catch (error) {
        if (attempt > 1 || !isDroppedConnection(error) || call.signal?.aborted === true) throw error;
      }
    }
  }

  #dispatch(dispatcher: Dispatcher, call: Call, credentials: Credentials): Promise<Dispatcher.ResponseData> {
    const { method = "GET", path, body, headers, permit, signal } = call;
    const through = permit === undefined ? dispatcher : dispatcher.compose(askingFirst(permit));
    const agent = permit === undefined ? "plumbline" : `plumbline ${permit.writer}`;
    return through.request({
      origin: this.#origin,
      path: this.#prefix + path,
      method,
      headers: { accept: "application/json", "user-agent": agent, ...credentials.headers, ...headers },
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  #count({ verb, kind }: Call, status: number, begin: number): void {
    if (status !== 0) this.#options.reach.answered();
    this.#options.onRequest?.({ verb, kind, status, durationMs: performance.now() - begin });
  }
}

function isReadable(body: unknown): body is Readable {
  return typeof body === "object" && body !== null && "destroy" in body && typeof body.destroy === "function";
}

/** From the Retry-After header, in its form with seconds. */
export function retryAfterSeconds({ headers }: Pick<Answer, "headers">): number | undefined {
  const value = headers["retry-after"];
  return typeof value === "string" && /^[0-9]{1,6}$/.test(value) ? Number(value) : undefined;
}
