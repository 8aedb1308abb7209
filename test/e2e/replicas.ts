import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { signHmacSha256 } from "../../src/kit/hmac.ts";
import { REPLICA_HEADER } from "../../src/replicas/index.ts";
import type { Page } from "../../src/report/index.ts";
import { sharedControlPlane } from "../controlplane/index.ts";
import { freePorts } from "../controlplane/ports.ts";
import { type GitRepository, type GitServer, startGitServer } from "../git-server/index.ts";
import type { TestCluster } from "../target/index.ts";
import { configMap } from "./manifests.ts";
import { Plumbline, type PlumblineOptions } from "./plumbline.ts";
import { startWriteGate, type WriteGate } from "./write-gate.ts";

const SECRET = "the secret of the replicas of this test";

export interface Listed {
  readonly namespace: string;
  readonly name: string;
  readonly sync: { readonly status: string; readonly message: string };
  readonly source: { readonly revision?: string };
  readonly asOf?: string;
  readonly problem?: { readonly code: string };
}

export interface TestReplica {
  readonly plumbline: Plumbline;
  /** A webhook that says so, to this one. */
  readonly hook: (delivery: object) => Promise<{ status: number }>;
  /** Its way to the API server. */
  readonly gate: WriteGate;
}

interface ReplicaPlace {
  /** Of the inventories and Leases. */
  readonly namespace: string;
  /** Of this process, on loopback. */
  readonly port: number;
  /** What the replicas know one another by. */
  readonly tokenFile: string;
  /** Where they see one another, in place of Leases. */
  readonly redis?: string | undefined;
}

/** What makes `plumb serve` one of several. */
export function replicaArguments({ namespace, port, tokenFile, redis }: ReplicaPlace): string[] {
  const address = `127.0.0.1:${port}`;
  return [
    ...["--inventory-namespace", namespace, "--listen", address],
    ...(redis === undefined ? ["--replicas", "leases"] : ["--replicas", "redis", "--redis", redis]),
    ...["--replica-address", `http://${address}`, "--replica-token-file", tokenFile],
  ];
}

/** Of what a replica works on itself. */
export async function ownPage<T>(
  { address }: Plumbline,
  { query, secret }: { readonly query: string; readonly secret: string },
): Promise<Page<T>> {
  const answer = await fetch(`${address}/api/v1/applications?${query}`, { headers: { [REPLICA_HEADER]: secret } });
  return (await answer.json()) as Page<T>;
}

interface Starting extends Pick<PlumblineOptions, "env"> {
  /** Where the replicas see one another, in place of Leases. */
  readonly redis?: string;
}

interface WorldParts {
  readonly cluster: TestCluster;
  readonly git: GitServer;
  readonly repository: GitRepository;
  readonly namespace: string;
  /** Of each application, a wave each unless `waves` are fewer. */
  readonly objects: number;
  readonly waves?: number;
  /** Names of those that the application with this number depends on. */
  readonly dependsOn?: (index: number) => readonly string[];
}

/** Applications `team/app-N`, a folder each with some ConfigMaps, and any number of `plumb serve` that share them. */
export class ReplicaWorld {
  readonly replicas: TestReplica[] = [];
  readonly names: readonly string[];
  readonly parts: WorldParts;
  /** Of all applications. */
  #interval = "1h";
  /** Files that Git had, and has no more. */
  readonly #removed = new Map<string, null>();
  readonly #dir = mkdtempSync(join(tmpdir(), "plumb-replicas-"));

