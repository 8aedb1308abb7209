import { spawn } from "node:child_process";
import type { IncomingHttpHeaders } from "node:http";
import { GIT_ENVIRONMENT } from "./git-program.ts";
import { endGroup } from "./process-group.ts";

export interface BackendRequest {
  /** Folder of the repository, bare or ".git". */
  readonly dir: string;
  /** "/info/refs", "/git-upload-pack" or "/git-receive-pack". */
  readonly path: string;
  readonly query: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Ends the process. */
  readonly signal: AbortSignal;
}

export interface GitAnswer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: Buffer;
}

/** Longest pack that is taken from a push, in bytes. */
const LONGEST_PACK = 64 * 1024 * 1024;

/** Pushes are taken, up to a size, and no garbage collection goes on after them. */
const CONFIG = Object.entries({
  "http.receivepack": "true",
  "receive.autogc": "false",
  "receive.maxInputSize": String(LONGEST_PACK),
});

/** One request through `git http-backend`. Source: git-http-backend, and RFC 3875 for the variables. */
export async function askBackend(request: BackendRequest): Promise<GitAnswer> {
  const { body, signal } = request;
  signal.throwIfAborted();
  // A group of its own: the backend starts programs, and they end with it.
  const child = spawn("git", ["http-backend"], {
    env: { ...GIT_ENVIRONMENT, ...variablesOf(request) },
    stdio: ["pipe", "pipe", "ignore"],
    detached: true,
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.once("error", reject);
  child.once("close", () => resolve());
  // At SIGTERM git removes its lock files.
  const end = (): void => endGroup(child);
  signal.addEventListener("abort", end, { once: true });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  // What it refuses to read, it answers before the end.
  child.stdin.on("error", () => {});
  child.stdin.end(body);
  await promise.finally(() => signal.removeEventListener("abort", end));
  return parseCgi(Buffer.concat(chunks));
}

function variablesOf({ dir, path, query, method, headers, body }: BackendRequest): NodeJS.ProcessEnv {
  const { "git-protocol": protocol, "content-encoding": encoding, "content-type": type } = headers;
  return {
    GIT_PROJECT_ROOT: dir,
    GIT_HTTP_EXPORT_ALL: "1",
    PATH_INFO: path,
    QUERY_STRING: query,
    REQUEST_METHOD: method,
    CONTENT_TYPE: type,
    CONTENT_LENGTH: String(body.length),
    HTTP_CONTENT_ENCODING: encoding,
    ...(typeof protocol === "string" ? { GIT_PROTOCOL: protocol } : {}),
    GIT_CONFIG_COUNT: String(CONFIG.length),
    ...Object.fromEntries(CONFIG.map(([key], at) => [`GIT_CONFIG_KEY_${at}`, key])),
    ...Object.fromEntries(CONFIG.map(([, value], at) => [`GIT_CONFIG_VALUE_${at}`, value])),
  };
}

function parseCgi(output: Buffer): GitAnswer {
  const end = output.indexOf("\r\n\r\n");
  const headers: { [name: string]: string } = {};
  for (const line of output.toString("latin1", 0, Math.max(0, end)).split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const status = Number.parseInt(headers["status"] ?? (end < 0 ? "500" : "200"), 10);
  delete headers["status"];
  return { status, headers, body: output.subarray(end < 0 ? output.length : end + 4) };
}
