import { once } from "node:events";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import https from "node:https";
import { onTestFinished } from "vitest";
import { basicHeader } from "../../chart-registry/index.ts";
import { createCertificate, type ServerCertificate } from "../../git-server/certificate.ts";
import { emptyFolder } from "../workbench.ts";
import { chartArchive, sha256Of } from "./chart-archive.ts";

export interface ChartServerOptions {
  readonly basic?: { readonly username: string; readonly password: string };
  readonly tls?: boolean;
}

interface Answer {
  readonly status?: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string | Uint8Array;
}

interface Seen {
  readonly path: string;
  readonly status: number;
  readonly authorization: string | undefined;
}

/** A Helm repository on loopback, at /charts: its index is made of what was added. */
export class ChartServer {
  readonly requests: Seen[] = [];
  /** In place of what stands at a path. */
  readonly answers = new Map<string, Answer | "hang">();
  origin = "";
  readonly caFile: string | undefined;
  readonly #entries = new Map<string, object[]>();
  readonly #files = new Map<string, Uint8Array>();
  readonly #options: ChartServerOptions;
  readonly #server: http.Server;

  constructor(options: ChartServerOptions, certificate: ServerCertificate | undefined) {
    this.#options = options;
    this.caFile = certificate?.caFile;
    const listener = (request: IncomingMessage, response: ServerResponse) => this.#serve(request, response);
    this.#server = certificate === undefined ? http.createServer(listener) : https.createServer(certificate, listener);
  }

  get repo(): string {
    return `${this.origin}/charts`;
  }

  /** Gives the archive's digest. `more` is laid over the entry of the index; undefined takes a field away. */
  add(
    name: string,
    version: string,
    more: { readonly [field: string]: unknown } = {},
    archive: Uint8Array = chartArchive(name, version, String(more["description"] ?? "")),
  ): string {
    const file = `${name}-${version}.tgz`;
    const digest = sha256Of(archive);
    this.#files.set(`/charts/${file}`, archive);
    const entry = {
      apiVersion: "v2",
      name,
      version,
      digest,
      created: "2026-01-02T03:04:05.678Z",
      urls: [file],
      ...more,
    };
    const others = (this.#entries.get(name) ?? []).filter((one) => !("version" in one) || one.version !== version);
    this.#entries.set(name, [...others, entry]);
    return digest;
  }

  remove(name: string): void {
    this.#entries.delete(name);
  }

  /** JSON is YAML. */
  index(): string {
    return `# made by the test\n${JSON.stringify({ apiVersion: "v1", entries: Object.fromEntries(this.#entries) })}\n`;
  }

  count(path: string): number {
    return this.requests.filter((one) => one.path === path).length;
  }

  async start(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const address = this.#server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    this.origin = `${this.caFile === undefined ? "http" : "https"}://127.0.0.1:${port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? "";
    const answer = this.#answer(path, request);
    const { authorization } = request.headers;
    if (answer === "hang") return void this.requests.push({ path, status: 0, authorization });
    const { status = 200, headers = {}, body = "" } = answer;
    this.requests.push({ path, status, authorization });
    response.writeHead(status, headers).end(body);
  }

  #answer(path: string, { headers }: IncomingMessage): Answer | "hang" {
    const { basic } = this.#options;
    if (basic !== undefined && headers.authorization !== basicHeader(basic)) return { status: 401 };
    const set = this.answers.get(path);
    if (set !== undefined) return set;
    if (path !== "/charts/index.yaml") return this.#file(path);
    const etag = `"${sha256Of(Buffer.from(this.index()))}"`;
    if (headers["if-none-match"] === etag) return { status: 304, headers: { etag } };
    return { headers: { etag, "content-type": "text/yaml" }, body: this.index() };
  }

  #file(path: string): Answer {
    const body = this.#files.get(path);
    return body === undefined ? { status: 404 } : { body };
  }
}

/** A server that stops with the test. */
export async function chartServer(options: ChartServerOptions = {}): Promise<ChartServer> {
  const certificate = options.tls === true ? await createCertificate(await emptyFolder()) : undefined;
  const server = new ChartServer(options, certificate);
  await server.start();
  onTestFinished(() => server.stop());
  return server;
}
