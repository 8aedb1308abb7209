import { type Log, SILENT } from "../../src/model/index.ts";
import { openRedisQueues, type RedisQueues, type Run, type WorkQueue } from "../../src/queue/index.ts";
import type { RedisSettings } from "../../src/redis/index.ts";
import { createMetrics, type Metrics } from "../../src/report/index.ts";
import type { Asked } from "./controlled.ts";

/** Passes that take no time, counted by key. */
export interface Process {
  readonly queue: WorkQueue<Asked>;
  readonly queues: RedisQueues;
  readonly metrics: Metrics;
  readonly passes: ReadonlyMap<string, number>;
  /** What a pass waits for from now on. */
  onPass(hold: (run: Run) => Promise<void>): void;
  /** A series of /metrics. */
  metric(series: string): Promise<number | undefined>;
}

/** One that takes part in the queue "faults" of that Redis. */
export async function startProcess(settings: RedisSettings, log: Log = SILENT): Promise<Process> {
  const metrics = createMetrics({ redis: true });
  const onEvent = (event: Parameters<Metrics["redis"]>[0]): void => metrics.redis(event);
  const queues = await openRedisQueues({ settings, queue: "faults", log, onEvent, lockMs: 2000 });
  const passes = new Map<string, number>();
  let held: (run: Run) => Promise<void> = async () => {};
  const queue = queues.create<Asked>({
    concurrency: 8,
    merge: (_, added) => added,
    rankOf: ({ rank }) => rank,
    unasked: (rank) => ({ what: "?", rank }),
    work: async (key, _request, run) => {
      await held(run);
      passes.set(key, (passes.get(key) ?? 0) + 1);
    },
    onError: () => {},
  });
  const metric = async (series: string): Promise<number | undefined> => {
    const line = (await metrics.text()).split("\n").find((one) => one.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.slice(series.length + 1));
  };
  const onPass = (hold: typeof held): void => {
    held = hold;
  };
  return { queue, queues, metrics, passes, metric, onPass };
}
