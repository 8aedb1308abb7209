import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import type { Logger } from "pino";
import type { Question, ReplicaFleet } from "../../api/index.ts";
import { PlumblineError, type RedisEvent, toProblem } from "../../model/index.ts";
import {
  createPeers,
  createReplicas,
  type Peers,
  type Replica,
  type Replicas,
  vouchedBoard,
} from "../../replicas/index.ts";
import type { HeldBackAnswer, Neighbour, Neighbours } from "../../sync/index.ts";
import { readText } from "../settings/read-text.ts";
import type { ServeSettings } from "../settings/serve.ts";
import { askOne } from "./ask-replica.ts";
import { openBoard } from "./board.ts";
import { SourcesOfFleet } from "./shared-sources.ts";

/** This process among its equals, put together and not yet started. */
export interface ReplicaParts {
  readonly replicas: Replicas;
  readonly peers: Peers;
  readonly neighbours: Neighbours;
  readonly sources: SourcesOfFleet;
  fleet(own: Pick<ReplicaFleet, "neighbour" | "counted" | "sources">): ReplicaFleet;
  close(): Promise<void>;
}

interface ReplicaOptions {
  readonly log: Logger;
  readonly onRedis: (event: RedisEvent) => void;
}

const MOST_NAME = 40;

/** Undefined where the process is alone. Errors: PL-CONFIG-UNREADABLE, PL-KUBE-CONFIG. */
export async function openReplicas(
  settings: ServeSettings,
  { log, onRedis }: ReplicaOptions,
): Promise<ReplicaParts | undefined> {
  const { replicas: own } = settings;
  if (own === undefined) return undefined;
  const secret = secretIn(own.tokenFile, log);
  if ((await secret()) === "") {
    const message = "it is empty, and an empty secret keeps nobody out";
    throw new PlumblineError("PL-CONFIG-INVALID", {
      message,
      where: own.tokenFile,
      next: "put a long random text into it",
    });
  }
  const { board: open, close } = await openBoard(own, settings, { log, onRedis });
  const board = vouchedBoard({ board: open, secret, log });
  const self: Replica = { id: newId(), url: own.address };
  const replicas = createReplicas({ self, board, log });
  const peers = createPeers(secret);
  return {
    replicas,
    peers,
    neighbours: neighboursBy(replicas, peers),
    sources: new SourcesOfFleet({ replicas, peers, log }),
    fleet: (own) => ({
      ...{ self, peers, ...own },
      standing: () => replicas.standing(),
      ownerOf: (application) => replicas.ownerOf(application),
      others: () => replicas.others(),
      onChange: (listener) => replicas.onChange(listener),
    }),
    close: async () => {
      await peers.close();
      await close();
    },
  };
}

/** Read at each use, so that a renewed one counts; while the file cannot be read, as it was last: it is no reason to be heard of no more. Errors: PL-CONFIG-UNREADABLE. */
function secretIn(file: string, log: Logger): () => Promise<string> {
  let known: string | undefined;
  return async () => {
    try {
      known = (await readText(file)).trim();
    } catch (error) {
      if (known === undefined) throw error;
      log.debug({ ...toProblem(error), file }, "the secret of the replicas cannot be read; it stays as it was");
    }
    return known;
  };
}

/** Never another process's, also not after a restart: whoever had it before may be thought to be writing still. */
function newId(): string {
  const name = hostname()
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, "-")
    .slice(0, MOST_NAME)
    .replaceAll(/^-+|-+$/g, "");
  return `${name === "" ? "replica" : name}-${randomBytes(4).toString("hex")}`;
}

function neighboursBy(replicas: Replicas, peers: Peers): Neighbours {
  return {
    of: (name) => {
      const owner = replicas.ownerOf(name);
      return owner.id === replicas.self.id ? undefined : { id: owner.id, neighbour: neighbourAt(owner, peers) };
    },
  };
}

function neighbourAt(replica: Replica, peers: Peers): Neighbour {
  const ask = (question: Question): Promise<unknown> => askOne(replica, question, { peers });
  return {
    lack: async (name) => textOf(await ask({ ask: "lack", name })),
    heldBack: async ({ names, cluster, keys }) =>
      listOf(await ask({ ask: "heldBack", names: [...names], cluster, keys: [...keys] })).filter(isHeldBack),
    letGo: async ({ name, cluster, owners }) => {
      const pairs = owners.map(([key, owner]): [string, string] => [key, owner]);
      return listOf(await ask({ ask: "letGo", name, cluster, owners: pairs })).filter((key) => typeof key === "string");
    },
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isHeldBack(value: unknown): value is HeldBackAnswer {
  return typeof value === "object" && value !== null && "key" in value && "guard" in value && "why" in value;
}
