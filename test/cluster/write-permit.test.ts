import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { Connections } from "../../src/cluster/connections.ts";
import { CredentialStore } from "../../src/cluster/credentials.ts";
import { Reach } from "../../src/cluster/reach.ts";
import { Slots } from "../../src/cluster/slots.ts";
import { Transport } from "../../src/cluster/transport.ts";
import { PlumblineError } from "../../src/model/index.ts";

interface Held {
  readonly request: IncomingMessage;
  readonly answer: ServerResponse;
}

/** A server that answers when it is told to, and one way to it with so many connections. `places` more than these: the client library queues, too. */
async function server(connections: number, places = connections) {
  const held: Held[] = [];
  const arrived = Promise.withResolvers<void>();
  const http = createServer((request, answer) => {
    held.push({ request, answer });
    arrived.resolve();
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const access = { name: "", origin: "", cluster: { name: "", server: url, skipTLSVerify: false } };
  const limits = { timeoutMs: 30_000, connections, watchSilenceMs: 30_000 };
  const slots = new Slots({ total: places, longestWaitMs: 30_000, server: url });
  const transport = new Transport({
    server: url,
    connections: new Connections({ access: { ...access, user: { name: "" } }, ca: undefined } as never, limits),
    credentials: new CredentialStore(async () => ({ headers: {}, expiresAt: Number.POSITIVE_INFINITY })),
    slots,
    reach: new Reach({ name: "there" }),
    onRequest: undefined,
  });
  onTestFinished(async () => {
    await transport.close();
    http.closeAllConnections();
    http.close();
  });
  return { transport, slots, held, arrived: arrived.promise };
}

function permit() {
  const state = { valid: true, asked: 0 };
  const check = (): void => {
    state.asked++;
    if (!state.valid) throw new PlumblineError("PL-FENCED", { message: "no more" });
  };
  return { state, permit: { writer: "replica-a/7", check } };
}

const WRITE = { verb: "apply", kind: "ConfigMap", method: "PATCH", path: "/write", body: "{}" } as const;
const READ = { verb: "get", kind: "ConfigMap", path: "/read" } as const;

function end({ answer }: Held | undefined = {} as Held): void {
  answer.end("{}");
}

test.each([
  { queue: "our own queue", places: 1 },
  { queue: "the client library's queue", places: 8 },
])("a write that waits in $queue asks when it leaves, and not before", async ({ places }) => {
  const { transport, held, arrived } = await server(1, places);
  const { state, permit: asked } = permit();
  const first = transport.send({ ...WRITE, permit: asked });
  await arrived;
  const [second, read] = [transport.send({ ...WRITE, permit: asked }), transport.send(READ)];
  state.valid = false;
  end(held[0]);
  await first;
  await expect(second).rejects.toMatchObject({ code: "PL-FENCED" });
  await expect.poll(() => held.length).toBe(2);
  end(held[1]);
  expect(await read).toMatchObject({ status: 200 });
  expect(held.map(({ request }) => request.url)).toEqual(["/write", "/read"]);
  expect(held[0]?.request.socket.remotePort).toBe(held[1]?.request.socket.remotePort);
  expect(state.asked).toBe(2);
});

test("a write says who writes, for the server's audit log", async () => {
  const { transport, held, arrived } = await server(1);
  const sent = transport.send({ ...WRITE, permit: permit().permit });
  await arrived;
  end(held[0]);
  await sent;
  expect(held[0]?.request.headers["user-agent"]).toBe("plumbline replica-a/7");
});

test("a request that is ended while all connections are busy ends at once", async () => {
  const { transport, slots, arrived } = await server(1);
  const ending = new AbortController();
  void transport.send(READ).catch(() => {});
  await arrived;
  const waiting = transport.send({ ...READ, signal: ending.signal });
  await expect.poll(() => slots.waiting).toBe(1);
  ending.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
});
