import { Agent, type Dispatcher, ProxyAgent } from "undici";
import { dataOrFile } from "./credentials.ts";
import type { Credentials } from "./exec-credential.ts";
import type { KubeAccess } from "./kubeconfig.ts";

export interface ConnectionLimits {
  readonly timeoutMs: number;
  readonly connections: number;
  /** Bookmarks come about once a minute: a watch without a byte for this long is a connection that died without a word. */
  readonly watchSilenceMs: number;
}

/** How a server is reached, the authority's certificate read. */
export interface ServerAccess {
  readonly access: KubeAccess;
  /** PEM. */
  readonly ca: string | undefined;
}

/** Errors: PL-KUBE-CONFIG. */
export async function withAuthority(access: KubeAccess): Promise<ServerAccess> {
  const { caData, caFile } = access.cluster;
  return { access, ca: await dataOrFile(caData, caFile, access.origin) };
}

interface Pools {
  readonly certificate: Credentials["certificate"];
  readonly requests: Dispatcher;
  /** Apart from the requests: a watch holds its connection for minutes, and dozens of them would leave none for requests. */
  readonly watches: Dispatcher;
}

const CONNECT_TIMEOUT_MS = 10_000;
const WATCH_HEADERS_MS = 30_000;
const KEEP_ALIVE_MS = 60_000;

/** The pooled connections to one server, HTTP/1.1. New ones when the client certificate changes. */
export class Connections {
  readonly #access: KubeAccess;
  readonly #limits: ConnectionLimits;
  readonly #ca: string | undefined;
  #pools: Pools | undefined;

  constructor({ access, ca }: ServerAccess, limits: ConnectionLimits) {
    this.#access = access;
    this.#limits = limits;
    this.#ca = ca;
  }

  requests(credentials: Credentials): Dispatcher {
    return this.#for(credentials).requests;
  }

  watches(credentials: Credentials): Dispatcher {
    return this.#for(credentials).watches;
  }

  async close(): Promise<void> {
    const pools = this.#pools;
    this.#pools = undefined;
    await Promise.all([pools?.requests.destroy(), pools?.watches.destroy()]);
  }

  #for({ certificate }: Credentials): Pools {
    const pools = this.#pools;
    if (pools !== undefined && pools.certificate?.cert === certificate?.cert) return pools;
    // Those that run on the old connections may end; nothing new goes there.
    void pools?.requests.close();
    void pools?.watches.close();
    const { timeoutMs, connections, watchSilenceMs } = this.#limits;
    this.#pools = {
      certificate,
      requests: this.#pool(certificate, { connections, headersTimeout: timeoutMs, bodyTimeout: timeoutMs }),
      watches: this.#pool(certificate, { headersTimeout: WATCH_HEADERS_MS, bodyTimeout: watchSilenceMs }),
    };
    return this.#pools;
  }

  #pool(certificate: Credentials["certificate"], options: Agent.Options): Dispatcher {
    const { skipTLSVerify, tlsServerName, proxyUrl } = this.#access.cluster;
    const tls = {
      ...(this.#ca === undefined ? {} : { ca: this.#ca }),
      ...certificate,
      ...(tlsServerName ? { servername: tlsServerName } : {}),
      rejectUnauthorized: !skipTLSVerify,
    };
    const common = { ...options, keepAliveTimeout: KEEP_ALIVE_MS, pipelining: 1, allowH2: false };
    if (proxyUrl) return new ProxyAgent({ ...common, uri: proxyUrl, requestTls: tls });
    return new Agent({ ...common, connect: { ...tls, timeout: CONNECT_TIMEOUT_MS, allowH2: false } });
  }
}
