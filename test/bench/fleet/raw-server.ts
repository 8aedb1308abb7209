import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { Agent } from "undici";
import type { KubeObject } from "../../../src/model/index.ts";
import type { ControlPlaneClient } from "../../controlplane/index.ts";

const PLURALS: { readonly [kind: string]: string } = {
  Namespace: "api/v1/namespaces",
  ConfigMap: "api/v1/configmaps",
  ServiceAccount: "api/v1/serviceaccounts",
  Service: "api/v1/services",
  Deployment: "apis/apps/v1/deployments",
};
const CONNECTIONS = 16;
const IN_FLIGHT = 32;

interface Sent {
  readonly method: "PATCH" | "DELETE";
  readonly path: string;
  readonly type: string;
  readonly body: object;
}

/** The API server with nothing between: a pool of connections and JSON. What it does in a second is what anybody can get out of it. */
export class RawServer {
  readonly #server: string;
  readonly #token: string;
  readonly #agent: Agent;

  constructor({ server, token, caFile }: ControlPlaneClient) {
    this.#server = server;
    this.#token = token;
    this.#agent = new Agent({ connect: { ca: readFileSync(caFile) }, connections: CONNECTIONS });
  }

  /** Server-side apply of all of them, 32 at once; gives the seconds it took. */
  async applyAll(objects: readonly KubeObject[]): Promise<number> {
    const query = "?fieldManager=bench&force=true";
    return await this.#inFlight(objects, (body) =>
      this.#send({ method: "PATCH", path: pathOf(body) + query, type: "apply-patch+yaml", body }),
    );
  }

  /** As its controller would, once the Pods are there. */
  async rollOut(deployments: readonly KubeObject[]): Promise<void> {
    const replicas = 2;
    const status = {
      ...{ observedGeneration: 1, replicas, updatedReplicas: replicas },
      ...{ readyReplicas: replicas, availableReplicas: replicas },
    };
    await this.#inFlight(deployments, (object) => {
      const path = `${pathOf(object)}/status?fieldManager=controller`;
      return this.#send({ method: "PATCH", path, type: "merge-patch+json", body: { status } });
    });
  }

  /** Deletes all objects of these objects' kinds in their namespaces. */
  async clear(objects: readonly KubeObject[]): Promise<void> {
    const collections = [...new Set(objects.map((object) => dirname(pathOf(object))))];
    await this.#inFlight(collections, (path) => this.#send({ method: "DELETE", path, type: "json", body: {} }));
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }

  async #inFlight<T>(all: readonly T[], send: (one: T) => Promise<void>): Promise<number> {
    let next = 0;
    const start = performance.now();
    const worker = async (): Promise<void> => {
      for (let one = all[next++]; one !== undefined; one = all[next++]) await send(one);
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
    return (performance.now() - start) / 1000;
  }

  async #send({ method, path, type, body }: Sent): Promise<void> {
    const { statusCode, body: answer } = await this.#agent.request({
      origin: this.#server,
      path,
      method,
      headers: { authorization: `Bearer ${this.#token}`, "content-type": `application/${type}` },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (statusCode >= 300) throw new Error(`${path}: ${statusCode} ${text}`);
  }
}

function pathOf({ kind, metadata: { namespace, name } }: KubeObject): string {
  const plural = PLURALS[kind];
  if (plural === undefined) throw new Error(`the benchmark has no objects of kind ${kind}`);
  if (namespace === undefined) return `/${plural}/${name}`;
  const cut = plural.lastIndexOf("/");
  return `/${plural.slice(0, cut)}/namespaces/${namespace}${plural.slice(cut)}/${name}`;
}
