import { Cluster, Redis } from "ioredis";
import type { RedisSettings } from "./redis-settings.ts";
import { wordsOf } from "./words.ts";

export type RedisClient = Redis | Cluster;

export interface RedisConnection {
  readonly client: RedisClient;
  /** In words, why a command has failed; where there is no connection, why the last attempt to have one has. */
  reasonOf(error: unknown): string;
}

/** Without an answer for so long, Redis counts as away. */
const ANSWER_MS = 2000;

/** What ioredis says of a command that had no connection: the reason was told before, by an event. */
const NO_CONNECTION = /^(Stream isn't writeable|Cluster isn't ready|Connection is closed|Command aborted)/;

/** `asker`: fails at once where it has no connection, and soon where there is no answer. `worker`: waits for as long as it takes. */
export function connect(settings: RedisSettings, use: "asker" | "worker"): RedisConnection {
  const client = clientOf(settings, use);
  let trouble: string | undefined;
  client.on("error", (error: unknown) => {
    trouble = wordsOf(error);
  });
  client.on("ready", () => {
    trouble = undefined;
  });
  const reasonOf = (error: unknown): string => {
    const text = wordsOf(error);
    return NO_CONNECTION.test(text) ? (trouble ?? "it takes no connection") : text;
  };
  return { client, reasonOf };
}

function clientOf(settings: RedisSettings, use: "asker" | "worker"): RedisClient {
  const options = optionsOf(settings, use);
  const enableOfflineQueue = use === "worker";
  const retries = { retryStrategy: pauseAfter, sentinelRetryStrategy: pauseAfter, enableOfflineQueue };
  if (settings.kind === "cluster") {
    return new Cluster([...settings.nodes], {
      redisOptions: options,
      enableOfflineQueue,
      clusterRetryStrategy: pauseAfter,
      slotsRefreshTimeout: ANSWER_MS,
    });
  }
  const [first = { host: "127.0.0.1", port: 6379 }] = settings.nodes;
  if (settings.kind === "single") return new Redis({ ...options, ...retries, ...first });
  const { tls } = options;
  return new Redis({
    ...options,
    ...retries,
    ...(tls === undefined ? {} : { enableTLSForSentinelMode: true, sentinelTLS: tls }),
    sentinels: [...settings.nodes],
    name: settings.master ?? "mymaster",
  });
}

function optionsOf({ tls, ca, username, password, db }: RedisSettings, use: "asker" | "worker") {
  return {
    maxRetriesPerRequest: null,
    connectTimeout: 5000,
    // After a failover the old master answers so: the connection looks for the new one, and asks again.
    reconnectOnError: (error: Error) => (error.message.startsWith("READONLY") ? (2 as const) : false),
    ...(use === "asker" ? { commandTimeout: ANSWER_MS } : {}),
    ...(tls ? { tls: ca === undefined ? {} : { ca } } : {}),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(db === undefined ? {} : { db }),
  };
}

function pauseAfter(attempts: number): number {
  return Math.min(1000, 50 * 2 ** Math.min(attempts, 10));
}
