import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type ClientRequest, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { request as requestOverTls } from "node:https";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import type { TestCluster } from "../target/index.ts";

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
}

/** What becomes of a request on its way; an empty one lets it through. */
export interface Treatment {
  /** Before it is passed on. */
  readonly delayMs?: number;
  /** The gate answers in the server's place. */
  readonly refuse?: { readonly status: number; readonly headers?: { readonly [name: string]: string } };
  /** The connection ends: the server never had the request, or had it and nobody hears the answer. */
  readonly cut?: "before" | "after";
  /** The server gets the request twice, one after the other; the client gets this one of the two answers. */
  readonly twice?: "first" | "second";
}

export interface WriteGate {
  /** Use it in place of the API server's address. */
  readonly url: string;
  /** Every request that came through, in order. */
  readonly requests: SeenRequest[];
  /** Is called with each write (not dry runs) before it is passed on, and again after the server answered but before the answer goes back. */
  onWrite: (write: SeenRequest & { readonly phase: "before" | "after" }) => void;
  /** Asked for each request, dry runs and reads too. */
  treat: (request: SeenRequest & { readonly writes: boolean }) => Treatment;
  stop(): Promise<void>;
}

/** A way to the API server on which a test sees every request and can act at each write. Plain HTTP on loopback; behind it TLS, where the API server has it. */
export async function startWriteGate(cluster: Pick<TestCluster, "caFile" | "server">): Promise<WriteGate> {
  const ask = askerOf(cluster);
  const server = createServer((incoming, outgoing) => {
    pass(gate, ask, { incoming, outgoing }).catch(() => outgoing.destroy());
  });
  const gate: WriteGate = { url: "", requests: [], onWrite: () => {}, treat: () => ({}), stop };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return Object.assign(gate, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });

  async function stop(): Promise<void> {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
}

type Ask = (incoming: IncomingMessage, answered: (answer: IncomingMessage) => void) => ClientRequest;

function askerOf(cluster: Pick<TestCluster, "caFile" | "server">): Ask {
  const tls = cluster.caFile === "" ? undefined : { ca: readFileSync(cluster.caFile) };
  return ({ url = "/", method = "GET", headers }, answered) => {
    const target = new URL(url, cluster.server);
    const options = { method, headers: { ...headers, host: target.host } };
    return tls === undefined
      ? request(target, options, answered)
      : requestOverTls(target, { ...options, ...tls }, answered);
  };
}

interface Way {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

async function pass(gate: WriteGate, ask: Ask, { incoming, outgoing }: Way): Promise<void> {
  const seen = { method: incoming.method ?? "GET", url: incoming.url ?? "/" };
  gate.requests.push(seen);
  const writes = seen.method !== "GET" && !seen.url.includes("dryRun=");
  const treatment = gate.treat({ ...seen, writes });
  if (treatment.delayMs !== undefined) await wait(treatment.delayMs);
  if (writes) gate.onWrite({ ...seen, phase: "before" });
  if (treatment.refuse !== undefined) return refuse(outgoing, treatment.refuse);
  if (treatment.cut === "before") return void outgoing.destroy();
  const body = treatment.twice === undefined ? undefined : await buffer(incoming);
  const firstAnswer = body === undefined ? undefined : await whole(ask, incoming, body);
  const answered = (answer: IncomingMessage): void => {
    if (writes) gate.onWrite({ ...seen, phase: "after" });
    if (treatment.cut === "after") return void outgoing.destroy();
    if (treatment.twice === "first" && firstAnswer !== undefined) {
      answer.resume();
      send(outgoing, firstAnswer);
    } else {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      // A watch has headers long before it has its first line.
      outgoing.flushHeaders();
      answer.pipe(outgoing);
    }
  };
  const forward = ask(incoming, answered);
  forward.on("error", () => outgoing.destroy());
  outgoing.on("close", () => forward.destroy());
  if (body === undefined) incoming.pipe(forward);
  else forward.end(body);
}

function refuse(outgoing: ServerResponse, { status, headers = {} }: NonNullable<Treatment["refuse"]>): void {
  outgoing.writeHead(status, { "content-type": "application/json", ...headers });
  outgoing.end(JSON.stringify({ kind: "Status", apiVersion: "v1", status: "Failure", code: status }));
}

interface WholeAnswer {
  readonly answer: IncomingMessage;
  readonly body: Buffer;
}

async function whole(ask: Ask, incoming: IncomingMessage, body: Buffer): Promise<WholeAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  ask(incoming, resolve).on("error", reject).end(body);
  const answer = await promise;
  return { answer, body: await buffer(answer) };
}

function send(outgoing: ServerResponse, { answer, body }: WholeAnswer): void {
  outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
  outgoing.end(body);
}
