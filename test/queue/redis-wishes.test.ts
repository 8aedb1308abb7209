import { test } from "vitest";
import { SILENT } from "../../src/model/index.ts";
import { openRedisQueues } from "../../src/queue/index.ts";
import { until } from "../e2e/until.ts";
import { describeRedis, startRedis } from "../redis/redis-server.ts";
import { controlled } from "./controlled.ts";

const request = { what: "interval", rank: 2 } as const;
const hourly = { request, inMs: 3_600_000, everyMs: 3_600_000, isRegular: true };

describeRedis("schedules in Redis", () => {
  test("that no process wants any more are removed, those of another process are not, and one that was lost is put there again", async () => {
    const redis = await startRedis();
    const scheduled = async (): Promise<string> =>
      (await redis.client.zrange("{plumbline}:wishes:repeat", "0", "-1")).toSorted().join();
    const start = async () => {
      const wishes = { everyMs: 300, lapseMs: 2000 };
      const queues = await openRedisQueues({ settings: redis.settings, queue: "wishes", log: SILENT, wishes });
      const { queue } = controlled(queues.create, 4);
      const stop = async (): Promise<void> => {
        await queue.close();
        await queues.close();
      };
      return { queue, stop };
    };
    const [one, two] = [await start(), await start()];
    try {
      for (const key of ["team/kept", "team/deleted"]) one.queue.again(key, hourly);
      two.queue.again("team/of-two", hourly);
      await until("three schedules", async () => (await scheduled()) === "team/deleted,team/kept,team/of-two");
      await one.stop();
      const three = await start();
      three.queue.again("team/kept", hourly);
      await until("the deleted one's end", async () => (await scheduled()) === "team/kept,team/of-two");
      await redis.client.zrem("{plumbline}:wishes:repeat", "team/of-two");
      await until("what was lost", async () => (await scheduled()) === "team/kept,team/of-two");
      await until("no more wishes", async () => (await redis.client.zcard("{plumbline}:wishes:wishes")) === 2);
      await three.stop();
    } finally {
      await two.stop();
      await redis.stop();
    }
  });
});
