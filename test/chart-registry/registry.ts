import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { freePorts } from "../controlplane/ports.ts";
import { until } from "../e2e/until.ts";
import { registryProgram } from "./program.ts";

export interface RegistryOptions {
  /** htpasswd: nobody gets anything without them. */
  readonly basic?: { readonly username: string; readonly password: string };
  /** Tokens, of a server that knows this certificate's key. */
  readonly token?: {
    readonly realm: string;
    readonly service: string;
    readonly issuer: string;
    readonly certFile: string;
  };
  /** Tags on one page. */
  readonly maxTags?: number;
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
}

export interface Registry {
  /** 127.0.0.1:PORT. */
  readonly host: string;
  readonly origin: string;
  stop(): Promise<void>;
}

/** A real registry on loopback that keeps everything in memory. */
export async function startRegistry(options: RegistryOptions = {}): Promise<Registry> {
  const program = await registryProgram();
  const dir = await mkdtemp(join(tmpdir(), "plumbline-registry-"));
  const [port = 0] = await freePorts(1);
  const host = `127.0.0.1:${port}`;
  const auth = await authOf(options, { dir, program });
  const http = { addr: host, secret: "of the test", ...(options.tls === undefined ? {} : { tls: tlsOf(options.tls) }) };
  const storage = { inmemory: {} };
  const config = {
    version: 0.1,
    log: { level: "error" },
    storage,
    http,
    tags: { maxtags: options.maxTags ?? 1000 },
    auth,
  };
  await writeFile(join(dir, "config.yaml"), JSON.stringify(config));
  const child = spawn(program, ["serve", join(dir, "config.yaml")], {
    env: { OTEL_TRACES_EXPORTER: "none", HOME: dir },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said = text(child.stderr);
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.kill("SIGKILL")) await once(child, "exit");
    await rm(dir, { recursive: true, force: true });
  };
  await listening(child, port).catch(async (error: unknown) => {
    await stop();
    throw new Error(`the registry does not start: ${await said}`, { cause: error });
  });
  return { host, origin: `${options.tls === undefined ? "http" : "https"}://${host}`, stop };
}

function tlsOf({ certFile, keyFile }: { certFile: string; keyFile: string }) {
  return { certificate: certFile, key: keyFile };
}

async function authOf(
  { basic, token }: RegistryOptions,
  { dir, program }: { dir: string; program: string },
): Promise<object | undefined> {
  if (token !== undefined) {
    const { certFile, ...rest } = token;
    return { token: { ...rest, rootcertbundle: certFile } };
  }
  if (basic === undefined) return undefined;
  const path = join(dir, "htpasswd");
  await writeFile(path, `${basic.username}:${await run(program, ["hash"], basic.password)}`);
  return { htpasswd: { realm: "charts", path } };
}

/** Runs the program to its end with this stdin; resolves to its stdout. */
export async function run(program: string, args: readonly string[], input: string): Promise<string> {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(input);
  const [out, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}`);
  return out;
}

/** Until somebody answers, whatever the answer. */
async function listening(child: ChildProcess, port: number): Promise<void> {
  await until("the registry to listen", async () => child.exitCode !== null || (await answers(port)));
  if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  const answered = await new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
  });
  socket.destroy();
  return answered;
}
