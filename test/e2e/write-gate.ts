import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { request as requestOverTls } from "node:https";
import type { AddressInfo } from "node:net";
import type { TestCluster } from "../target/index.ts";

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
}

export interface WriteGate {
  /** Use it in place of the API server's address. */
  readonly url: string;
  /** Every request that came through, in order. */
  readonly requests: SeenRequest[];
  /** Is called with each write (not dry runs) before it is passed on, and again after the server answered but before the answer goes back. */
  onWrite: (write: SeenRequest & { readonly phase: "before" | "after" }) => void;
  stop(): Promise<void>;
}

/** A way to the API server on which a test sees every request and can act at each write. Plain HTTP on loopback; behind it TLS, where the API server has it. */
export async function startWriteGate(cluster: TestCluster): Promise<WriteGate> {
  const tls = cluster.caFile === "" ? undefined : { ca: readFileSync(cluster.caFile) };
  const server = createServer((incoming, outgoing) => pass(incoming, outgoing));
  const gate: WriteGate = { url: "", requests: [], onWrite: () => {}, stop };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return Object.assign(gate, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });

  function pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const seen = { method: incoming.method ?? "GET", url: incoming.url ?? "/" };
    gate.requests.push(seen);
    const writes = seen.method !== "GET" && !seen.url.includes("dryRun=");
    if (writes) gate.onWrite({ ...seen, phase: "before" });
    const target = new URL(seen.url, cluster.server);
    const options = { method: seen.method, headers: { ...incoming.headers, host: target.host } };
    const answered = (answer: IncomingMessage): void => {
      if (writes) gate.onWrite({ ...seen, phase: "after" });
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    };
    const forward =
      tls === undefined ? request(target, options, answered) : requestOverTls(target, { ...options, ...tls }, answered);
    forward.on("error", () => outgoing.destroy());
    outgoing.on("close", () => forward.destroy());
    incoming.pipe(forward);
  }

  async function stop(): Promise<void> {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
}
