import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { ApiOptions, ReplicaFleet } from "../../src/api/index.ts";
import type { ApplicationStatus } from "../../src/model/index.ts";
import { createPeers, REPLICA_HEADER, type Replica, type Standing } from "../../src/replicas/index.ts";
import type { Neighbour } from "../../src/sync/index.ts";
import { status } from "../report/statuses.ts";
import { startApi } from "./api-fixture.ts";

export const SECRET = "the secret of these replicas";
const WELL: Standing = { isHeard: true, since: 0, lost: 0, handedOver: 0 };
const NOBODY: Neighbour = {
  lack: (name) => Promise.resolve(name === "shop/slow" ? "Pending, it waits" : undefined),
  heldBack: () => Promise.resolve([]),
  letGo: () => Promise.resolve([]),
};

/** Real APIs that listen, each with a report of its own; who has what, and who is alive, is said by the test. */
export class TestFleet {
  readonly alive = new Map<string, Replica>();
  readonly owners = new Map<string, string>();
  readonly standings = new Map<string, Partial<Standing>>();
  readonly counted: string[] = [];
  readonly #neighbour: Neighbour;
  readonly #listeners = new Set<() => void>();
  readonly #controls = new Set<{ readonly elsewhere: Set<string> }>();

  constructor({ neighbour = NOBODY }: { readonly neighbour?: Neighbour } = {}) {
    this.#neighbour = neighbour;
  }

  /** `names`: applications that it works on. */
  async start(id: string, names: readonly string[], over: Partial<ApiOptions> = {}) {
    const statuses = names.map((name): ApplicationStatus => status(name));
    const peers = createPeers(() => Promise.resolve(SECRET));
    const started = await startApi({ fleet: this.#fleetOf(id, peers), ...over }, statuses);
    onTestFinished(() => peers.close());
    this.#controls.add(started.control);
    for (const name of names) this.owners.set(name, id);
    const url = await started.api.listen({ host: "127.0.0.1", port: 0 });
    this.divide(() => this.alive.set(id, { id, url }));
    const ask = async (path: string, init: RequestInit = {}) => {
      const answer = await fetch(url + path, init);
      return { status: answer.status, headers: answer.headers, body: JSON.parse(await answer.text()) };
    };
    return { ...started, id, url, ask };
  }

  /** Who is alive, or has what, is another from now on. */
  divide(change: () => void): void {
    change();
    for (const { elsewhere } of this.#controls) for (const name of this.owners.keys()) elsewhere.add(name);
    for (const listener of this.#listeners) listener();
  }

  #fleetOf(id: string, peers: ReplicaFleet["peers"]): ReplicaFleet {
    const self: Replica = { id };
    return {
      self,
      peers,
      neighbour: this.#neighbour,
      ownerOf: (name) => this.alive.get(this.owners.get(name) ?? id) ?? self,
      others: () => [...this.alive.values()].filter((one) => one.id !== id),
      onChange: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
      // Says back what it was asked.
      sources: { answer: (question) => Promise.resolve({ question, tag: 7 }) },
      standing: () => ({ ...WELL, ...this.standings.get(id) }),
      counted: (result) => void this.counted.push(`${id} ${result}`),
    };
  }
}

export const AS_REPLICA = { [REPLICA_HEADER]: SECRET };

/** One has shop/api, the other shop/web. */
export async function two() {
  const fleet = new TestFleet();
  const one = await fleet.start("one", ["shop/api"]);
  const other = await fleet.start("other", ["shop/web"]);
  return { fleet, one, other };
}

/** Something in place of a replica. */
export async function standIn(fleet: TestFleet, id: string, answer: RequestListener): Promise<void> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  fleet.divide(() => fleet.alive.set(id, { id, url: `http://127.0.0.1:${port}` }));
}
