import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { redisSettings } from "../../src/cli/settings/redis.ts";
import { SILENT } from "../../src/model/index.ts";
import type { RedisSettings } from "../../src/redis/index.ts";
import { openRedisBoard } from "../../src/replicas/index.ts";
import { freePorts } from "../controlplane/ports.ts";
import { until } from "../e2e/until.ts";
import { createCertificate } from "../git-server/certificate.ts";
import { startRedisCluster } from "../redis/redis-cluster.ts";
import { describeRedis, type RedisServer, startRedis } from "../redis/redis-server.ts";
import { type Process, startProcess } from "./queue-process.ts";

const PASSWORD = "correct-horse-battery";
const request = { what: "hand", rank: 0 } as const;

/** Who stands on a board of replicas there, after one has said that it is there. */
async function saidOn(settings: RedisSettings): Promise<readonly string[]> {
  const board = await openRedisBoard({ settings, fleet: "access", log: SILENT, onEvent: () => {}, settleMs: 0 });
  try {
    return await until("the board", async () => {
      await board.post({ id: "one-1" }, AbortSignal.timeout(3000));
      return (await board.read(AbortSignal.timeout(3000))).map(({ id }) => id);
    });
  } finally {
    board.close();
  }
}

describeRedis("a Redis that lets in only whom it knows", () => {
  let redis: RedisServer;
  let folder: string;
  let caFile: string;
  let tlsPort: number;
  const running: Process[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "plumbline-redis-access-"));
    ({ caFile } = await createCertificate(folder));
    [tlsPort = 0] = await freePorts(1);
    const files = ["--tls-cert-file", caFile, "--tls-key-file", join(folder, "tls.key"), "--tls-ca-cert-file", caFile];
    redis = await startRedis(["--tls-port", String(tlsPort), "--tls-auth-clients", "no", ...files]);
    const rights = ["~{plumbline}:*", "+@all", "-@admin", "-@dangerous", "+info"];
    await redis.client.call("ACL", "SETUSER", "plumb", "on", `>${PASSWORD}`, ...rights);
    await redis.client.call("ACL", "SETUSER", "reader", "on", `>${PASSWORD}`, "~*", "+@read", "+@connection");
    await writeFile(join(folder, "password"), `${PASSWORD}\n`);
    await writeFile(join(folder, "wrong"), "swordfish-of-old\n");
  });
  afterEach(async () => {
    for (const { queue, queues } of running.splice(0)) {
      await queue.close();
      await queues.close();
    }
  });
  afterAll(async () => {
    await redis.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function begin(url: string, files: { redisPasswordFile?: string; redisCaFile?: string } = {}, said?: string[]) {
    const log = pino({ level: "debug" }, { write: (line: string) => void said?.push(line) });
    const one = await startProcess(await redisSettings({ redis: url, ...files }), log);
    running.push(one);
    return one;
  }

  test("takes a user with the password of a file over TLS, whose certificate the file of authorities vouches for", async () => {
    const files = { redisPasswordFile: join(folder, "password"), redisCaFile: caFile };
    const one = await begin(`rediss://plumb@127.0.0.1:${tlsPort}`, files);
    expect(one.queue.problems()).toEqual([]);
    one.queue.again("team/web", { request, inMs: 1000, everyMs: 1000, isRegular: true });
    one.queue.add("team/web", request);
    await until("a pass by hand and one by the interval", () => (one.passes.get("team/web") ?? 0) >= 2);
    expect(await one.metric("plumbline_redis_up")).toBe(1);
    expect(await saidOn(await redisSettings({ redis: `rediss://plumb@127.0.0.1:${tlsPort}`, ...files }))).toEqual([
      "one-1",
    ]);
    const users = String(await redis.client.call("CLIENT", "LIST"));
    expect(users).toMatch(/user=plumb .*/);
  });

  test.each([
    [
      "a certificate that nobody vouches for",
      () => `rediss://127.0.0.1:${tlsPort}`,
      undefined,
      /self-signed certificate/,
    ],
    ["a wrong password", () => `redis://plumb@127.0.0.1:${redis.port}`, "wrong", /WRONGPASS/],
    ["a user who may not write", () => `redis://reader@127.0.0.1:${redis.port}`, "password", /NOPERM/],
  ])(
    "is told with %s: work goes on from memory, the reason is said, and no secret anywhere",
    async (_, url, file, reason) => {
      const said: string[] = [];
      const one = await begin(url(), file === undefined ? {} : { redisPasswordFile: join(folder, file) }, said);
      expect(one.queue.problems()).toMatchObject([{ code: "PL-REDIS-AWAY", message: expect.stringMatching(reason) }]);
      expect(await one.metric('plumbline_redis_losses_total{reason="refused"}')).toBe(1);
      one.queue.add("team/web", request);
      await until("a pass", () => one.passes.has("team/web"));
      expect(said.join("")).toMatch(reason);
      expect(said.join("") + JSON.stringify(one.queue.problems())).not.toMatch(/swordfish|horse/);
    },
  );
});

describeRedis("a Redis Cluster", () => {
  test("of three masters gives the turns, with everything in one slot", async () => {
    const cluster = await startRedisCluster();
    const one = await startProcess(cluster.settings);
    const two = await startProcess(cluster.settings);
    try {
      await until("Redis to be used", () => one.queue.problems().length + two.queue.problems().length === 0);
      const keys = Array.from({ length: 20 }, (_, i) => `team/app-${i}`);
      for (const key of keys) one.queue.again(key, { request, inMs: 1000, everyMs: 1000, isRegular: true });
      for (const key of keys) two.queue.add(key, request);
      const passes = (key: string): number => (one.passes.get(key) ?? 0) + (two.passes.get(key) ?? 0);
      await until("a pass by hand and one by the interval", () => keys.every((key) => passes(key) >= 2));
      const kept = await Promise.all(cluster.masters.map(({ client }) => client.dbsize()));
      expect(kept.filter((count) => count > 0)).toHaveLength(1);
      expect(await saidOn(cluster.settings)).toEqual(["one-1"]);
      expect(await one.metric("plumbline_redis_up")).toBe(1);
    } finally {
      for (const { queue, queues } of [one, two]) {
        await queue.close();
        await queues.close();
      }
      await cluster.stop();
    }
  });
});
