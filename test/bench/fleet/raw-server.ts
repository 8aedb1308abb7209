import { readFileSync } from "node:fs";
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
    const send = (object: KubeObject) => this.#patch(pathOf(object) + query, "apply-patch+yaml", object);
    return await this.#inFlight(objects, send);
  }

  /** As its controller would, once the Pods are there. */
  async rollOut(deployments: readonly KubeObject[]): Promise<void> {
    const replicas = 2;
    const status = {
      ...{ observedGeneration: 1, replicas, updatedReplicas: replicas },
      ...{ readyReplicas: replicas, availableReplicas: replicas },
    };
    await this.#inFlight(deployments, (object) =>
      this.#patch(`${pathOf(object)}/status?fieldManager=controller`, "merge-patch+json", { status }),
    );
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }

  async #inFlight(objects: readonly KubeObject[], send: (object: KubeObject) => Promise<void>): Promise<number> {
    let next = 0;
    const start = performance.now();
    const worker = async (): Promise<void> => {
      for (let object = objects[next++]; object !== undefined; object = objects[next++]) await send(object);
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
    return (performance.now() - start) / 1000;
  }

  async #patch(path: string, type: string, body: object): Promise<void> {
    const { statusCode, body: answer } = await this.#agent.request({
      origin: this.#server,
      path,
      method: "PATCH",
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
