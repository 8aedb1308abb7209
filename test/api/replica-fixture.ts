import { onTestFinished } from "vitest";
import type { ApiOptions, ReplicaFleet } from "../../src/api/index.ts";
import type { ApplicationStatus } from "../../src/model/index.ts";
import { createPeers, REPLICA_HEADER, type Replica } from "../../src/replicas/index.ts";
import type { Neighbour } from "../../src/sync/index.ts";
import { status } from "../report/statuses.ts";
import { startApi } from "./api-fixture.ts";

export const SECRET = "the secret of these replicas";
const NOBODY: Neighbour = {
  lack: () => Promise.resolve(undefined),
  heldBack: () => Promise.resolve([]),
  letGo: () => Promise.resolve([]),
};

/** Real APIs that listen, each with a report of its own; who has what, and who is alive, is said by the test. */
export class TestFleet {
  readonly alive = new Map<string, Replica>();
  readonly owners = new Map<string, string>();
  readonly #listeners = new Set<() => void>();
  readonly #controls = new Set<{ readonly elsewhere: Set<string> }>();

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
      neighbour: NOBODY,
      ownerOf: (name) => this.alive.get(this.owners.get(name) ?? id) ?? self,
      others: () => [...this.alive.values()].filter((one) => one.id !== id),
      onChange: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
      tell: () => Promise.resolve(),
    };
  }
}

export const AS_REPLICA = { [REPLICA_HEADER]: SECRET };
