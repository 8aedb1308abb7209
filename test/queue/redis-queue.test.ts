import { afterAll, beforeAll } from "vitest";
import { SILENT } from "../../src/model/index.ts";
import { openRedisQueues } from "../../src/queue/index.ts";
import { until } from "../e2e/until.ts";
import { describeRedis, type RedisServer, startRedis } from "../redis/redis-server.ts";
import { queueContract } from "./contract.ts";

describeRedis("the queue over Redis", () => {
  let redis: RedisServer;
  let count = 0;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  queueContract(async () => {
    const queue = `contract-${++count}`;
    const { settings, client } = redis;
    const queues = await openRedisQueues({ settings, queue, log: SILENT, risesAfterMs: 200 });
    const key = (last: string): string => `{plumbline}:${queue}:${last}`;
    const waits = async (): Promise<number> => {
      const kept = await client.keys(key("dn:*"));
      return kept.length + (await client.zcard(key("prioritized")));
    };
    return {
      create: queues.create,
      waiting: async (wanted) => void (await until(`${wanted} to wait`, async () => (await waits()) === wanted)),
      close: queues.close,
    };
  });
});
