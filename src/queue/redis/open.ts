import type { Log, Problem, RedisEvent } from "../../model/index.ts";
import { addressesOf, connectRedis, type RedisClient, type RedisSettings, wordsOf } from "../../redis/index.ts";
import type { QueueOptions, WorkQueue } from "../types.ts";
import { PREFIX } from "./jobs.ts";
import { RedisLink } from "./link.ts";
import { RedisQueue } from "./redis-queue.ts";

export interface RedisQueuesOptions {
  readonly settings: RedisSettings;
  /** Processes with the same name share their turns. */
  readonly queue: string;
  readonly log: Log;
  readonly onEvent?: (event: RedisEvent) => void;
  readonly now?: () => number;
  /** How long a run's lock outlives its process, in milliseconds. Default 8,000: with the look for such runs, another goes on after 12 s at most. */
  readonly lockMs?: number;
  /** After so many milliseconds who waits goes with those who go first. Default 30,000. */
  readonly risesAfterMs?: number;
  /** How often it is said which schedules are wanted, and after how long one is nobody's, in milliseconds. Default: ten minutes, and an hour. */
  readonly wishes?: { readonly everyMs: number; readonly lapseMs: number };
}

export interface RedisQueues {
  /** A QueueFactory; for one queue. */
  create<T>(options: QueueOptions<T>): WorkQueue<T>;
  problems(): readonly Problem[];
  /** After the queue is closed. */
  close(): Promise<void>;
}

/** Connects. Resolves after the first look, whether Redis answers or not: where it does not, work begins from memory. */
export async function openQueues(options: RedisQueuesOptions): Promise<RedisQueues> {
  const { settings, queue: name, log, onEvent = () => {}, now = Date.now } = options;
  const connection = await connectRedis(settings, "asker");
  const [asker, worker] = [connection.client, (await connectRedis(settings, "worker")).client];
  for (const client of [asker, worker])
    client.on("error", (error: unknown) => log.debug({ why: wordsOf(error) }, "the connection to Redis"));
  const where = addressesOf(settings);
  const link = new RedisLink({ connection, where, prefix: `${PREFIX}:${name}`, log, onEvent, now });
  await connected(asker);
  await link.start();
  const { lockMs = 8000, risesAfterMs = 30_000, wishes = {} } = options;
  return {
    create: (queueOptions) => {
      const parts = { name, asker, worker, link, log, onEvent, now, lockMs, risesAfterMs, wishes };
      const queue = new RedisQueue(queueOptions, parts);
      link.listen(queue);
      return queue;
    },
    problems: () => link.problems(),
    close: async () => {
      link.stop();
      for (const client of [asker, worker]) client.disconnect();
    },
  };
}

/** Until the connection stands or its first attempt has failed; no longer than an answer may take. */
async function connected(client: RedisClient): Promise<void> {
  if (client.status === "ready") return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, 2000);
  for (const event of ["ready", "close", "error"]) client.once(event, () => resolve());
  await promise;
  clearTimeout(timer);
}
