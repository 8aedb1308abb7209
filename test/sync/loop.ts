import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Cluster,
  type ClusterRequest,
  type ClusterSettings,
  type Clusters,
  createCluster,
  createClusters,
  onlyCluster,
} from "../../src/cluster/index.ts";
import { type Application, type ApplicationStatus, type PassStatus, SILENT } from "../../src/model/index.ts";
import { createRenderer } from "../../src/render/index.ts";
import { createMetrics, createReportStore, type ReportStore } from "../../src/report/index.ts";
import { createSourceStore, type SourceStore } from "../../src/source/index.ts";
import { createSync, type Sync, type SyncSettings } from "../../src/sync/index.ts";
import { type ControlPlaneClient, sharedControlPlane } from "../controlplane/index.ts";
import { until } from "../e2e/until.ts";
import { newEngine } from "../engine/index.ts";
import { type GitRepository, type GitServer, startGitServer } from "../git-server/index.ts";
import { application } from "./applications.ts";

export interface LoopOptions
  extends Partial<Pick<SyncSettings, "jitter" | "now" | "random" | "concurrency" | "longWaitMs">> {
  readonly files: { readonly [path: string]: string };
  readonly kubeconfig?: string;
  /** With a client for each service account that is named. */
  readonly accounts?: boolean;
  /** Default: the shared one, without controllers. */
  readonly plane?: ControlPlaneClient;
}

interface Parts {
  readonly plane: ControlPlaneClient;
  readonly namespace: string;
  readonly git: GitServer;
  readonly repository: GitRepository;
  readonly clusters: Clusters & { close(): Promise<void> };
  readonly source: SourceStore;
  readonly report: ReportStore;
  readonly sync: Sync;
  readonly dir: string;
  readonly polls: readonly number[];
  readonly requests: ClusterRequest[];
}

/** The loop as the program puts it together, in this process, over one repository and one namespace; not started. */
export class Loop {
  readonly plane: ControlPlaneClient;
  readonly namespace: string;
  readonly git: GitServer;
  readonly repository: GitRepository;
  readonly cluster: Cluster;
  readonly report: ReportStore;
  readonly sync: Sync;
  /** When each ls-refs ended, in milliseconds. */
  readonly polls: readonly number[];
  /** Every request to Kubernetes that has ended. */
  readonly requests: ClusterRequest[];
  readonly #parts: Parts;
  readonly #passes = new Map<string, PassStatus[]>();

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.plane = parts.plane;
    this.namespace = parts.namespace;
    this.git = parts.git;
    this.repository = parts.repository;
    this.cluster = parts.clusters.home;
    this.report = parts.report;
    this.sync = parts.sync;
    this.polls = parts.polls;
    this.requests = parts.requests;
    parts.report.onChange((name, status) => {
      const pass = status?.lastPass;
      const seen = this.passes(name);
      if (pass !== undefined && seen.at(-1)?.id !== pass.id) this.#passes.set(name, [...seen, pass]);
    });
  }

  static async open({
    files,
    kubeconfig,
    accounts = false,
    plane = sharedControlPlane(),
    ...settings
  }: LoopOptions): Promise<Loop> {
    const namespace = await plane.createNamespace("sync");
    const git = await startGitServer();
    const repository = await git.createRepository("apps", files);
    const dir = mkdtempSync(join(tmpdir(), "plumb-sync-"));
    const polls: number[] = [];
    const requests: ClusterRequest[] = [];
    const access = {
      ...{ kubeconfig: kubeconfig ?? plane.kubeconfigPath, log: SILENT },
      onRequest: (request: ClusterRequest) => void requests.push(request),
    };
    const { clusters } = accounts ? await createClusters({ ...access, namespace }) : await oneCluster(access);
    const onRequest = ({ operation }: { operation: string }) => {
      if (operation === "ls-refs") polls.push(performance.now());
    };
    const source = createSourceStore({ dataDir: dir, repositories: [], log: SILENT, onRequest });
    const report = createReportStore({ now: Date.now });
    const metrics = createMetrics({ version: "0", report });
    const renderer = createRenderer({ engine: newEngine() });
    const rest = { log: SILENT, inventoryNamespace: namespace, ...settings };
    const sync = createSync({ clusters, source, renderer, report, metrics, ...rest });
    return new Loop({ plane, namespace, git, repository, clusters, source, report, sync, dir, polls, requests });
  }

  /** `default/<name>`, out of the folder of that name. */
  application(name: string, { sync = {}, source = {}, dependsOn = [], ...spec }: SpecParts = {}): Application {
    return application(name, dependsOn, {
      source: { repo: this.repository.url, ref: "main", path: name, ...source },
      destination: { namespace: this.namespace },
      sync,
      ...spec,
    });
  }

  async start(...applications: readonly Application[]): Promise<void> {
    this.sync.setApplications(applications);
    await this.sync.start();
  }

  /** The status of `default/<name>` once it fits. */
  async status(name: string, fits: (status: ApplicationStatus) => boolean, seconds = 15): Promise<ApplicationStatus> {
    let last: ApplicationStatus | undefined;
    try {
      return await until(
        "a status",
        () => {
          last = this.report.get(`default/${name}`);
          return last !== undefined && fits(last) && last;
        },
        seconds,
      );
    } catch (error) {
      const { sync, health, waiting, problems, lastPass } = last ?? {};
      throw new Error(JSON.stringify({ sync, health, waiting, problems, lastPass }, null, 1), { cause: error });
    }
  }

  async synced(name: string): Promise<ApplicationStatus> {
    return await this.status(name, ({ sync }) => sync.status === "Synced");
  }

  /** Every pass of `<namespace>/<name>` that has ended. */
  passes(name: string): readonly PassStatus[] {
    return this.#passes.get(name) ?? [];
  }

  /** Commits, and tells the loop of it. */
  async commit(files: { readonly [path: string]: string | null }): Promise<void> {
    await this.repository.commit(files);
    this.sync.delivered({ urls: [this.repository.url] });
  }

  triggers(name: string): readonly string[] {
    return this.passes(`default/${name}`).map(({ trigger }) => trigger);
  }

  /** Path of a file with this text. */
  file(text: string): string {
    const path = join(this.#parts.dir, "given.yaml");
    writeFileSync(path, text);
    return path;
  }

  async kubectl(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.plane.kubectl(["--namespace", this.namespace, ...args]);
    if (code !== 0) throw new Error(stderr);
    return stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.git.resume();
    await this.sync.stop();
    await this.#parts.source.close();
    await this.#parts.clusters.close();
    await this.git.stop();
    rmSync(this.#parts.dir, { recursive: true, force: true });
  }
}

async function oneCluster(access: ClusterSettings): Promise<Pick<Parts, "clusters">> {
  const home = await createCluster(access);
  return { clusters: { ...onlyCluster(home), close: () => home.close() } };
}

interface SpecParts {
  readonly sync?: object;
  readonly source?: object;
  readonly dependsOn?: readonly string[];
  readonly [field: string]: unknown;
}
