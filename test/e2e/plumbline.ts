import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ApplicationStatus, type ResourceStatus, refKey } from "../../src/model/index.ts";
import type { Page } from "../../src/report/index.ts";
import { programCommand } from "../program/index.ts";
import { until } from "./until.ts";

export interface PlumblineOptions {
  readonly kubeconfigPath: string;
  /** In place of the kubeconfig's server, with the token: a gate in between. */
  readonly through?: { readonly url: string; readonly token: string };
  /** The Application documents, as YAML or JSON. */
  readonly applications: string;
  readonly args?: readonly string[];
  readonly env?: { readonly [name: string]: string };
  /** Options of Node, and the program. Default: that of test/program. */
  readonly command?: readonly string[];
}

/** What the API tells of an application, the plan apart. */
export type Seen = Omit<ApplicationStatus, "plan">;

/** A process that starts beside seven others that do takes its time. */
const START_SECONDS = 90;

/** `plumb serve` as people run it: a process of its own, on a free port, with a data folder that lives as long as this object. */
export class Plumbline {
  readonly dir = mkdtempSync(join(tmpdir(), "plumb-e2e-"));
  readonly webhookSecret = "hook-secret-of-the-test";
  #options: PlumblineOptions;
  #child: ChildProcess | undefined;
  /** Everything that the process ever printed. */
  output = "";
  address = "";

  constructor(options: PlumblineOptions) {
    this.#options = options;
    writeFileSync(join(this.dir, "webhook-secret"), this.webhookSecret);
    this.setApplications(options.applications);
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Also while it starts. */
  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  setApplications(text: string): void {
    writeFileSync(join(this.dir, "applications.yaml"), text);
  }

  /** Of further clusters, for the next start. */
  setClusters(file: string): void {
    this.#options = { ...this.#options, args: [...(this.#options.args ?? []), "--clusters", file] };
  }

  /** For the next start. */
  useKubeconfig(kubeconfigPath: string): void {
    this.#options = { ...this.#options, kubeconfigPath };
  }

  /** One that does not listen in time is ended. */
  async start(): Promise<this> {
    const from = this.output.length;
    const { kubeconfigPath, through, args = [], env = {}, command = programCommand() } = this.#options;
    const child = spawn(
      process.execPath,
      [
        ...command,
        "serve",
        ...[
          "--config",
          join(this.dir, "applications.yaml"),
          "--data-dir",
          join(this.dir, "data"),
          "--listen",
          "127.0.0.1:0",
        ],
        ...["--kubeconfig", through === undefined ? kubeconfigPath : this.#gateKubeconfig(through)],
        ...["--webhook-secret-file", join(this.dir, "webhook-secret"), "--log-format", "json", ...args],
      ],
      { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] },
    );
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => (this.output += text));
    const address = await until(
      "the address on which it listens",
      () =>
        this.output.slice(from).match(/listening on (http:\/\/127\.0\.0\.1:\d+)/)?.[1] ?? (!this.isRunning && "ended"),
      START_SECONDS,
    ).catch(async (error: unknown) => {
      await this.kill();
      throw error;
    });
    if (address === "ended")
      throw new Error(`plumb serve ended with ${child.exitCode ?? child.signalCode}: ${this.output.slice(from)}`);
    this.address = address;
    return this;
  }

  async get<T>(path: string): Promise<T> {
    const answer = await fetch(`${this.address}${path}`);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as T;
  }

  async post(
    path: string,
    body?: string,
    headers: { readonly [name: string]: string } = {},
  ): Promise<{ status: number; body: unknown }> {
    const answer = await fetch(`${this.address}${path}`, {
      method: "POST",
      headers: { ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
  }

  /** The status of `<namespace>/<name>` once it fits. */
  async status(name: string, fits: (status: Seen) => boolean, seconds = 30): Promise<Seen> {
    let last: Seen | undefined;
    try {
      return await until(
        `a fitting status of ${name}`,
        async () => {
          last = await this.#seen(name);
          return fits(last) && last;
        },
        seconds,
      );
    } catch (error) {
      const { sync, health, problems, lastPass } = last ?? {};
      throw new Error(
        `${String(error)}\n${JSON.stringify({ sync, health, problems, lastPass })}\n${this.output.slice(-2000)}`,
      );
    }
  }

  /** The application and its objects, with their field changes: three answers as one. */
  async #seen(name: string): Promise<Seen> {
    const at = `/api/v1/applications/${name}`;
    const [detail, resources, diff] = await Promise.all([
      this.get<Omit<Seen, "resources">>(at),
      this.get<Page<ResourceStatus>>(`${at}/resources?limit=1000`),
      this.get<Page<Pick<ResourceStatus, "ref" | "changes">>>(`${at}/diff?limit=1000`),
    ]);
    const changes = new Map(diff.items.map((item) => [refKey(item.ref), item.changes]));
    return {
      ...detail,
      resources: resources.items.map((one) => ({ ...one, changes: changes.get(refKey(one.ref)) ?? [] })),
    };
  }

  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const child = this.#child;
    if (child === undefined || !this.isRunning) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill("SIGKILL");
    rmSync(this.dir, { recursive: true, force: true });
  }

  #gateKubeconfig({ url, token }: { readonly url: string; readonly token: string }): string {
    const path = join(this.dir, "gate.kubeconfig");
    const config = {
      apiVersion: "v1",
      kind: "Config",
      "current-context": "gate",
      clusters: [{ name: "gate", cluster: { server: url } }],
      users: [{ name: "gate", user: { token } }],
      contexts: [{ name: "gate", context: { cluster: "gate", user: "gate" } }],
    };
    writeFileSync(path, JSON.stringify(config));
    return path;
  }
}

/** Reads a file of the repository's fixtures or examples as text. */
export function readText(...parts: readonly string[]): string {
  return readFileSync(join(import.meta.dirname, "../..", ...parts), "utf8");
}
