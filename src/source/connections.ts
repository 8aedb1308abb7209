import { type Dispatcher, EnvHttpProxyAgent, request } from "undici";
import { sha256 } from "../kit/hash.ts";
import { PlumblineError } from "../model/index.ts";
import type { Access } from "./access.ts";
import { statusError, transportError } from "./transport-error.ts";

export interface GitRequest {
  readonly repo: string;
  readonly method: "GET" | "POST";
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
  readonly body?: Buffer;
  readonly access: Access;
  /** The credentials go here and nowhere else, wherever a redirect leads. */
  readonly trustedOrigin: string;
  readonly signal: AbortSignal;
  /** Of the body. A longer one is PL-GIT-TOO-LARGE. */
  readonly maxBytes: number;
}

export interface GitAnswer {
  /** Where the answer came from, after redirects. */
  readonly url: URL;
  readonly contentType: string;
  readonly body: AsyncIterable<Uint8Array>;
}

const MAX_REDIRECTS = 5;

/** Pooled connections, one pool for each set of trusted authorities. The proxy is the one of HTTP_PROXY, HTTPS_PROXY and NO_PROXY. */
export class Connections {
  readonly #pools = new Map<string, Dispatcher>();

  /** One request with its redirects. Errors: PL-GIT-*; the body's own come while it is read. */
  async send(first: GitRequest): Promise<GitAnswer> {
    let url = first.url;
    for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
      const { statusCode, headers, body } = await this.#once(first, url);
      const target = redirectTarget(first, { url, statusCode, location: headers["location"] });
      if (target === undefined && statusCode === 200)
        return { url, contentType: String(headers["content-type"] ?? ""), body: capped(body, first) };
      await body.dump({ limit: 65_536 }).catch((error: unknown) => {
        throw transportError(error, first);
      });
      if (target === undefined) throw statusError(statusCode, String(headers["retry-after"] ?? ""), first.repo);
      url = target;
    }
    throw new PlumblineError("PL-GIT-UNREACHABLE", {
      message: `more than ${MAX_REDIRECTS} redirects`,
      where: first.repo,
    });
  }

  async #once(one: GitRequest, url: URL): Promise<Dispatcher.ResponseData> {
    const { method, body, signal, access, trustedOrigin } = one;
    const secret =
      access.authorization !== undefined && url.origin === trustedOrigin ? { authorization: access.authorization } : {};
    try {
      return await request(url, {
        method,
        headers: { ...one.headers, ...secret, "user-agent": "git/plumbline" },
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

/** A POST is only sent again where the status says that it must stay a POST. A step from https down to http is no redirect to follow. */
function redirectTarget(
  { method, repo }: GitRequest,
  { url, statusCode, location }: { url: URL; statusCode: number; location: string | string[] | undefined },
): URL | undefined {
  const follows =
    statusCode === 307 || statusCode === 308 || (method === "GET" && [301, 302, 303].includes(statusCode));
  if (!follows || typeof location !== "string" || !URL.canParse(location, url.href)) return undefined;
  const target = new URL(location, url);
  const safe = target.protocol === "https:" || (target.protocol === "http:" && url.protocol === "http:");
  if (safe) return target;
  throw new PlumblineError("PL-GIT-UNREACHABLE", { message: "the server redirects from https to http", where: repo });
}

async function* capped(body: AsyncIterable<Uint8Array>, one: GitRequest): AsyncGenerator<Uint8Array, void> {
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

function tooLarge({ repo, maxBytes }: GitRequest): PlumblineError {
  return new PlumblineError("PL-GIT-TOO-LARGE", {
    message: `the answer is longer than ${maxBytes} bytes`,
    where: repo,
  });
}
