import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { SILENT } from "../../src/model/index.ts";
import { openRedisQueues } from "../../src/queue/index.ts";
import { until } from "../e2e/until.ts";
import { describeRedis, startRedis } from "../redis/redis-server.ts";
import { controlled } from "./controlled.ts";

const LOCK_MS = 2000;

describeRedis("a process that is killed in the middle of a run", () => {
  test("is followed by another one, which does that run and what waited, when the lock has run out and not before", async () => {
    const redis = await startRedis();
    const killed = fork(join(import.meta.dirname, "holder.ts"), [String(redis.port)], { execArgv: [] });
    const [key] = await once(killed, "message");
    const { settings } = redis;
    const queues = await openRedisQueues({ settings, queue: "killed", log: SILENT, lockMs: LOCK_MS });
    const { queue, started, endAll } = controlled(queues.create, 1);
    const ends = setInterval(endAll, 20);
    try {
      await until("what waited", () => started.some((one) => one.startsWith("team/waiting:")));
      expect([key, started.some((one) => one.startsWith("team/running:"))]).toEqual(["team/running", false]);
      const ended = once(killed, "exit");
      killed.kill("SIGKILL");
      await ended;
      const at = performance.now();
      await until("its run", () => started.some((one) => one.startsWith("team/running:")));
      // The lock (2 s), a look for such runs every half of it, and a machine that is busy.
      expect(performance.now() - at).toBeLessThan(10_000);
    } finally {
      clearInterval(ends);
      endAll();
      killed.kill("SIGKILL");
      await queue.close();
      await queues.close();
      await redis.stop();
    }
  });
});
