import { randomInt } from "node:crypto";
import { createServer, type Server } from "node:net";

// Below the range from which kernels take the ports of outgoing connections. In that range a client that keeps trying
// to reach a server that is down can be given the server's own port, connects to itself, and holds the port.
const LOWEST = 18_000;
const HIGHEST = 30_000;

/** Different ports on 127.0.0.1 that nobody listens on now. Somebody may before the caller does: be ready to ask again. */
export async function freePorts(count: number): Promise<number[]> {
  const held: { port: number; server: Server }[] = [];
  while (held.length < count) {
    const port = randomInt(LOWEST, HIGHEST);
    const server = await tryListen(port);
    if (server !== undefined) held.push({ port, server });
  }
  await Promise.all(held.map(({ server }) => new Promise((resolve) => server.close(resolve))));
  return held.map(({ port }) => port);
}

function tryListen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    // Whatever the reason, this port is not free for us; the next one is tried.
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}
