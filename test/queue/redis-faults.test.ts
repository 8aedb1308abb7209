import { afterEach, beforeEach, expect, test } from "vitest";
import { type Log, SILENT } from "../../src/model/index.ts";
import { until } from "../e2e/until.ts";
import { describeRedis, type RedisServer, startRedis } from "../redis/redis-server.ts";
import { type Process, startProcess } from "./queue-process.ts";

const KEYS = Array.from({ length: 20 }, (_, i) => `team/app-${i}`);
const interval = { what: "interval", rank: 2 } as const;

describeRedis("a queue whose Redis", () => {
  let redis: RedisServer;
  const running: Process[] = [];

  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    for (const { queue, queues } of running.splice(0)) {
      await queue.close();
      await queues.close();
    }
    await redis.stop();
  });

  async function begin(log?: Log): Promise<Process> {
    const process = await startProcess(redis.settings, log);
    running.push(process);
    return process;
  }

  async function everyKeyPasses({ passes }: Process, more = 1): Promise<void> {
    const before = new Map(passes);
    await until(`${more} more passes of each`, () =>
      KEYS.every((key) => (passes.get(key) ?? 0) >= (before.get(key) ?? 0) + more),
    );
  }

  test("is down at the start works from memory, says so, and shares when it is there", async () => {
    await redis.kill();
    const one = await begin();
    expect(one.queue.problems()).toMatchObject([{ code: "PL-REDIS-AWAY" }]);
    expect(await one.metric("plumbline_redis_up")).toBe(0);
    for (const key of KEYS) one.queue.add(key, interval);
    await until("a pass of each", () => one.passes.size === KEYS.length);
    for (const key of KEYS) one.queue.again(key, { request: interval, inMs: 1000, everyMs: 1000, isRegular: true });
    await everyKeyPasses(one);
    await redis.start();
    await until("Redis to be used", async () => (await one.metric("plumbline_redis_up")) === 1);
    expect(one.queue.problems()).toEqual([]);
    await until("its schedules", async () => (await redis.client.zcard("{plumbline}:faults:repeat")) === KEYS.length);
    await everyKeyPasses(one);
  });

  test("is gone in the middle loses no key, neither those that waited nor their intervals", async () => {
    const one = await begin();
    for (const key of KEYS) one.queue.again(key, { request: interval, inMs: 1000, everyMs: 1000, isRegular: true });
    await everyKeyPasses(one);
    await redis.kill();
    for (const key of KEYS) one.queue.add(key, interval);
    await everyKeyPasses(one, 3);
    expect(await one.metric('plumbline_redis_losses_total{reason="away"}')).toBe(1);
    expect(one.queue.problems()[0]).toMatchObject({ code: "PL-REDIS-AWAY", where: `127.0.0.1:${redis.port}` });
    await redis.start();
    await until("Redis to be used", async () => (await one.metric("plumbline_redis_up")) === 1);
    await everyKeyPasses(one, 2);
  });

  test("is emptied under load passes every key again within two intervals", async () => {
    const [one, two] = [await begin(), await begin()];
    const passes = (key: string): number => (one.passes.get(key) ?? 0) + (two.passes.get(key) ?? 0);
    const everyMs = 2000;
    for (const key of KEYS) one.queue.again(key, { request: interval, inMs: everyMs, everyMs, isRegular: true });
    for (let round = 0; round < 20; round++) for (const key of KEYS) (round % 2 ? one : two).queue.add(key, interval);
    await redis.client.flushall();
    const before = new Map(KEYS.map((key) => [key, passes(key)]));
    await until(
      "the loss to be seen",
      async () => (await one.metric('plumbline_redis_losses_total{reason="emptied"}')) === 1,
    );
    const seen = performance.now();
    await until("a pass of each", () => KEYS.every((key) => passes(key) > (before.get(key) ?? 0)));
    expect(performance.now() - seen).toBeLessThan(2 * everyMs);
    await until("its schedules", async () => (await redis.client.zcard("{plumbline}:faults:repeat")) === KEYS.length);
    await until("them to be counted", async () => (await one.metric("plumbline_redis_seeds_total")) === 2);
  });

  test("is slow is left alone after two seconds", async () => {
    const one = await begin();
    redis.pause();
    for (const key of KEYS) one.queue.add(key, interval);
    await until("a pass of each", () => one.passes.size === KEYS.length);
    expect(await one.metric('plumbline_redis_losses_total{reason="slow"}')).toBe(1);
    redis.resume();
    await until("Redis to be used", async () => (await one.metric("plumbline_redis_up")) === 1);
  });

  test("is full is not asked until there is room", async () => {
    const one = await begin();
    await redis.client.config("SET", "maxmemory", "1");
    for (const key of KEYS) one.queue.add(key, interval);
    await until("a pass of each", () => one.passes.size === KEYS.length);
    expect(await one.metric('plumbline_redis_losses_total{reason="full"}')).toBe(1);
    expect(one.queue.problems()[0]?.message).toContain("full");
    await redis.client.config("SET", "maxmemory", "0");
    await until("Redis to be used", async () => (await one.metric("plumbline_redis_up")) === 1);
  });

  test("may throw keys away is used, with a warning that says what to set", async () => {
    await redis.client.config("SET", "maxmemory-policy", "allkeys-lru");
    const warnings: string[] = [];
    const one = await begin({ ...SILENT, warn: (_, words) => void warnings.push(String(words)) });
    expect(warnings).toEqual([expect.stringContaining("set it to noeviction")]);
    expect(one.queue.problems()).toMatchObject([{ code: "PL-REDIS-POLICY" }]);
    expect(await one.metric("plumbline_redis_evicts")).toBe(1);
    one.queue.add("a", interval);
    await until("a pass", () => one.passes.has("a"));
  });

  test("has given the lock of a run away ends that run, with a reason, and runs the key once more", async () => {
    const one = await begin();
    const reasons: unknown[] = [];
    one.onPass(async (run) => {
      if (reasons.length > 0) return;
      await new Promise((ended) => run.signal?.addEventListener("abort", ended));
      reasons.push(run.signal?.reason);
    });
    one.queue.add("team/web", interval);
    await until("its run", () => one.queue.isRunning("team/web"));
    const [lock = ""] = await until("its lock", async () => {
      const locks = await redis.client.keys("{plumbline}:faults:*:lock");
      return locks.length === 1 && locks;
    });
    await redis.client.set(lock, "another process", "PX", 3000);
    await until("the next run", () => (one.passes.get("team/web") ?? 0) >= 2);
    expect(reasons).toMatchObject([{ code: "PL-PASS-CANCELLED", where: "team/web" }]);
    expect(await one.metric("plumbline_redis_locks_lost_total")).toBe(1);
  });

  test("has jobs of somebody else throws them away, and does its own", async () => {
    const one = await begin();
    const { Queue } = await import("bullmq");
    const foreign = new Queue("faults", { connection: redis.client, prefix: "{plumbline}" });
    const wrong = [{ key: "team/web" }, "../../etc/passwd\n", "x".repeat(10_000), 7, null, "team/web\u001b[31m"];
    for (const data of wrong) await foreign.add("pass", data);
    await foreign.add("other", "team/web");
    await until("their end", async () => (await one.metric("plumbline_redis_jobs_refused_total")) === wrong.length + 1);
    one.queue.add("team/web", interval);
    await until("its own", () => one.passes.size > 0);
    expect([...one.passes.keys()]).toEqual(["team/web"]);
    const kept = await redis.client.keys("{plumbline}:faults:*");
    const values = await Promise.all(kept.map(async (key) => JSON.stringify([key, await dump(redis, key)])));
    expect(values.join()).not.toContain("interval");
    await foreign.close();
  });
});

async function dump({ client }: RedisServer, key: string): Promise<unknown> {
  const type = await client.type(key);
  if (type === "hash") return await client.hgetall(key);
  if (type === "stream") return await client.xrange(key, "-", "+");
  return type === "string" ? await client.get(key) : type;
}
