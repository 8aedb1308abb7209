/** A process of its own that takes one run and never ends it; started, and killed, by redis-killed.test.ts. */
import { SILENT } from "../../src/model/index.ts";
import { openRedisQueues } from "../../src/queue/index.ts";
import type { Asked } from "./controlled.ts";

const settings = { kind: "single", nodes: [{ host: "127.0.0.1", port: Number(process.argv[2]) }], tls: false } as const;
const queues = await openRedisQueues({ settings, queue: "killed", log: SILENT, lockMs: 2000 });
const queue = queues.create<Asked>({
  concurrency: 1,
  merge: (_, added) => added,
  rankOf: ({ rank }) => rank,
  unasked: (rank) => ({ what: "?", rank }),
  work: async (key) => {
    process.send?.(key);
    await new Promise(() => {});
  },
  onError: () => {},
});
for (const key of ["team/running", "team/waiting"]) queue.add(key, { what: "hand", rank: 0 });
