import { setTimeout as wait } from "node:timers/promises";
import { dump } from "js-yaml";
import { type Cluster, createCluster } from "../../../src/cluster/index.ts";
import { type KubeObject, SILENT } from "../../../src/model/index.ts";
import type { ControlPlaneClient } from "../../controlplane/index.ts";
import { World } from "../../e2e/world.ts";
import { range } from "./figures.ts";
import { configMap, objectsOf } from "./objects.ts";

export interface FleetOptions {
  readonly controlPlane: ControlPlaneClient;
  readonly applications: number;
  /** Of each application. */
  readonly objects: number;
  /** Where the applications go, in turn. They must be there. */
  readonly namespaces: readonly string[];
  readonly interval: string;
  readonly command?: readonly string[];
  readonly env?: { readonly [name: string]: string };
}

/** `applications` applications in one repository, each in a folder of its own, each object in a file of its own. Even ones are healed, odd ones are left alone. */
export class Fleet {
  readonly world: World;
  /** A client of ours beside that of the process that is measured. */
  readonly cluster: Cluster;
  readonly applications: number;
  readonly #options: FleetOptions;

  static async make(options: FleetOptions): Promise<Fleet> {
    const { controlPlane, applications, command, env = {} } = options;
    const world = await World.make({
      files: fleetFiles(applications, options.objects),
      cluster: controlPlane,
      env,
      ...(command === undefined ? {} : { command }),
    });
    const cluster = await createCluster({ kubeconfig: controlPlane.kubeconfigPath, log: SILENT });
    return new Fleet(world, cluster, options);
  }

  private constructor(world: World, cluster: Cluster, options: FleetOptions) {
    this.world = world;
    this.cluster = cluster;
    this.applications = options.applications;
    this.#options = options;
    world.plumbline.setApplications(fleetDocuments(this.applications, { world, ...options }));
  }

  namespaceOf(i: number): string {
    return turn(this.#options.namespaces, i);
  }

  /** As they are in the cluster, without what Plumbline adds. */
  objects(): KubeObject[] {
    return range(this.applications).flatMap((i) =>
      inNamespace(objectsOf(`a${i}`, this.#options.objects), this.namespaceOf(i)),
    );
  }

  /** Seconds from the start of `plumb serve` until every application is Synced. */
  async syncAll(seconds: number): Promise<number> {
    const start = performance.now();
    await this.world.plumbline.start();
    await this.untilAll("sync=Synced", seconds);
    return (performance.now() - start) / 1000;
  }

  async untilAll(filter: string, seconds: number): Promise<void> {
    const { plumbline } = this.world;
    const end = performance.now() + seconds * 1000;
    for (;;) {
      const { total } = await plumbline.get<{ total: number }>(`/api/v1/applications?${filter}&limit=1`);
      if (total === this.applications) return;
      if (performance.now() > end)
        throw new Error(
          `${total} of ${this.applications} are ${filter} after ${seconds} s; ${plumbline.output.slice(-3000)}`,
        );
      await wait(50);
    }
  }

  /** A commit to the ConfigMap of one application. */
  async commit(i: number, colour: string): Promise<void> {
    await this.world.commit(commitFiles([i], colour));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cluster.close();
    await this.world[Symbol.asyncDispose]();
  }
}

/** Of an application each a folder, of an object each a file. */
export function fleetFiles(applications: number, objects: number): { [path: string]: string } {
  const files = range(applications).flatMap((i) => Object.entries(filesOf(i, objectsOf(`a${i}`, objects))));
  return Object.fromEntries([["README.md", "A fleet"], ...files]);
}

/** The ConfigMaps of these applications say so. */
export function commitFiles(applications: readonly number[], colour: string): { [path: string]: string } {
  return Object.assign({}, ...applications.map((i) => filesOf(i, [configMap(`a${i}`, colour)])));
}

interface Declared extends Pick<FleetOptions, "interval" | "namespaces"> {
  readonly world: Pick<World, "repository">;
}

/** Declarations of that many applications. */
export function fleetDocuments(applications: number, { world, interval, namespaces }: Declared): string {
  const document = (i: number) => ({
    apiVersion: "plumbline.dev/v1alpha1",
    kind: "Application",
    metadata: { name: `a${i}`, namespace: "default" },
    spec: {
      source: { repo: world.repository.url, ref: "main", path: `apps/a${i}` },
      destination: { namespace: turn(namespaces, i) },
      sync: { interval, selfHeal: i % 2 === 0 },
    },
  });
  return range(applications)
    .map((i) => JSON.stringify(document(i)))
    .join("\n---\n");
}

function turn(namespaces: readonly string[], i: number): string {
  return namespaces[i % namespaces.length] ?? "default";
}

export function inNamespace(objects: readonly KubeObject[], namespace: string): KubeObject[] {
  return objects.map((object) => ({ ...object, metadata: { ...object.metadata, namespace } }));
}

function filesOf(i: number, objects: readonly KubeObject[]): { [path: string]: string } {
  const file = ({ kind, metadata: { name } }: KubeObject) => `apps/a${i}/${kind.toLowerCase()}-${name}.yaml`;
  return Object.fromEntries(objects.map((object) => [file(object), dump(object)]));
}
