import type { Logger } from "pino";
import { createCluster } from "../../cluster/index.ts";
import type { RedisEvent } from "../../model/index.ts";
import { LeaseBoard, type NoticeBoard, openRedisBoard } from "../../replicas/index.ts";
import type { ReplicaSettings } from "../settings/replicas.ts";
import type { ServeSettings } from "../settings/serve.ts";

export interface OpenBoard {
  readonly board: NoticeBoard;
  close(): Promise<void>;
}

/** Where the replicas see one another. With a client of its own: a sign of life must not wait behind the requests of a fleet. Errors: PL-KUBE-CONFIG. */
export async function openBoard(
  { by }: ReplicaSettings,
  { kube, inventoryNamespace }: ServeSettings,
  { log, onRedis }: { readonly log: Logger; readonly onRedis: (event: RedisEvent) => void },
): Promise<OpenBoard> {
  if (by.kind === "redis") {
    const board = await openRedisBoard({ settings: by.redis, fleet: inventoryNamespace, log, onEvent: onRedis });
    return { board, close: async () => board.close() };
  }
  const cluster = await createCluster({ log, ...kube, connections: 2, timeoutMs: 3000 });
  const board = new LeaseBoard({ cluster, namespace: inventoryNamespace, wall: Date.now });
  return { board, close: () => cluster.close() };
}
