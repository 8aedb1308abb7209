import { onTestFinished } from "vitest";
import { type ApiOptions, createApi } from "../../src/api/index.ts";
import {
  type Application,
  type ApplicationStatus,
  type ClusterStatus,
  type FleetStatus,
  type Plan,
  type Problem,
  SILENT,
} from "../../src/model/index.ts";
import { createHistory, createMetrics, createReportStore, type ReportStore } from "../../src/report/index.ts";
import type {
  Delivery,
  Difference,
  InstructionControl,
  Preview,
  PreviewRequest,
  ProjectStatus,
  Rendered,
  SyncControl,
} from "../../src/sync/index.ts";

function application(name: string): Application {
  const [namespace = "", own = ""] = name.split("/");
  return {
    apiVersion: "plumbline.dev/v1alpha1",
    kind: "Application",
    metadata: { namespace, name: own },
    spec: {
      source: { repo: "https://git.example/shop.git", ref: "main", path: "apps/web" },
      destination: { createNamespace: false },
      sync: {
        auto: true,
        prune: true,
        selfHeal: true,
        observe: false,
        adopt: "unclaimed",
        interval: "60s",
        timeout: "5m",
        pruneLimit: 50,
        windows: [],
        approve: false,
      },
      dependsOn: [],
      ignore: [],
      foreign: "report",
      health: [],
      deletion: "orphan",
      suspend: false,
    },
  };
}

/** The narrow port to the loop, without a loop: knows the report's applications, and ends a pass when the test says so. */
class TestControl implements SyncControl {
  readonly #report: ReportStore;
  readonly asked: string[] = [];
  readonly deliveries: Delivery[] = [];
  readonly plans = new Map<string, Plan | Error>();
  readonly renders = new Map<string, Rendered>();
  readonly found = new Map<string, readonly Difference[]>();
  /** What was said, in the order in which it was. */
  readonly said: unknown[] = [];
  readonly instructions: InstructionControl = {
    suspend: (...said) => this.#hear("suspend", ...said),
    resume: (...said) => this.#hear("resume", ...said),
    approve: (...said) => this.#hear("approve", ...said),
    rollback: async (name, { forMs, ...said }) => ({
      pass: await this.#hear("rollback", name, { ...said, forMs }),
      pin: { revision: "a".repeat(40), reason: said.reason, by: said.by, at: "2026-01-01T00:00:00Z" },
    }),
    unpin: (...said) => this.#hear("unpin", ...said),
  };
  #ready: { ready: boolean; problems: readonly Problem[] } = { ready: true, problems: [] };
  readonly #ended = Promise.withResolvers<ApplicationStatus>();

  constructor(report: ReportStore) {
    this.#report = report;
  }

  #hear(...said: readonly unknown[]): Promise<number> {
    this.said.push(said);
    return Promise.resolve(this.said.length);
  }

  /** Declared, and worked on by another replica. */
  readonly elsewhere = new Set<string>();

  applications(): readonly Application[] {
    const here = this.#report.list({ limit: 1000 }).items.map(({ namespace, name }) => `${namespace}/${name}`);
    return [...new Set([...here, ...this.elsewhere])].map(application);
  }

  readonly declared: FleetStatus[] = [];

  readonly known: ProjectStatus[] = [];
  readonly declaredClusters: ClusterStatus[] = [];
  readonly fleets = { statuses: (): readonly FleetStatus[] => this.declared };

  projects(): readonly ProjectStatus[] {
    return this.known;
  }

  application(name: string): Application | undefined {
    return this.#report.get(name) === undefined && !this.elsewhere.has(name) ? undefined : application(name);
  }

  sync(name: string): Promise<number | undefined> {
    this.asked.push(name);
    return Promise.resolve(this.#report.get(name) === undefined ? undefined : this.asked.length);
  }

  passEnded(_name: string, _id: number, signal: AbortSignal): Promise<ApplicationStatus> {
    const aborted = new Promise<never>((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
    return Promise.race([this.#ended.promise, aborted]);
  }

  endPass(status: ApplicationStatus): void {
    this.#ended.resolve(status);
  }

  readonly removed: string[] = [];

  async remove(name: string, how: "prune" | "orphan"): Promise<void> {
    this.removed.push(`${name} ${how}`);
  }

  plan(name: string): Promise<Plan> {
    const plan = this.plans.get(name) ?? new Error("a fault nobody foresaw, at /secret/place");
    return plan instanceof Error ? Promise.reject(plan) : Promise.resolve(plan);
  }

  async preview(name: string, { ref, lookups }: PreviewRequest): Promise<Preview> {
    const message = `shown is ${ref} as it is, ${lookups ? "with" : "without"} lookups`;
    const onto = { ref: "main", revision: "b".repeat(40) };
    return { plan: await this.plan(name), ref, head: "a".repeat(40), onto, standing: { kind: "as-it-is" }, message };
  }

  differences(name: string): Promise<readonly Difference[]> {
    const found = this.found.get(name);
    if (found !== undefined) return Promise.resolve(found);
    return Promise.reject(new Error("a fault nobody foresaw, at /secret/place"));
  }

  rendered(name: string): Promise<Rendered> {
    const rendered = this.renders.get(name);
    if (rendered !== undefined) return Promise.resolve(rendered);
    return Promise.reject(new Error("a fault nobody foresaw, at /secret/place"));
  }

  /** Repositories of which another replica has said that they moved. */
  readonly movedSources: object[] = [];

  moved(source: object): void {
    this.movedSources.push(source);
  }

  delivered(delivery: Delivery): readonly string[] {
    this.deliveries.push(delivery);
    return this.applications()
      .filter(({ spec }) => delivery.urls.includes(spec.source.repo))
      .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  }

  clusters(): readonly ClusterStatus[] {
    return this.declaredClusters;
  }

  readiness(): { readonly ready: boolean; readonly problems: readonly Problem[] } {
    return this.#ready;
  }

  notReady(...problems: Problem[]): void {
    this.#ready = { ready: false, problems };
  }
}

/** The real API over a real report; closed with the test. */
export async function startApi(over: Partial<ApiOptions> = {}, statuses: readonly ApplicationStatus[] = []) {
  const report = createReportStore({ now: () => Date.parse("2026-01-01T00:00:00Z") });
  for (const status of statuses) report.put(status);
  const control = new TestControl(report);
  const history = createHistory({ log: SILENT, now: Date.now });
  for (const status of statuses) history.note(status);
  const api = await createApi({
    control,
    report,
    history,
    metrics: createMetrics({ report }),
    version: "0.0.0-test",
    ...over,
  });
  onTestFinished(() => api.close());
  return { api, report, control, history };
}
