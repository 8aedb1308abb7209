/**
 * Who runs next: one run an application at a time, in the order of who waits for it.
 *
 * Promises: what types.ts says of WorkQueue, proven by one suite over both implementations (test/queue/contract). Here a key is a word; what a run does, and what a
 * request says, is the business of whoever makes the queue.
 *
 * The queue of a single process (createLocalQueue) is memory: it costs nothing and is lost with the process, whose next start asks for everything.
 * The queue over Redis (openRedisQueues, BullMQ) shares the turns among processes. Redis learns the key and nothing else. While it is away, slow or full, each process
 * goes on from memory and says so; when it is back, or was emptied, it is told everything again.
 *
 * Refuses: to be believed. That a key has its turn says nothing about what is to be done; that is read from Git and the cluster each time. Nor does a turn say that
 * nobody else writes: a lock in Redis may be lost, and whoever writes has a tenure of his own (docs/decisions/0031).
 *
 * In: keys, requests, a function that works. Out: its calls.
 */
import { LocalQueue } from "./local-queue.ts";
import type { RedisQueues, RedisQueuesOptions } from "./redis/open.ts";
import type { QueueOptions, WorkQueue } from "./types.ts";

export function createLocalQueue<T>(options: QueueOptions<T>): WorkQueue<T> {
  return new LocalQueue(options);
}

/** Loads what speaks to Redis, which nobody else needs. */
export async function openRedisQueues(options: RedisQueuesOptions): Promise<RedisQueues> {
  const { openQueues } = await import("./redis/open.ts");
  return await openQueues(options);
}

export type { RedisQueues, RedisQueuesOptions } from "./redis/open.ts";
export type { Again, QueueFactory, QueueOptions, Rank, Run, WorkQueue } from "./types.ts";
