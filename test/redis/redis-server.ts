import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { describe } from "vitest";
import type { RedisSettings } from "../../src/redis/index.ts";
import { freePorts } from "../controlplane/ports.ts";

/** A real redis-server on loopback, in a folder of its own. */
export interface RedisServer {
  readonly port: number;
  readonly settings: RedisSettings;
  /** To ask it whatever a test wants to know, past Plumbline. */
  readonly client: Redis;
  /** Ends it at once, and its memory with it. */
  kill(): Promise<void>;
  /** The same port again, empty. */
  start(): Promise<void>;
  /** It takes connections and answers nothing. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

const isThere = spawnSync("redis-server", ["--version"]).status === 0;

/** Tests with a real Redis: without one they are skipped with a line that says so, and in CI that is a failure. */
export function describeRedis(name: string, body: () => void): void {
  if (isThere) return void describe(name, body);
  if (process.env["CI"] === "true") throw new Error("redis-server is not installed: the tests of the queue cannot run");
  describe.skip(`${name} (skipped: redis-server is not installed)`, body);
}

export async function startRedis(more: readonly string[] = []): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), "plumbline-redis-"));
  const [port = 0] = await freePorts(1);
  let child = await launch(port, folder, more);
  const client = new Redis({ host: "127.0.0.1", port, maxRetriesPerRequest: null, retryStrategy: () => 50 });
  client.on("error", () => {});
  await client.ping();
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };
  return {
    port,
    settings: { kind: "single", nodes: [{ host: "127.0.0.1", port }], tls: false },
    client,
    kill,
    start: async () => {
      child = await launch(port, folder, more);
      await client.ping();
    },
    pause: () => void child.kill("SIGSTOP"),
    resume: () => void child.kill("SIGCONT"),
    stop: async () => {
      client.disconnect();
      child.kill("SIGCONT");
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function launch(port: number, folder: string, more: readonly string[]): Promise<ChildProcess> {
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no"];
  const child = spawn("redis-server", [...args, ...more], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  for await (const chunk of child.stdout) {
    said += String(chunk);
    if (said.includes("Ready to accept connections")) break;
  }
  if (!said.includes("Ready to accept connections")) throw new Error(`redis-server did not start: ${said}`);
  return child;
}
