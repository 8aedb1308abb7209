import { expect, test } from "vitest";
import { describeCluster } from "../controlplane/index.ts";
import { describeRedis, startRedis } from "../redis/redis-server.ts";
import { divided, handovers, writesOf } from "./one-writer.ts";
import { ReplicaWorld, type TestReplica } from "./replicas.ts";
import { until } from "./until.ts";

interface Ready {
  readonly ready: boolean;
  readonly problems: readonly { readonly code: string; readonly message?: string }[];
}

/** Also where it is not ready. */
async function readyz({ plumbline }: TestReplica): Promise<Ready> {
  return (await (await fetch(`${plumbline.address}/readyz`)).json()) as Ready;
}

async function metricsOf({ plumbline }: TestReplica): Promise<string> {
  return await (await fetch(`${plumbline.address}/metrics`)).text();
}

/** At the next write of an object, after the server has taken it. */
async function killInTheMiddle({ gate, plumbline }: TestReplica): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  let writes = 0;
  gate.onWrite = ({ phase, url }) => {
    if (phase !== "after" || !/\/configmaps\/app-/.test(url) || ++writes !== 2) return;
    process.kill(plumbline.pid ?? 0, "SIGKILL");
    resolve(performance.now());
  };
  return await promise;
}

describeCluster("replicas that see one another in Redis", () => {
  describeRedis("a real one", () => {
    test("replace one that is killed within 15 seconds, write nothing while Redis is away and say so, and go on by themselves; each application has one writer at every moment", async () => {
      const server = await startRedis();
      const redis = `redis://127.0.0.1:${server.port}`;
      await using world = await ReplicaWorld.make(8, { objects: 3 });
      try {
        const [one, two] = [await world.start({ redis }), await world.start({ redis })];
        await until("everything written", () => world.isAll("first"), 60);
        await divided(world);
        const repo = world.parts.repository.url;

        const killing = killInTheMiddle(one);
        await world.commit("second");
        await Promise.all([one.hook({ repo }).catch(() => undefined), two.hook({ repo })]);
        const at = await killing;
        await until("the dead one's work, done by the other", () => world.isAll("second"), 30);
        const seconds = (performance.now() - at) / 1000;
        console.log(`everything written ${seconds.toFixed(1)} s after the kill`);
        expect(seconds).toBeLessThan(15);

        const three = await world.start({ redis });
        const left = [two, three];
        await divided(world, left);
        await server.client.flushall();
        await world.commit("third");
        await Promise.all(left.map((replica) => replica.hook({ repo })));
        await until("everything, by whoever had it before Redis was emptied", () => world.isAll("third"), 8);

        await server.kill();
        for (const replica of left) {
          await until("the loss to be told", async () => {
            const { ready, problems } = await readyz(replica);
            const codes = problems.map(({ code }) => code);
            return !ready && codes.includes("PL-REPLICA-UNHEARD") && codes.includes("PL-REPLICA-BOARD");
          });
          expect(await metricsOf(replica)).toContain("\nplumbline_redis_up 0\n");
        }
        const from = new Date().toISOString();
        await world.commit("fourth");
        await Promise.all(left.map((replica) => replica.hook({ repo })));
        const to = new Date().toISOString();
        await server.start();
        await until("everything again", () => world.isAll("fourth"), 60);
        await divided(world, left);
        for (const replica of left) {
          await until("all to be well", async () => (await readyz(replica)).problems.length === 0);
          expect(await metricsOf(replica)).toContain("\nplumbline_redis_up 1\n");
        }
        expect(await server.client.keys("*")).toEqual([`{plumbline}:replicas:${world.parts.namespace}`]);

        const all = await Promise.all(world.names.map((name) => writesOf(world, name)));
        expect(all.flat().filter(({ received }) => received > from && received < to)).toEqual([]);
        for (const writes of all)
          expect(handovers(writes).filter(({ before, after }) => before.done > after.received)).toEqual([]);
      } finally {
        await server.stop();
      }
    });
  });
});
