import type { DriftItem, Page } from "../../src/report/index.ts";
import { type GitRepository, type GitServer, startGitServer } from "../git-server/index.ts";
import { readObject, type TestCluster, testCluster } from "../target/index.ts";
import { Plumbline, type PlumblineOptions, type Seen } from "./plumbline.ts";

export interface WorldOptions extends Partial<Pick<PlumblineOptions, "args" | "env" | "through" | "command">> {
  readonly files: { readonly [path: string]: string };
  readonly sync?: { readonly [field: string]: unknown };
  readonly spec?: { readonly [field: string]: unknown };
  /** Beside repo, ref and path ("web"). */
  readonly source?: { readonly [field: string]: unknown };
  readonly cluster?: TestCluster;
}

/** A repository, a namespace, and Plumbline keeping the one true to the other: one application, `default/web`. */
export class World {
  readonly cluster: TestCluster;
  readonly git: GitServer;
  readonly repository: GitRepository;
  readonly namespace: string;
  readonly plumbline: Plumbline;
  readonly application = "default/web";
  /** The Application document with other fields in its source. */
  readonly applicationDocument: (source: object) => string;

  private constructor(
    parts: Pick<World, "cluster" | "git" | "repository" | "namespace" | "plumbline" | "applicationDocument">,
  ) {
    this.cluster = parts.cluster;
    this.git = parts.git;
    this.repository = parts.repository;
    this.namespace = parts.namespace;
    this.plumbline = parts.plumbline;
    this.applicationDocument = parts.applicationDocument;
  }

  /** Everything but `plumb serve`, which the test starts. `$NAMESPACE` in files stands for the world's own namespace. */
  static async make({
    files,
    sync = {},
    spec = {},
    source: own = {},
    cluster: given,
    ...rest
  }: WorldOptions): Promise<World> {
    const cluster = given ?? (await testCluster());
    const namespace = await cluster.createNamespace("e2e");
    const git = await startGitServer();
    const repository = await git.createRepository("apps", fill(files, namespace));
    const document = (source: object) =>
      JSON.stringify({
        apiVersion: "plumbline.dev/v1alpha1",
        kind: "Application",
        metadata: { name: "web", namespace: "default" },
        spec: {
          source: { repo: repository.url, ref: "main", path: "web", ...own, ...source },
          destination: { namespace },
          sync: { interval: "1s", ...sync },
          ...spec,
        },
      });
    const plumbline = new Plumbline({
      kubeconfigPath: cluster.kubeconfigPath,
      applications: document({}),
      ...rest,
      args: ["--inventory-namespace", namespace, ...(rest.args ?? [])],
    });
    return new World({ cluster, git, repository, namespace, plumbline, applicationDocument: document });
  }

  /** The same, started, and with its first pass behind it. */
  static async synced(options: WorldOptions): Promise<World> {
    const world = await World.make(options);
    await world.plumbline.start();
    await world.status((status) => status.sync.status === "Synced");
    return world;
  }

  async commit(files: { readonly [path: string]: string | null }): Promise<string> {
    return await this.repository.commit(fill(files, this.namespace));
  }

  async status(fits: (status: Seen) => boolean, seconds = 30): Promise<Seen> {
    return await this.plumbline.status(this.application, fits, seconds);
  }

  async drift(): Promise<readonly DriftItem[]> {
    return (
      await this.plumbline.get<Page<DriftItem>>(`/api/v1/drift?application=${encodeURIComponent(this.application)}`)
    ).items;
  }

  /** kubectl in the world's namespace; throws with its words when it fails. */
  async kubectl(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.cluster.kubectl(["--namespace", this.namespace, ...args]);
    if (code !== 0) throw new Error(`kubectl ${args.join(" ")}: ${stderr}`);
    return stdout;
  }

  /** undefined where there is none. */
  async object<T = { metadata: { name: string } }>(kind: string, name: string): Promise<T | undefined> {
    const text =
      (await readObject(this.cluster, { kind, name, namespace: this.namespace })) ??
      (await this.kubectl("get", kind, name, "--ignore-not-found", "-o", "json", "--show-managed-fields"));
    return text === "" ? undefined : (JSON.parse(text) as T);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.plumbline[Symbol.asyncDispose]();
    await this.git.stop();
  }
}

function fill<T extends string | null>(
  files: { readonly [path: string]: T },
  namespace: string,
): { [path: string]: T } {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [
      path,
      (typeof text === "string" ? text.replaceAll("$NAMESPACE", namespace) : text) as T,
    ]),
  );
}
