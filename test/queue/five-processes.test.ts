import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { until } from "../e2e/until.ts";
import { describeRedis, startRedis } from "../redis/redis-server.ts";

const PROCESSES = 5;
const APPLICATIONS = Array.from({ length: 20 }, (_, i) => `team/app-${i}`);
const TRIGGERS = 3000;
const BURST = 30;

describeRedis("five processes on one Redis", () => {
  test("run no application twice at once, see the last revision of each, and pass little more often than they must", async () => {
    const redis = await startRedis();
    const { client } = redis;
    const contenders = await Promise.all(Array.from({ length: PROCESSES }, () => startContender(redis.port)));
    try {
      for (let i = 0; i < TRIGGERS; i += BURST) {
        const keys = Array.from({ length: BURST }, (_, j) => APPLICATIONS[((i + j) * 7) % APPLICATIONS.length] ?? "");
        await Promise.all(keys.map((key) => client.incr(`revision:${key}`)));
        for (const [j, key] of keys.entries()) contenders[(i + j * 3) % PROCESSES]?.send(key);
      }
      const revisions = await client.mget(APPLICATIONS.map((key) => `revision:${key}`));
      await until("the last revision of each", async () => {
        const seen = await client.mget(APPLICATIONS.map((key) => `seen:${key}`));
        return seen.join() === revisions.join();
      });
      await until("no job to be left", async () => {
        const [active, waiting] = await Promise.all(["active", "prioritized"].map((list) => lengthOf(list)));
        return active === 0 && waiting === 0;
      });
      const [needed, surplus] = (await client.mget("needed", "surplus")).map(Number) as [number, number];
      console.log(`${TRIGGERS} triggers: ${needed} passes saw something new, ${surplus} did not`);
      expect(await client.lrange("overlaps", 0, -1)).toEqual([]);
      expect(await client.lrange("errors", 0, -1)).toEqual([]);
      // A request that comes while Redis is told of the one before may find that one's run begun.
      expect(surplus).toBeLessThanOrEqual(2 * APPLICATIONS.length + needed / 10);
    } finally {
      await Promise.all(contenders.map(stopContender));
      await redis.stop();
    }

    async function lengthOf(list: string): Promise<number> {
      const key = `{plumbline}:contended:${list}`;
      return list === "active" ? await client.llen(key) : await client.zcard(key);
    }
  });
});

async function startContender(port: number): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, "contender.ts"), [String(port)], { execArgv: [] });
  await once(child, "message");
  return child;
}

async function stopContender(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.send("stop");
  await ended;
}
