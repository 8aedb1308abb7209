import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Log, SILENT } from "../../src/model/index.ts";
import { connectRedis } from "../../src/redis/index.ts";
import { RedisBoard } from "../../src/replicas/redis-board.ts";
import { createMetrics } from "../../src/report/index.ts";
import { until } from "../e2e/until.ts";
import { describeRedis, type RedisServer, startRedis } from "../redis/redis-server.ts";
import { boardContract } from "./board-contract.ts";
import { Held } from "./held.ts";

const signal = (): AbortSignal => AbortSignal.timeout(10_000);

interface Opening {
  readonly fleet: string;
  readonly settleMs?: number;
  readonly log?: Log;
}

/** One whose scripts can be held on their way. */
async function openBoard({ settings }: RedisServer, { fleet, settleMs = 0, log = SILENT }: Opening) {
  const { client, reasonOf } = await connectRedis(settings, "asker");
  const metrics = createMetrics({ redis: true });
  const held = new Held();
  const slow = new Proxy(client, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      if (name !== "eval") return value.bind(target);
      return (...args: unknown[]) => held.call(() => value.apply(target, args));
    },
  });
  const options = { settings, fleet, settleMs, log, onEvent: metrics.redis };
  const board = new RedisBoard({ client: slow, reasonOf }, options);
  await until("the connection", () => client.status === "ready");
  const metric = async (series: string): Promise<boolean> =>
    (await metrics.text()).includes(`\nplumbline_redis_${series}\n`);
  return { board, metric, holdNext: () => held.holdNext(), close: async () => board.close() };
}

describeRedis("the board in Redis", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  boardContract((fleet) => openBoard(redis, { fleet }));
});

describeRedis("a board whose Redis", () => {
  let redis: RedisServer;
  const opened: Awaited<ReturnType<typeof openBoard>>[] = [];
  const KEY = "{plumbline}:replicas:fleet";

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
    await redis.client.flushall();
  });
  afterAll(() => redis.stop());

  async function open(more: Omit<Opening, "fleet"> = {}) {
    const one = await openBoard(redis, { fleet: "fleet", ...more });
    opened.push(one);
    return one;
  }

  test("was emptied gives no answer until who is not on it cannot be writing, takes signs of life, and nothing from before", async () => {
    const [one, two] = [await open({ settleMs: 700 }), await open({ settleMs: 700 })];
    await one.board.post({ id: "one-1", claims: ["one-1"] }, signal());
    await two.board.post({ id: "two-2" }, signal());
    await expect(two.board.read(signal())).rejects.toMatchObject({
      message: expect.stringContaining("nobody takes over"),
    });
    await until("the first answer", () => two.board.read(signal()));
    const letGo = one.holdNext();
    await expect(one.board.post({ id: "one-1", claims: ["late"] }, AbortSignal.timeout(20))).rejects.toBeDefined();
    await redis.client.flushall();
    await two.board.post({ id: "two-2" }, signal());
    await letGo();
    expect(await redis.client.hget(KEY, "one-1")).toBeNull();
    await expect(one.board.read(signal())).rejects.toMatchObject({ code: "PL-REPLICA-BOARD" });
    await one.board.post({ id: "one-1", claims: ["one-1"] }, signal());
    await expect(two.board.read(signal())).rejects.toMatchObject({
      message: expect.stringMatching(/for 0\.\d s more/),
    });
    const seen = await until("an answer", () => two.board.read(signal()));
    expect(seen.find(({ id }) => id === "one-1")?.claims).toEqual(["one-1"]);
    expect(await one.metric('losses_total{reason="emptied"} 1')).toBe(true);
  });

  test("comes back with what it had a while ago is not believed before everybody has spoken", async () => {
    const [one, two] = [await open({ settleMs: 1500 }), await open({ settleMs: 1500 })];
    await one.board.post({ id: "one-1", claims: ["old"] }, signal());
    await redis.client.save();
    await two.board.post({ id: "two-2" }, signal());
    await until("an answer", () => two.board.read(signal()));
    await one.board.post({ id: "one-1", claims: ["new"] }, signal());
    await redis.kill();
    const refusal = (): Promise<unknown> => two.board.read(signal()).catch((error: unknown) => error);
    await until("the reason", async () => String(await refusal()).includes("ECONNREFUSED"));
    expect(await refusal()).toMatchObject({ code: "PL-REPLICA-BOARD", where: `127.0.0.1:${redis.port}` });
    expect([await two.metric("up 0"), await two.metric('losses_total{reason="away"} 1')]).toEqual([true, true]);
    await redis.start();
    expect(await redis.client.hget(KEY, "one-1")).toContain("old");
    await until("a post", async () => {
      await two.board.post({ id: "two-2" }, signal());
      return true;
    });
    await expect(two.board.read(signal())).rejects.toMatchObject({
      message: expect.stringContaining("nobody takes over"),
    });
    await until("another one's post", async () => {
      await one.board.post({ id: "one-1", claims: ["new"] }, signal());
      return true;
    });
    const seen = await until("an answer", () => two.board.read(signal()));
    expect(seen.find(({ id }) => id === "one-1")?.claims).toEqual(["new"]);
    expect(await two.metric("up 1")).toBe(true);
  });

  test("has something else on it takes that off, and says so; nothing of a fleet stays for ever", async () => {
    const warnings: string[] = [];
    const one = await open({ log: { ...SILENT, warn: (_, words) => void warnings.push(String(words)) } });
    await one.board.post({ id: "one-1" }, signal());
    const wrong: Record<string, string> = {
      "not-numbered": "{}",
      "no-object": "7 []",
      "no-text": '7 {"url":["http://a"]}',
      "no-url": '7 {"url":"file:///etc/passwd"}',
      "no-ids": '7 {"claims":["../x"]}',
      "no-yes": '7 {"released":"yes"}',
      "too-long": `7 {"url":"http://${"a".repeat(70_000)}"}`,
      "../../x\u001b[31m": "7 {}",
    };
    await redis.client.hset(KEY, wrong);
    await redis.client.hset(KEY, "two-2", '999999 {"claims":["two-2"],"more":1}');
    const ids = async () => (await one.board.read(signal())).map(({ id }) => id).toSorted();
    expect(await ids()).toEqual(["one-1", "two-2"]);
    expect(await redis.client.hlen(KEY)).toBe(3);
    expect(warnings).toHaveLength(Object.keys(wrong).length);
    expect(warnings.join("")).not.toContain("\u001b");
    expect(await one.metric(`jobs_refused_total ${Object.keys(wrong).length}`)).toBe(true);
    await redis.client.hset(KEY, "one-1", "999999999999999 {}");
    await one.board.post({ id: "one-1", claims: ["one-1"] }, signal());
    expect((await one.board.read(signal())).find(({ id }) => id === "one-1")?.claims).toEqual(["one-1"]);
    expect(await redis.client.keys("*")).toEqual([KEY]);
    expect(await redis.client.pttl(KEY)).toBeGreaterThan(500_000);
    expect(await redis.client.pttl(KEY)).toBeLessThanOrEqual(600_000);
  });

  test("is no master takes nothing and shows nothing", async () => {
    const replica = await startRedis(["--replicaof", "127.0.0.1", String(redis.port)]);
    const one = await openBoard(replica, { fleet: "fleet" });
    try {
      for (const asked of [one.board.post({ id: "one-1" }, signal()), one.board.read(signal())])
        await expect(asked).rejects.toMatchObject({ code: "PL-REPLICA-BOARD" });
    } finally {
      await one.close();
      await replica.stop();
    }
  });
});