  private constructor(applications: number, parts: WorldParts) {
    this.parts = parts;
    this.names = Array.from({ length: applications }, (_, i) => `app-${i}`);
    writeFileSync(join(this.#dir, "secret"), SECRET);
  }

  static async make(
    applications: number,
    { objects = 1, ...more }: Partial<Pick<WorldParts, "objects" | "waves" | "dependsOn">> = {},
  ): Promise<ReplicaWorld> {
    const cluster = sharedControlPlane();
    const namespace = await cluster.createNamespace("replicas");
    const git = await startGitServer();
    const repository = await git.createRepository("apps", { "README.md": "" });
    const world = new ReplicaWorld(applications, { cluster, git, repository, namespace, objects, ...more });
    await world.commit("first");
    return world;
  }

  /** Every object of every application says so, by one commit. */
  async commit(colour: string): Promise<string> {
    const { objects, repository, waves = objects } = this.parts;
    const files = this.names.flatMap((name) =>
      Array.from({ length: objects }, (_, i) => [
        `${name}/${i}.yaml`,
        configMap(`${name}-${i}`, { colour }).replace(
          '"metadata": {',
          `"metadata": { "annotations": { "plumbline.dev/wave": "${i % waves}" },`,
        ),
      ]),
    );
    return await repository.commit({ ...Object.fromEntries(files), ...Object.fromEntries(this.#removed) });
  }

  /** Git wants the last object of an application no more; the others say that colour. */
  async commitWithout(name: string, colour: string): Promise<string> {
    this.#removed.set(`${name}/${this.parts.objects - 1}.yaml`, null);
    return await this.commit(colour);
  }

  async start({ env = {}, redis }: Starting = {}): Promise<TestReplica> {
    const { cluster, namespace } = this.parts;
    const gate = await startWriteGate(cluster);
    const [port = 0] = await freePorts(1);
    const plumbline = new Plumbline({
      ...{ kubeconfigPath: cluster.kubeconfigPath, env },
      through: { url: gate.url, token: cluster.token },
      applications: this.#documents(),
      args: replicaArguments({ namespace, port, tokenFile: join(this.#dir, "secret"), redis }),
    });
    const hook = async (delivery: object) => {
      const body = JSON.stringify(delivery);
      const signature = signHmacSha256({ secret: plumbline.webhookSecret, body: Buffer.from(body) });
      return await plumbline.post("/hooks/generic", body, { "x-plumbline-signature": signature });
    };
    const replica = { plumbline, gate, hook };
    this.replicas.push(replica);
    await plumbline.start();
    return replica;
  }

  /** What a replica answers whoever asks it. */
  async listed({ plumbline }: TestReplica): Promise<readonly Listed[]> {
    return (await plumbline.get<Page<Listed>>("/api/v1/applications?limit=1000")).items;
  }

  /** What it works on itself. */
  async own({ plumbline }: TestReplica): Promise<readonly Listed[]> {
    const { items } = await ownPage<Listed>(plumbline, { query: "limit=1000", secret: SECRET });
    // It tells of what is to be its own next, too, on which nobody works at the moment.
    return items.filter(({ asOf, problem }) => asOf === undefined && problem?.code !== "PL-REPLICA-MOVING");
  }

  /** Of every object, by its name. */
  async colours(): Promise<ReadonlyMap<string, string>> {
    const { cluster, namespace } = this.parts;
    const { stdout } = await cluster.kubectl(["--namespace", namespace, "get", "configmaps", "-o", "json"]);
    const { items } = JSON.parse(stdout) as {
      items: { metadata: { name: string }; data?: { colour?: string } }[];
    };
    return new Map(
      items.flatMap(({ metadata, data }) => (data?.colour === undefined ? [] : [[metadata.name, data.colour]])),
    );
  }

  /** Somebody changes an object in the cluster. */
  async edit(object: string, colour: string): Promise<void> {
    const { cluster, namespace } = this.parts;
    const patch = JSON.stringify({ data: { colour } });
    await cluster.kubectl([
      "--namespace",
      namespace,
      "patch",
      "configmap",
      object,
      "--type",
      "merge",
      "--patch",
      patch,
    ]);
  }

  async isAll(colour: string): Promise<boolean> {
    const colours = await this.colours();
    return (
      colours.size === this.names.length * this.parts.objects - this.#removed.size &&
      [...colours.values()].every((one) => one === colour)
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { plumbline, gate } of this.replicas) {
      await plumbline[Symbol.asyncDispose]();
      await gate.stop();
    }
    await this.parts.git.stop();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  /** For those that run, too. */
  setInterval(interval: string): void {
    this.#interval = interval;
    for (const { plumbline } of this.replicas) if (plumbline.isRunning) plumbline.setApplications(this.#documents());
  }

  #documents(): string {
    return this.names.map((name, i) => this.#document(name, i)).join("\n---\n");
  }

  #document(name: string, index: number): string {
    const { repository, namespace, dependsOn = () => [] } = this.parts;
    return JSON.stringify({
      apiVersion: "plumbline.dev/v1alpha1",
      kind: "Application",
      metadata: { name, namespace: "team" },
      spec: {
        source: { repo: repository.url, ref: "main", path: name },
        destination: { namespace },
        sync: { interval: this.#interval },
        dependsOn: dependsOn(index).map((one) => ({ name: one })),
      },
    });
  }
}
