import type { FastifyRequest } from "fastify";
import { REPLICA_HEADER } from "../../replicas/index.ts";
import type { ReplicaFleet } from "./fleet.ts";
import { pageIn } from "./forward.ts";

interface Part {
  readonly items: readonly object[];
  readonly total: number;
  readonly next?: string;
}

export interface Parts {
  /** A page each of the replicas that have answered. */
  readonly answered: readonly Part[];
  /** Ids of those that have not. */
  readonly away: readonly string[];
  /** False where another replica asks, who asks all others itself. */
  readonly asked: boolean;
}

const ALONE: Parts = { answered: [], away: [], asked: false };

/** The same list of all other replicas. */
export async function askEverywhere(request: FastifyRequest, fleet: ReplicaFleet): Promise<Parts> {
  if (await fleet.peers.knows(request.headers[REPLICA_HEADER])) return ALONE;
  const { authorization } = request.headers;
  const headers = authorization === undefined ? {} : { authorization };
  const others = fleet.others();
  const told = await Promise.allSettled(
    others.map(async (other) => {
      const answer = await fleet.peers.send(other, { method: "GET", path: request.url, headers });
      if (answer.status !== 200) throw new Error(`status ${answer.status}`);
      return pageIn(answer.text);
    }),
  );
  return {
    asked: true,
    answered: told.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])),
    away: others.flatMap(({ id }, i) => (told[i]?.status === "rejected" ? [id] : [])),
  };
}
