import { spawn } from "node:child_process";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { GIT_ENVIRONMENT } from "./git-program.ts";

export interface BackendRequest {
  readonly root: string;
  readonly request: IncomingMessage;
  readonly body: Buffer;
  /** Whether Git hears which protocol the client asks for. */
  readonly protocolV2: boolean;
}

export interface BackendAnswer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: Buffer;
}

/** One request through `git http-backend`. Source: git-http-backend, and RFC 3875 for the variables. */
export async function askBackend({ root, request, body, protocolV2 }: BackendRequest): Promise<BackendAnswer> {
  const { pathname, search } = new URL(request.url ?? "/", "http://localhost");
  const child = spawn("git", ["http-backend"], {
    env: {
      ...GIT_ENVIRONMENT,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: decodeURIComponent(pathname),
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers["content-type"],
      CONTENT_LENGTH: String(body.length),
      ...(protocolV2 ? protocolOf(request.headers) : {}),
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  child.stdin.on("error", () => {});
  child.stdin.end(body);
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout) chunks.push(chunk);
  return parseCgi(Buffer.concat(chunks));
}

function protocolOf(headers: IncomingHttpHeaders): NodeJS.ProcessEnv {
  const protocol = headers["git-protocol"];
  return typeof protocol === "string" ? { GIT_PROTOCOL: protocol } : {};
}

function parseCgi(output: Buffer): BackendAnswer {
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
