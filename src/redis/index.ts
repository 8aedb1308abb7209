/**
 * redis: the way to a Redis, for whoever shares something over it.
 *
 * Promises: one server, Sentinel or Cluster, with TLS and users; connections come back by themselves, always to the master, and say in words why they do not stand.
 *
 * Refuses: to know what is stored there, and to tell what was sent: that may be a password. What speaks to Redis is loaded only where somebody connects.
 *
 * In: RedisSettings. Out: a RedisConnection.
 */
import type { RedisConnection } from "./connection.ts";
import type { RedisSettings } from "./redis-settings.ts";

/** Returns at once; the connection comes by itself. */
export async function connectRedis(settings: RedisSettings, use: "asker" | "worker"): Promise<RedisConnection> {
  const { connect } = await import("./connection.ts");
  return connect(settings, use);
}

export type { RedisClient, RedisConnection } from "./connection.ts";
export type { RedisSettings } from "./redis-settings.ts";
export { addressesOf } from "./redis-settings.ts";
export { whyOf } from "./why.ts";
export { wordsOf } from "./words.ts";
