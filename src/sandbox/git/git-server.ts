import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { isLoopbackHost } from "../../kit/loopback-host.ts";
import { FIRST_TIME, filesOf, importCommit, initRepository } from "./repository.ts";
import { type Push, plainAnswer, SmartHttp } from "./smart-http.ts";

export interface GitServerOptions {
  /** Folder for the repositories that are made here. The caller removes it. */
  readonly root: string;
  /** 0, the default: any that is free. */
  readonly port?: number;
  /** Is called for each ref that a push changed, after Git has accepted it. */
  readonly onPush?: (push: Push) => void;
}

/** A request's body is at most this long, in bytes. */
const LONGEST_BODY = 64 * 1024 * 1024;

export interface GitServer {
  /** "http://127.0.0.1:PORT" */
  readonly origin: string;
  url(name: string): string;
  /** Makes a bare repository whose only commit has everything below the folder: the same folder gives the same commit. Its id is given. */
  createRepository(name: string, folder: string): Promise<string>;
  /** Serves a repository that is there. */
  serve(name: string, dir: string): void;
  /** Ends the requests that run, and frees the port. */
  stop(): Promise<void>;
}

/** Starts a Git server on loopback. Errors: those of listen (EADDRINUSE) as they come. */
export async function startGitServer({ root, port = 0, onPush }: GitServerOptions): Promise<GitServer> {
  const git = new SmartHttp(onPush);
  const server = createServer((request, response) => void answer(git, request, response));
  const origin = `http://127.0.0.1:${await listenOnLoopback(server, port)}`;
  return {
    origin,
    url: (name) => `${origin}/${name}.git`,
    createRepository: async (name, folder) => {
      const dir = join(root, `${name}.git`);
      await initRepository(dir);
      const first = { branch: "main", message: "Begin", onto: undefined, time: FIRST_TIME };
      const id = await importCommit(dir, { ...first, changes: await filesOf(folder) });
      git.serve(name, dir);
      return id;
    },
    serve: (name, dir) => git.serve(name, dir),
    stop: async () => {
      await git.stop();
      await closeServer(server);
    },
  };
}

/** Gives the port. */
export async function listenOnLoopback(server: Server, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(port, "127.0.0.1", resolve);
  await promise;
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

export async function closeServer(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  await promise;
}

/** undefined when it is longer than is read. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Who sends too much is told so: leaving the loop must not close the connection.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(chunk)) continue;
    length += chunk.length;
    if (length > LONGEST_BODY) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The signal that is aborted when the client goes before it has its answer. */
export function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  return gone.signal;
}

async function answer(git: SmartHttp, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const { status, headers, body } = await answerTo(git, request, goneSignal(response));
    response.writeHead(status, headers).end(body);
  } catch (error) {
    // The client reads why; when it has gone, or the server stops, nobody wants to know.
    const { status, headers, body } = plainAnswer(500, error instanceof Error ? error.message : String(error));
    response.writeHead(status, headers).end(body);
  }
}

async function answerTo(git: SmartHttp, request: IncomingMessage, signal: AbortSignal) {
  const { method = "GET", url = "/", headers } = request;
  if (!isLoopbackHost(headers.host) || headers.origin !== undefined) return plainAnswer(403, "only for this machine");
  const body = await readBody(request);
  if (body === undefined) return plainAnswer(413, "the body is longer than is read");
  return await git.answer({ method, url, headers, body, signal });
}
