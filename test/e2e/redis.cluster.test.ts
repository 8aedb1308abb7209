import { expect, test } from "vitest";
import { describeCluster } from "../controlplane/index.ts";
import { describeRedis, startRedis } from "../redis/redis-server.ts";
import { configMap } from "./manifests.ts";
import { until } from "./until.ts";
import { World } from "./world.ts";

interface Ready {
  readonly ready: boolean;
  readonly problems: readonly { readonly code: string; readonly message?: string }[];
}

describeCluster("plumb serve with a queue in Redis", () => {
  describeRedis("a real one", () => {
    test("keeps its application true to Git while Redis is killed and when it is back, and says so in /readyz and /metrics", async () => {
      const redis = await startRedis();
      try {
        await using world = await World.synced({
          files: { "web/config.yaml": configMap("settings", { colour: "first" }) },
          args: ["--redis", `redis://127.0.0.1:${redis.port}`],
        });
        const { plumbline } = world;
        const repeat = `{plumbline}:passes-${world.namespace}:repeat`;
        const metric = async (line: string): Promise<boolean> => {
          const answer = await fetch(`${plumbline.address}/metrics`);
          return (await answer.text()).includes(`\nplumbline_redis_${line}\n`);
        };
        const applied = async (colour: string): Promise<void> => {
          const revision = await world.commit({ "web/config.yaml": configMap("settings", { colour }) });
          await world.status(({ sync, lastSync }) => sync.status === "Synced" && lastSync?.revision === revision);
          const object = await world.object<{ data: { colour: string } }>("ConfigMap", "settings");
          expect(object?.data.colour).toBe(colour);
        };
        await until("Redis to give the turns", () => metric("up 1"));
        await until(
          "its schedule",
          async () => (await redis.client.zrange(repeat, "0", "-1")).join() === "default/web",
        );

        await redis.kill();
        await until("the loss to be told", async () => {
          const { ready, problems } = await plumbline.get<Ready>("/readyz");
          return ready && problems.some(({ code }) => code === "PL-REDIS-AWAY");
        });
        await until(
          "the metrics of it",
          async () => (await metric("up 0")) && (await metric('losses_total{reason="away"} 1')),
        );
        await applied("while it is away");

        await redis.start();
        await until("Redis to be used", async () => {
          const { ready, problems } = await plumbline.get<Ready>("/readyz");
          return ready && problems.length === 0 && (await metric("up 1"));
        });
        await until("the metric of what it lost", () => metric('losses_total{reason="emptied"} 1'));
        const sent: string[] = [];
        const monitor = await redis.client.monitor();
        monitor.on("monitor", (_time: string, words: readonly string[]) => sent.push(words.join(" ")));
        await applied("a-word-of-the-manifest");
        await until(
          "its schedule",
          async () => (await redis.client.zrange(repeat, "0", "-1")).join() === "default/web",
        );
        const { lastPass } = await world.status(() => true);
        await world.status((later) => (later.lastPass?.id ?? 0) >= (lastPass?.id ?? 0) + 2);
        monitor.disconnect();
        expect(sent.some((words) => words.includes("default/web"))).toBe(true);
        // The name of the application, and nothing of its manifests.
        const told = sent.filter((words) => /a-word-of-the-manifest|ConfigMap/.test(words));
        expect(told).toEqual([]);

        await plumbline.kill("SIGTERM");
        expect(plumbline.output).toMatch(/"msg":"stopping"/);
      } finally {
        await redis.stop();
      }
    });
  });
});
