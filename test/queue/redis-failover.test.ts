import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { type RedisEvent, SILENT } from "../../src/model/index.ts";
import { openRedisQueues } from "../../src/queue/index.ts";
import { openRedisBoard } from "../../src/replicas/index.ts";
import { createMetrics } from "../../src/report/index.ts";
import { freePorts } from "../controlplane/ports.ts";
import { until } from "../e2e/until.ts";
import { describeRedis, startRedis } from "../redis/redis-server.ts";
import { controlled } from "./controlled.ts";

describeRedis("a queue behind Sentinel", () => {
  test("goes on with the new master when the old one dies, and loses no key", async () => {
    const master = await startRedis();
    const replica = await startRedis(["--replicaof", "127.0.0.1", String(master.port)]);
    const sentinel = await startSentinel(master.port);
    const settings = {
      ...({ kind: "sentinel", master: "shared", tls: false } as const),
      nodes: [{ host: "127.0.0.1", port: sentinel.port }],
    };
    const metrics = createMetrics({ redis: true });
    const onEvent = (event: RedisEvent): void => metrics.redis(event);
    const queues = await openRedisQueues({ settings, queue: "failover", log: SILENT, onEvent });
    const warnings: string[] = [];
    const log = { ...SILENT, warn: (_: object, words?: unknown) => void warnings.push(String(words)) };
    const board = await openRedisBoard({ settings, fleet: "failover", log, onEvent: () => {}, settleMs: 500 });
    const onBoard = (): Promise<readonly string[]> =>
      until("the board", async () => {
        await board.post({ id: "one-1" }, AbortSignal.timeout(3000));
        return (await board.read(AbortSignal.timeout(3000))).map(({ id }) => id);
      });
    const { queue, started, add, endAll } = controlled(queues.create, 4);
    try {
      const ends = setInterval(endAll, 20);
      add("before");
      await until("a run on the first master", () => started.includes("before:x"));
      expect(queue.problems()).toEqual([]);
      await until("the replica to be known", async () => (await sentinel.replicas()) === 1);
      expect(await onBoard()).toEqual(["one-1"]);
      await master.kill();
      add("meanwhile");
      await until("a run without any", () => started.includes("meanwhile:x"));
      await until("the new master", async () => (await replica.client.role())[0] === "master", 40);
      await until("Redis to be used", () => queue.problems().length === 0);
      add("after");
      await until("a run on the new master", () => started.includes("after:x"));
      expect(await replica.client.exists("{plumbline}:failover:meta")).toBe(1);
      await until("the metrics that tell it", async () => {
        const series = await metrics.text();
        const lost = /^plumbline_redis_losses_total\{reason="away"\} ([1-9])$/m.test(series);
        return lost && /^plumbline_redis_up 1$/m.test(series) && /^plumbline_redis_seeds_total [2-9]$/m.test(series);
      });
      expect(await onBoard()).toEqual(["one-1"]);
      expect(warnings).toEqual([expect.stringContaining("Redis began anew")]);
      clearInterval(ends);
    } finally {
      endAll();
      await queue.close();
      await queues.close();
      board.close();
      await sentinel.stop();
      await Promise.all([master.stop(), replica.stop()]);
    }
  });
});

async function startSentinel(masterPort: number) {
  const folder = await mkdtemp(join(tmpdir(), "plumbline-sentinel-"));
  const [port = 0] = await freePorts(1);
  const lines = [
    `port ${port}`,
    "bind 127.0.0.1",
    `dir ${folder}`,
    `sentinel monitor shared 127.0.0.1 ${masterPort} 1`,
    "sentinel down-after-milliseconds shared 1000",
    "sentinel failover-timeout shared 5000",
  ];
  const file = join(folder, "sentinel.conf");
  await writeFile(file, `${lines.join("\n")}\n`);
  const child: ChildProcess = spawn("redis-server", [file, "--sentinel"], { stdio: "ignore" });
  const client = new Redis({ host: "127.0.0.1", port, retryStrategy: () => 50 });
  client.on("error", () => {});
  return {
    port,
    replicas: async (): Promise<number> => ((await client.call("SENTINEL", "replicas", "shared")) as unknown[]).length,
    stop: async (): Promise<void> => {
      client.disconnect();
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
