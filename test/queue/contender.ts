/** A process of its own, started by five-processes.test.ts: takes turns, and tells in Redis what its passes saw. */
import { setTimeout as wait } from "node:timers/promises";
import { Redis } from "ioredis";
import { SILENT } from "../../src/model/index.ts";
import { openRedisQueues } from "../../src/queue/index.ts";
import type { Asked } from "./controlled.ts";

const port = Number(process.argv[2]);
const settings = { kind: "single", nodes: [{ host: "127.0.0.1", port }], tls: false } as const;
const said = new Redis({ host: "127.0.0.1", port });
const queues = await openRedisQueues({ settings, queue: "contended", log: SILENT });
const queue = queues.create<Asked>({
  concurrency: 8,
  merge: (_, added) => added,
  rankOf: ({ rank }) => rank,
  unasked: (rank) => ({ what: "?", rank }),
  work: pass,
  onError: (key, error) => void said.rpush("errors", `${key}: ${String(error)}`),
});

/** Reads the revision at its start, as a pass does, and takes its time. */
async function pass(key: string): Promise<void> {
  if ((await said.incr(`running:${key}`)) > 1) await said.rpush("overlaps", key);
  const revision = (await said.get(`revision:${key}`)) ?? "0";
  await wait(2 + Math.random() * 10);
  const before = await said.getset(`seen:${key}`, revision);
  await said.incr(before === revision ? "surplus" : "needed");
  await said.decr(`running:${key}`);
}

process.on("message", (key: string) => {
  if (key === "stop") void stop();
  else queue.add(key, { what: "commit", rank: 0 });
});
process.send?.("ready");

async function stop(): Promise<void> {
  await queue.close();
  await queues.close();
  said.disconnect();
  process.disconnect();
}
