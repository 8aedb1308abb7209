import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { text } from "node:stream/consumers";
import type { KubeObject } from "../../src/model/index.ts";
import type { Kind } from "./kinds.ts";

export interface DirectOptions {
  readonly server: string;
  readonly caFile: string;
  readonly token: string;
}

interface Question {
  readonly method?: string;
  readonly path: string;
  readonly body?: object;
}

/** The API server, asked without any line of Plumbline's own client, past every fault that is made on Plumbline's way to it. */
export class Direct {
  readonly #options: DirectOptions;
  readonly #agent: Agent;

  constructor(options: DirectOptions) {
    this.#options = options;
    this.#agent = new Agent({ ca: readFileSync(options.caFile), keepAlive: true });
  }

  /** Throws with the server's words unless it answers 2xx. */
  async ask<T>({ method = "GET", path, body }: Question): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<{ status: number; answer: string }>();
    const headers = {
      authorization: `Bearer ${this.#options.token}`,
      "content-type": method === "PATCH" ? "application/merge-patch+json" : "application/json",
    };
    const call = request(new URL(path, this.#options.server), { method, headers, agent: this.#agent, timeout: 20_000 });
    call.on("error", reject);
    call.on("timeout", () => call.destroy(new Error(`no answer from ${path} within 20 s`)));
    call.on("response", (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode ?? 0, answer }), reject);
    });
    call.end(body === undefined ? undefined : JSON.stringify(body));
    const { status, answer } = await promise;
    if (status < 200 || status > 299) throw new Error(`${method} ${path}: ${status} ${answer}`);
    return JSON.parse(answer) as T;
  }

  /** All objects of a kind, in all namespaces. */
  async list(collection: string): Promise<readonly KubeObject[]> {
    const { items } = await this.ask<{ items: readonly KubeObject[] }>({ path: collection });
    return items;
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** Path of one object, for a hand to change it. */
export function pathOf({ collection, plural }: Kind, { metadata }: KubeObject): string {
  const root = collection.slice(0, -plural.length);
  return `${root}namespaces/${metadata.namespace}/${plural}/${metadata.name}`;
}
