import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { signHmacSha256 } from "../../../src/kit/hmac.ts";
import type { ControlPlaneClient } from "../../controlplane/index.ts";
import { freePorts } from "../../controlplane/ports.ts";
import { Plumbline } from "../../e2e/plumbline.ts";
import { ownPage, replicaArguments } from "../../e2e/replicas.ts";
import { until } from "../../e2e/until.ts";
import { World } from "../../e2e/world.ts";
import { range } from "../fleet/figures.ts";
import { commitFiles, fleetDocuments, fleetFiles } from "../fleet/fleet.ts";

export interface SharedFleetOptions {
  readonly controlPlane: ControlPlaneClient;
  readonly applications: number;
  readonly replicas: number;
  readonly namespaces: readonly string[];
  readonly interval: string;
  /** Options of Node, and the program. */
  readonly command: readonly string[];
  readonly env: { readonly [name: string]: string };
}

const SECRET = "the secret of the replicas of this benchmark";
const HEAP = `--import=${join(import.meta.dirname, "heap-on-signal.mjs")}`;
const LONGEST_SECONDS = 1800;

/** Applications of one object, and several `plumb serve` that share them. */
export class SharedFleet {
  readonly world: World;
  readonly replicas: readonly Plumbline[];
  readonly applications: number;
  /** Where the applications' objects go. */
  readonly namespaces: ReadonlySet<string>;

  static async make(options: SharedFleetOptions): Promise<SharedFleet> {
    const { controlPlane: cluster, applications, interval, namespaces, command, env } = options;
    const world = await World.make({ files: fleetFiles(applications, 1), cluster });
    const { namespace, plumbline } = world;
    const tokenFile = join(plumbline.dir, "replicas-token");
    writeFileSync(tokenFile, SECRET);
    const documents = fleetDocuments(applications, { world, interval, namespaces });
    const replicas = (await freePorts(options.replicas)).map(
      (port) =>
        new Plumbline({
          kubeconfigPath: cluster.kubeconfigPath,
          applications: documents,
          ...{ args: replicaArguments({ namespace, port, tokenFile }), env },
          command: ["--expose-gc", HEAP, ...command],
        }),
    );
    return new SharedFleet(world, replicas, options);
  }

  private constructor(world: World, replicas: readonly Plumbline[], options: SharedFleetOptions) {
    this.world = world;
    this.replicas = replicas;
    this.applications = options.applications;
    this.namespaces = new Set(options.namespaces);
  }

  get running(): readonly Plumbline[] {
    return this.replicas.filter(({ isRunning }) => isRunning);
  }

  /** Every application is some replica's own, and fits. */
  async untilAll(query: string): Promise<void> {
    const what = `${this.applications} applications that are ${query}`;
    await until(what, async () => sum(await this.owned(query)) === this.applications, LONGEST_SECONDS).catch(
      (error: unknown) => {
        throw new Error(this.running.map(({ output }) => output.slice(-1500)).join("\n"), { cause: error });
      },
    );
  }

  /** How many each running replica works on itself. */
  async owned(query: string): Promise<readonly number[]> {
    const own = { query: `${query}&limit=1`, secret: SECRET };
    return await Promise.all(this.running.map(async (one) => (await ownPage(one, own)).total));
  }

  /** One commit to these, and a webhook to the first replica; gives the seconds until all of them are Synced with it. */
  async commit(count: number, colour: string): Promise<number> {
    const indices = range(count).map((i) => Math.floor((i * this.applications) / count));
    const revision = await this.world.commit(commitFiles(indices, colour));
    const [first] = this.running;
    const body = JSON.stringify({ repo: this.world.repository.url });
    const signature = signHmacSha256({ secret: first?.webhookSecret ?? "", body: Buffer.from(body) });
    const start = performance.now();
    await first?.post("/hooks/generic", body, { "x-plumbline-signature": signature });
    for (const i of indices)
      await until(
        `the commit in a${i}`,
        async () => {
          const path = `/api/v1/applications/default/a${i}`;
          const seen = await first?.get<{ sync: { status: string }; source: { revision?: string } }>(path);
          return seen?.sync.status === "Synced" && seen.source.revision === revision;
        },
        LONGEST_SECONDS,
      );
    return (performance.now() - start) / 1000;
  }

  /** Bytes that live in each running replica after a collection. */
  async lives(): Promise<readonly number[]> {
    return await Promise.all(
      this.running.map(async (one) => {
        const from = one.output.length;
        process.kill(one.pid ?? 0, "SIGUSR2");
        return Number(
          await until("a collection", () => /lives after collection: (\d+)/.exec(one.output.slice(from))?.[1]),
        );
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const replica of this.replicas) await replica[Symbol.asyncDispose]();
    await this.world[Symbol.asyncDispose]();
  }
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
