import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import type { Logger } from "pino";
import { QUESTIONS_PATH, type Question, type ReplicaFleet } from "../../api/index.ts";
import { createCluster } from "../../cluster/index.ts";
import { parseJson } from "../../kit/parse-json.ts";
import { isJsonObject, PlumblineError, toProblem } from "../../model/index.ts";
import {
  createPeers,
  createReplicas,
  LeaseBoard,
  type Peers,
  type Replica,
  type Replicas,
  vouchedBoard,
} from "../../replicas/index.ts";
import type { HeldBackAnswer, Neighbour, Neighbours } from "../../sync/index.ts";
import { readText } from "../settings/read-text.ts";
import type { ServeSettings } from "../settings/serve.ts";

/** This process among its equals, put together and not yet started. */
export interface ReplicaParts {
  readonly replicas: Replicas;
  readonly peers: Peers;
  readonly neighbours: Neighbours;
  fleet(own: Pick<ReplicaFleet, "neighbour" | "counted">): ReplicaFleet;
  close(): Promise<void>;
}

const MOST_NAME = 40;

/** Undefined where the process is alone. Errors: PL-CONFIG-UNREADABLE, PL-KUBE-CONFIG. */
export async function openReplicas(settings: ServeSettings, log: Logger): Promise<ReplicaParts | undefined> {
  const { replicas: own, kube, inventoryNamespace: namespace } = settings;
  if (own === undefined) return undefined;
  const secret = async (): Promise<string> => (await readText(own.tokenFile)).trim();
  if ((await secret()) === "") {
    const message = "it is empty, and an empty secret keeps nobody out";
    throw new PlumblineError("PL-CONFIG-INVALID", {
      message,
      where: own.tokenFile,
      next: "put a long random text into it",
    });
  }
  // A client of its own: a sign of life must not wait behind the requests of a fleet.
  const cluster = await createCluster({ log, ...kube, connections: 2, timeoutMs: 3000 });
  const board = vouchedBoard({ board: new LeaseBoard({ cluster, namespace, wall: Date.now }), secret, log });
  const self: Replica = { id: newId(), url: own.address };
  const replicas = createReplicas({ self, board, log });
  const peers = createPeers(secret);
  return {
    replicas,
    peers,
    neighbours: neighboursBy(replicas, peers),
    fleet: (own) => ({
      ...{ self, peers, ...own },
      standing: () => replicas.standing(),
      ownerOf: (application) => replicas.ownerOf(application),
      others: () => replicas.others(),
      onChange: (listener) => replicas.onChange(listener),
      tell: (question) => tell(question, { replicas, peers, log }),
    }),
    close: async () => {
      await peers.close();
      await cluster.close();
    },
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
  const ask = (question: Question): Promise<unknown> => askOne(replica, question, peers);
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

/** Errors: PL-REPLICA-AWAY. */
async function askOne(replica: Replica, question: Question, peers: Peers): Promise<unknown> {
  const { status, text } = await peers.send(replica, {
    method: "POST",
    path: QUESTIONS_PATH,
    body: JSON.stringify(question),
  });
  const answer = parseJson(text);
  if (status === 200 && isJsonObject(answer)) return answer["answer"];
  const said = isJsonObject(answer) && typeof answer["detail"] === "string" ? `: ${answer["detail"]}` : "";
  const message = `replica ${replica.id} refuses to answer (${status}${said})`;
  throw new PlumblineError("PL-REPLICA-AWAY", {
    message,
    ...(replica.url === undefined ? {} : { where: replica.url }),
  });
}

async function tell(
  question: Question,
  { replicas, peers, log }: Pick<ReplicaParts, "replicas" | "peers"> & { log: Logger },
): Promise<void> {
  const tellOne = async (other: Replica): Promise<void> => {
    try {
      await askOne(other, question, peers);
    } catch (error) {
      log.warn(
        { ...toProblem(error), replica: other.id },
        "another replica was not told of a webhook; its next poll finds out",
      );
    }
  };
  await Promise.all(replicas.others().map(tellOne));
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
