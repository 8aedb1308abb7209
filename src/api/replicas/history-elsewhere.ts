import type { FastifyRequest } from "fastify";
import type { SyncRecord } from "../../report/index.ts";
import type { RecordsElsewhere } from "../../sync/index.ts";
import { SyncRecordSchema } from "../history.ts";
import { askOthers, checked } from "./everywhere.ts";
import type { ReplicaFleet } from "./fleet.ts";

const isRecord = checked<SyncRecord>(SyncRecordSchema);

/** What the other replicas know of the syncs of an application, which one of them may have worked on before. */
export async function historyElsewhere(
  application: string,
  request: FastifyRequest,
  fleet: ReplicaFleet,
): Promise<RecordsElsewhere> {
  const path = `/api/v1/applications/${application}/history?limit=1000`;
  const { answered, away } = await askOthers(request, { path, fleet, isItem: isRecord });
  return { records: answered.flatMap(({ items }) => items), away: away.map(({ id }) => id) };
}
