import type { RedisSettings } from "../../src/redis/index.ts";
import { freePorts } from "../controlplane/ports.ts";
import { until } from "../e2e/until.ts";
import { type RedisServer, startRedis } from "./redis-server.ts";

const SLOTS = 16_384;

export interface RedisClusterServers {
  readonly settings: RedisSettings;
  readonly masters: readonly RedisServer[];
  stop(): Promise<void>;
}

/** Three masters on loopback that share the slots. */
export async function startRedisCluster(): Promise<RedisClusterServers> {
  const buses = await freePorts(3);
  const masters = await Promise.all(
    buses.map((bus) => startRedis(["--cluster-enabled", "yes", "--cluster-port", String(bus)])),
  );
  const [first] = masters;
  for (const [i, { client, port }] of masters.entries()) {
    const [from, to] = [i, i + 1].map((part) => Math.floor((SLOTS * part) / masters.length)) as [number, number];
    await client.call("CLUSTER", "ADDSLOTSRANGE", from, to - 1);
    if (i > 0) await first?.client.call("CLUSTER", "MEET", "127.0.0.1", port, String(buses[i]));
  }
  await until("the cluster to be whole", async () => {
    const states = await Promise.all(masters.map(({ client }) => client.call("CLUSTER", "INFO")));
    return states.every((one) => /cluster_state:ok/.test(String(one)) && /cluster_known_nodes:3/.test(String(one)));
  });
  return {
    settings: { kind: "cluster", nodes: masters.map(({ port }) => ({ host: "127.0.0.1", port })), tls: false },
    masters,
    stop: async () => void (await Promise.all(masters.map((one) => one.stop()))),
  };
}
