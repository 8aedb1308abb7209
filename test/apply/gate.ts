import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { request } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ControlPlaneClient } from "../controlplane/index.ts";

export interface Write {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
}

export interface Refusal {
  readonly status: number;
  readonly reason: string;
  readonly headers?: { readonly [name: string]: string };
}

/** A way to the API server on which a test counts writes, keeps them waiting, or refuses them in the server's place. */
export class Gate {
  readonly kubeconfig: string;
  /** Every write that came, dry runs apart. */
  readonly writes: Write[] = [];
  /** Most writes that were under way at once. */
  most = 0;
  /** Undefined lets the write through. */
  refuse: (write: Write) => Refusal | undefined = () => undefined;
  /** The same for what only reads. */
  refuseRead: (path: string) => Refusal | undefined = () => undefined;
  /** Resolves when the write may go on. */
  hold: (write: Write) => Promise<void> = () => Promise.resolve();
  #underWay = 0;
  readonly #dir = mkdtempSync(join(tmpdir(), "plumb-gate-"));
  readonly #server = createServer((incoming, outgoing) => void this.#take(incoming, outgoing));
  readonly #plane: ControlPlaneClient;
  readonly #ca: Buffer;

  private constructor(plane: ControlPlaneClient) {
    this.#plane = plane;
    this.#ca = readFileSync(plane.caFile);
    this.kubeconfig = join(this.#dir, "kubeconfig");
  }

  static async open(plane: ControlPlaneClient): Promise<Gate> {
    const gate = new Gate(plane);
    gate.#server.listen(0, "127.0.0.1");
    await once(gate.#server, "listening");
    const { port } = gate.#server.address() as AddressInfo;
    const config = {
      apiVersion: "v1",
      kind: "Config",
      "current-context": "gate",
      clusters: [{ name: "gate", cluster: { server: `http://127.0.0.1:${port}` } }],
      users: [{ name: "gate", user: { token: plane.token } }],
      contexts: [{ name: "gate", context: { cluster: "gate", user: "gate" } }],
    };
    writeFileSync(gate.kubeconfig, JSON.stringify(config));
    return gate;
  }

  get underWay(): number {
    return this.#underWay;
  }

  /** How often a write whose path ends so came. */
  count(ending: string): number {
    return this.writes.filter(({ path }) => path.endsWith(ending)).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
    rmSync(this.#dir, { recursive: true, force: true });
  }

  async #take(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = "GET", url = "/" } = incoming;
    const path = url.split("?")[0] ?? "";
    if (method === "GET" || url.includes("dryRun="))
      return this.#answer(method === "GET" ? this.refuseRead(path) : undefined, incoming, outgoing);
    const write = { method, path };
    this.writes.push(write);
    this.most = Math.max(this.most, ++this.#underWay);
    outgoing.on("close", () => this.#underWay--);
    await this.hold(write);
    this.#answer(this.refuse(write), incoming, outgoing);
  }

  #answer(refusal: Refusal | undefined, incoming: IncomingMessage, outgoing: ServerResponse): void {
    if (refusal === undefined) {
      this.#pass(incoming, outgoing);
      return;
    }
    const { status, reason, headers = {} } = refusal;
    outgoing.writeHead(status, { "content-type": "application/json", ...headers });
    outgoing.end(JSON.stringify({ kind: "Status", apiVersion: "v1", status: "Failure", code: status, reason }));
  }

  #pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const target = new URL(incoming.url ?? "/", this.#plane.server);
    const headers = { ...incoming.headers, host: target.host };
    const forward = request(target, { method: incoming.method ?? "GET", headers, ca: this.#ca }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forward.on("error", () => outgoing.destroy());
    outgoing.on("close", () => forward.destroy());
    incoming.pipe(forward);
  }
}
