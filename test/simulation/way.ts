import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { Connections } from "../../src/cluster/connections.ts";
import { KubernetesCluster } from "../../src/cluster/create-cluster.ts";
import { CredentialStore } from "../../src/cluster/credentials.ts";
import { Reach } from "../../src/cluster/reach.ts";
import { Slots } from "../../src/cluster/slots.ts";
import { Transport } from "../../src/cluster/transport.ts";
import type { ClusterRequest } from "../../src/cluster/types.ts";
import { SILENT } from "../../src/model/index.ts";
import type { ApiServer } from "./api-server.ts";
import type { SimulatedClock } from "./clock.ts";

/** A cluster as all replicas see it. */
export interface SimulatedCluster {
  readonly name: string;
  readonly server: ApiServer;
  isAway: boolean;
}

/** One processor: what asks for it has its turn one after the other. */
export class Processor {
  busyMs = 0;
  #freeAt = 0;
  #isDead = false;
  readonly #clock: SimulatedClock;

  constructor(clock: SimulatedClock) {
    this.#clock = clock;
  }

  /** Whoever waits for it waits for ever. */
  die(): void {
    this.#isDead = true;
  }

  /** The loop of a process turns also where much is to be done: who asks seldom and little has its turn soon. */
  get soon(): Pick<Processor, "take"> {
    return {
      take: (ms) => {
        this.busyMs += ms;
        return this.#isDead ? new Promise(() => {}) : this.#clock.wait(ms);
      },
    };
  }

  take(ms: number): Promise<void> {
    if (this.#isDead) return new Promise(() => {});
    this.busyMs += ms;
    this.#freeAt = Math.max(this.#freeAt, this.#clock.now) + ms;
    return this.#clock.wait(this.#freeAt - this.#clock.now);
  }
}

export interface WayOptions {
  readonly clock: SimulatedClock;
  readonly processor: Pick<Processor, "take">;
  readonly cluster: SimulatedCluster;
  /** What one request takes of the replica's processor, and the server and the network of time. */
  readonly requestMs: number;
  readonly answerMs: number;
  readonly onRequest: (request: ClusterRequest) => void;
  readonly onTurn: () => void;
  /** Home is never turned away. */
  readonly isHome: boolean;
}

const CONNECTIONS = 16;
const TIMEOUT_MS = 30_000;
/** As the real client's. */
const CONNECT_TIMEOUT_MS = 10_000;

/** The product's own client of one cluster, with everything but the connection itself. */
export function clientOf(options: WayOptions): KubernetesCluster {
  const { cluster, isHome, onTurn, onRequest } = options;
  const { name } = cluster;
  let client: KubernetesCluster | undefined;
  const probe = async (signal: AbortSignal): Promise<void> => await client?.probe(signal);
  const reach = new Reach({ name, ...(isHome ? {} : { probe, onTurn }) });
  const server = `https://${name}.example`;
  const transport = new Transport({
    ...{ server, reach, onRequest },
    connections: new Wire(options),
    slots: new Slots({ total: CONNECTIONS, longestWaitMs: TIMEOUT_MS, server }),
    credentials: new CredentialStore(async () => ({ headers: {}, expiresAt: Number.POSITIVE_INFINITY })),
  });
  client = new KubernetesCluster(name, { transport, reach }, { log: SILENT });
  return client;
}

/** In place of sockets. */
class Wire extends Connections {
  readonly #dispatcher: Dispatcher;

  constructor(options: WayOptions) {
    const access = { name: options.cluster.name, cluster: { server: "" }, origin: "" };
    super({ access: access as never, ca: undefined }, { timeoutMs: 0, connections: 0, watchSilenceMs: 0 });
    const request = (asked: Dispatcher.RequestOptions): Promise<object> => exchange(options, asked);
    const dispatcher = { request, compose: () => dispatcher };
    this.#dispatcher = dispatcher as unknown as Dispatcher;
  }

  override requests(): Dispatcher {
    return this.#dispatcher;
  }

  override watches(): Dispatcher {
    return this.#dispatcher;
  }

  override async close(): Promise<void> {}
}

async function exchange(
  { clock, processor, cluster, requestMs, answerMs }: WayOptions,
  { method, path, body, signal }: Dispatcher.RequestOptions,
): Promise<object> {
  const ended = signal instanceof AbortSignal ? signal : undefined;
  await processor.take(requestMs);
  if (cluster.isAway) {
    await clock.wait(CONNECT_TIMEOUT_MS);
    throw Object.assign(new Error("Connect Timeout Error"), { code: "UND_ERR_CONNECT_TIMEOUT" });
  }
  await clock.wait(answerMs);
  ended?.throwIfAborted();
  if (path.includes("watch=true"))
    return { statusCode: 200, headers: {}, body: watching(cluster.server.watch(path), ended) };
  const {
    status,
    body: said,
    contentType = "application/json",
  } = cluster.server.answer({
    ...{ method, path },
    body: typeof body === "string" ? body : undefined,
  });
  const text = textOf(said);
  return { statusCode: status, headers: { "content-type": contentType }, body: { text: async () => text } };
}

/** Documents that all servers have are written once. */
const texts = new WeakMap<object, string>();

function textOf(body: object): string {
  const text = texts.get(body) ?? JSON.stringify(body);
  texts.set(body, text);
  return text;
}

function watching(stream: Readable, signal: AbortSignal | undefined): Readable {
  signal?.addEventListener("abort", () => stream.destroy(), { once: true });
  return stream;
}
