import { mkdtemp, rm } from "node:fs/promises";
import http, { type IncomingMessage, type Server, type ServerResponse } from "node:http";
import https from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Changes,
  closeServer,
  type GitAnswer,
  goneSignal,
  listenOnLoopback,
  readBody,
  SmartHttp,
} from "../../src/sandbox/index.ts";
import { createCertificate, type ServerCertificate } from "./certificate.ts";
import { createRepository, type GitRepository } from "./repository.ts";
import { type Fault, operationOf, repoOf, type SeenRequest, Traffic } from "./traffic.ts";

export interface GitServerOptions {
  readonly requireBasic?: { readonly username: string; readonly password: string };
  readonly requireToken?: string;
  /** HTTPS with a certificate of its own: see GitServer.caFile. */
  readonly tls?: boolean;
  /** False: an old server that knows protocol v0 only. */
  readonly protocolV2?: boolean;
}

export interface GitServer {
  /** "http://127.0.0.1:PORT" */
  readonly origin: string;
  readonly requests: Traffic;
  /** PEM file to trust; undefined without TLS. */
  readonly caFile: string | undefined;
  /** Set it and requests go wrong; set it to undefined and they are well again. */
  fault: Fault | undefined;
  url(repo: string): string;
  createRepository(name: string, files: Changes): Promise<GitRepository>;
  /** Requests wait, unanswered, until resume. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

export async function startGitServer(options: GitServerOptions = {}): Promise<GitServer> {
  const root = await mkdtemp(join(tmpdir(), "plumbline-git-"));
  const certificate = options.tls === true ? await createCertificate(root) : undefined;
  return RunningServer.start({ options, root, certificate });
}

interface Start {
  readonly options: GitServerOptions;
  readonly root: string;
  readonly certificate: ServerCertificate | undefined;
}

class RunningServer implements GitServer {
  readonly requests = new Traffic();
  readonly caFile: string | undefined;
  origin = "";
  fault: Fault | undefined;
  readonly #options: GitServerOptions;
  readonly #root: string;
  readonly #server: Server;
  readonly #git = new SmartHttp();
  #gate: PromiseWithResolvers<void> | undefined;

  constructor({ options, root, certificate }: Start) {
    this.#options = options;
    this.#root = root;
    this.caFile = certificate?.caFile;
    const listener = (request: IncomingMessage, response: ServerResponse) => {
      this.#answer(request, response).catch((error: unknown) =>
        response.destroy(error instanceof Error ? error : undefined),
      );
    };
    this.#server = certificate === undefined ? http.createServer(listener) : https.createServer(certificate, listener);
  }

  static async start(start: Start): Promise<RunningServer> {
    const server = new RunningServer(start);
    const port = await listenOnLoopback(server.#server, 0);
    server.origin = `${start.certificate === undefined ? "http" : "https"}://127.0.0.1:${port}`;
    return server;
  }

  url(repo: string): string {
    return `${this.origin}/${repo}.git`;
  }

  createRepository(name: string, files: Changes): Promise<GitRepository> {
    const dir = join(this.#root, `${name}.git`);
    this.#git.serve(name, dir);
    return createRepository({ name, url: this.url(name), dir }, files);
  }

  pause(): void {
    this.#gate ??= Promise.withResolvers<void>();
  }

  resume(): void {
    this.#gate?.resolve();
    this.#gate = undefined;
  }

  async stop(): Promise<void> {
    this.resume();
    await this.#git.stop();
    await closeServer(this.#server);
    await rm(this.#root, { recursive: true, force: true });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await readBody(request)) ?? Buffer.alloc(0);
    const seen: SeenRequest = {
      repo: repoOf(request),
      operation: operationOf(request, body),
      authorization: request.headers.authorization,
    };
    this.requests.all.push(seen);
    await this.#gate?.promise;
    const fault = this.fault;
    if (fault !== undefined && (fault.only === undefined || fault.only === seen.operation)) {
      if (breakOff(fault, { request, response })) return;
    }
    const answer = this.#allows(request)
      ? await this.#ask(request, { body, response })
      : { status: 401, headers: { "www-authenticate": 'Basic realm="git"' }, body: Buffer.from("no") };
    seen.status = answer.status;
    seen.bytes = answer.body.length;
    const hit = fault !== undefined && (fault.only === undefined || fault.only === seen.operation) ? fault : undefined;
    send(response, answer, hit);
  }

  #ask(request: IncomingMessage, { body, response }: { body: Buffer; response: ServerResponse }): Promise<GitAnswer> {
    const { method = "GET", url = "/" } = request;
    const { "git-protocol": protocol, ...headers } = request.headers;
    const asked = protocol === undefined || this.#options.protocolV2 === false ? {} : { "git-protocol": protocol };
    return this.#git.answer({ method, url, headers: { ...headers, ...asked }, body, signal: goneSignal(response) });
  }

  #allows(request: IncomingMessage): boolean {
    const { requireBasic, requireToken } = this.#options;
    const given = request.headers.authorization;
    if (requireToken !== undefined) return given === `Bearer ${requireToken}`;
    if (requireBasic === undefined) return true;
    const pair = `${requireBasic.username}:${requireBasic.password}`;
    return given === `Basic ${Buffer.from(pair).toString("base64")}`;
  }
}

/** Faults that need nothing of Git. True: the request has had its end. */
function breakOff(
  fault: Fault,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): boolean {
  switch (fault.kind) {
    case "status":
      response.writeHead(fault.status, fault.headers ?? {}).end("out of order");
      return true;
    case "redirect":
      response.writeHead(fault.status ?? 302, { location: `${fault.to}${request.url}` }).end();
      return true;
    case "answer":
      response.writeHead(200, { "content-type": fault.contentType }).end(fault.body);
      return true;
    case "hang":
      return true;
    default:
      return false;
  }
}

function send(response: ServerResponse, answer: GitAnswer, fault: Fault | undefined): void {
  const { status, headers } = answer;
  const body = fault?.kind === "spoil" ? spoiled(answer.body, fault.fromEnd) : answer.body;
  if (fault?.kind !== "truncate") {
    response.writeHead(status, headers).end(body);
    return;
  }
  const part = body.subarray(0, fault.bytes);
  if (fault.quietly === true) response.writeHead(status, headers).end(part);
  else response.writeHead(status, { ...headers, "content-length": body.length }).write(part, () => response.destroy());
}

function spoiled(body: Buffer, fromEnd: number): Buffer {
  const copy = Buffer.from(body);
  const at = Math.max(0, copy.length - fromEnd);
  copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
}
