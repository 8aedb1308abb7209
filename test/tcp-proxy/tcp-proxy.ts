import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

export interface TcpProxy {
  readonly port: number;
  /** Connections cut by cutAfter so far. */
  readonly cuts: number;
  /** Once: the first connection on which the server sends so many bytes from now on is cut right there. */
  cutAfter(bytes: number): void;
  /** Nothing passes any more on the connections that are open now, and nobody is told. */
  silence(): void;
  /** Cuts all connections and refuses new ones. */
  refuse(): void;
  accept(): void;
  close(): Promise<void>;
}

interface Line {
  readonly client: Socket;
  readonly server: Socket;
  /** Bytes from the server since cutAfter was called. */
  counted: number;
  silent: boolean;
}

interface State {
  readonly lines: Set<Line>;
  cutAfter: number | undefined;
  cuts: number;
  refusing: boolean;
}

/** Listens on a free loopback port and passes every connection on to the target. */
export async function startTcpProxy(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const state: State = { lines: new Set(), cutAfter: undefined, cuts: 0, refusing: false };
  const listener = createServer((client) => {
    if (state.refusing) client.destroy();
    else openLine(state, client, connect(target));
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  return controls(state, listener, portOf(listener));
}

function openLine(state: State, client: Socket, server: Socket): void {
  const line: Line = { client, server, counted: 0, silent: false };
  state.lines.add(line);
  const end = (): void => {
    state.lines.delete(line);
    client.destroy();
    server.destroy();
  };
  for (const socket of [client, server]) {
    // A reset is an end like any other here: the other side is cut, too.
    socket.on("error", end);
    socket.on("close", end);
  }
  client.on("data", (chunk) => line.silent || server.write(chunk));
  server.on("data", (chunk) => line.silent || pass(state, line, chunk, end));
}

function pass(state: State, line: Line, chunk: Buffer, end: () => void): void {
  const { cutAfter } = state;
  if (cutAfter === undefined || line.counted + chunk.length < cutAfter) {
    line.counted += chunk.length;
    line.client.write(chunk);
    return;
  }
  state.cutAfter = undefined;
  state.cuts++;
  line.client.write(chunk.subarray(0, cutAfter - line.counted), end);
}

function controls(state: State, listener: Server, port: number): TcpProxy {
  const cutAll = (): void => {
    for (const { client } of state.lines) client.destroy();
  };
  return {
    port,
    get cuts() {
      return state.cuts;
    },
    cutAfter(bytes) {
      for (const line of state.lines) line.counted = 0;
      state.cutAfter = bytes;
    },
    silence() {
      for (const line of state.lines) line.silent = true;
    },
    refuse() {
      state.refusing = true;
      cutAll();
    },
    accept() {
      state.refusing = false;
    },
    async close() {
      const closed = once(listener, "close");
      listener.close();
      cutAll();
      await closed;
    },
  };
}

function portOf(listener: Server): number {
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("the proxy listens on no port");
  return address.port;
}
