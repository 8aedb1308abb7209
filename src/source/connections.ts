import { type Dispatcher, EnvHttpProxyAgent, request } from "undici";
import { sha256 } from "../kit/hash.ts";
import { PlumblineError } from "../model/index.ts";
import type { Access } from "./access.ts";
import { statusError, type TransportCodes, transportError } from "./transport-error.ts";

export interface HttpRequest {
  /** As the settings or the application spell it: for errors. */
  readonly repo: string;
  readonly codes: TransportCodes;
  readonly method: "GET" | "POST";
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
  readonly body?: Buffer;
  readonly access: Access;
  /** The credentials go here and nowhere else, wherever a redirect leads. */
  readonly trustedOrigin: string;
  readonly signal: AbortSignal;
  /** Of the body. A longer one is codes.tooLarge. */
  readonly maxBytes: number;
  /** Statuses beside 200 that are answers and no errors. Their bodies are thrown away. */
  readonly accept?: readonly number[];
}

export interface HttpAnswer {
  /** Where the answer came from, after redirects. */
  readonly url: URL;
  readonly status: number;
  readonly contentType: string;
  /** The value of a header; "" where there is none. */
  header(name: string): string;
  readonly body: AsyncIterable<Uint8Array>;
}

const MAX_REDIRECTS = 5;

/** Pooled connections, one pool for each set of trusted authorities. The proxy is the one of HTTP_PROXY, HTTPS_PROXY and NO_PROXY. */
export class Connections {
  readonly #pools = new Map<string, Dispatcher>();

  /** One request with its redirects. Errors: those of `codes`; the body's own come while it is read. */
  async send(first: HttpRequest): Promise<HttpAnswer> {
    let url = first.url;
    for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
      const response = await this.#once(first, url);
      const { statusCode: status, headers } = response;
      const target = redirectTarget(first, { url, status, location: headers["location"] });
      if (target === undefined && status === 200) return answerOf(url, response, capped(response.body, first));
      await response.body.dump({ limit: 65_536 }).catch((error: unknown) => {
        throw transportError(error, first);
      });
      if (target === undefined && first.accept?.includes(status) === true) return answerOf(url, response, nothing());
      if (target === undefined) throw refusal(first, response);
      url = target;
    }
    throw new PlumblineError(first.codes.unreachable, {
      message: `more than ${MAX_REDIRECTS} redirects`,
      where: first.repo,
    });
  }

  async #once(one: HttpRequest, url: URL): Promise<Dispatcher.ResponseData> {
    const { method, body, signal, access, trustedOrigin } = one;
    const secret =
      access.authorization !== undefined && url.origin === trustedOrigin ? { authorization: access.authorization } : {};
    try {
      return await request(url, {
        method,
        headers: { ...one.headers, ...secret },
        body: body ?? null,
        signal,
        dispatcher: this.#pool(access.ca),
      });
    } catch (error) {
      throw transportError(error, one);
    }
  }

  #pool(ca: string | undefined): Dispatcher {
    const key = ca === undefined ? "" : sha256(ca);
    let pool = this.#pools.get(key);
    if (pool === undefined) {
      const tls = ca === undefined ? {} : { ca };
      // Through a proxy the TLS of the repository is `requestTls`, without one it is `connect`.
      pool = new EnvHttpProxyAgent({ connect: tls, requestTls: tls, proxyTls: tls });
      this.#pools.set(key, pool);
    }
    return pool;
  }

  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }
}

function answerOf(
  url: URL,
  { statusCode, headers }: Dispatcher.ResponseData,
  body: AsyncIterable<Uint8Array>,
): HttpAnswer {
  const header = (name: string): string => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(", ") : (value ?? "");
  };
  return { url, status: statusCode, contentType: header("content-type"), header, body };
}

function refusal({ repo, codes }: HttpRequest, { statusCode, headers }: Dispatcher.ResponseData): PlumblineError {
  return statusError({ status: statusCode, retryAfter: String(headers["retry-after"] ?? ""), repo, codes });
}

async function* nothing(): AsyncGenerator<Uint8Array, void> {}

/** A POST is only sent again where the status says that it must stay a POST. A step from https down to http is no redirect to follow. */
function redirectTarget(
  { method, repo, codes }: HttpRequest,
  { url, status, location }: { url: URL; status: number; location: string | string[] | undefined },
): URL | undefined {
  const follows = status === 307 || status === 308 || (method === "GET" && [301, 302, 303].includes(status));
  if (!follows || typeof location !== "string" || !URL.canParse(location, url.href)) return undefined;
  const target = new URL(location, url);
  const safe = target.protocol === "https:" || (target.protocol === "http:" && url.protocol === "http:");
  if (safe) return target;
  throw new PlumblineError(codes.unreachable, { message: "the server redirects from https to http", where: repo });
}

async function* capped(body: AsyncIterable<Uint8Array>, one: HttpRequest): AsyncGenerator<Uint8Array, void> {
  let total = 0;
  try {
    for await (const chunk of body) {
      total += chunk.length;
      if (total > one.maxBytes) throw tooLarge(one);
      yield chunk;
    }
  } catch (error) {
    throw transportError(error, one);
  }
}

function tooLarge({ repo, maxBytes, codes }: HttpRequest): PlumblineError {
  return new PlumblineError(codes.tooLarge, {
    message: `the answer is longer than ${maxBytes} bytes`,
    where: repo,
  });
}
