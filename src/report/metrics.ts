import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { clusterMetrics } from "./cluster-metrics.ts";
import type { Metrics } from "./metrics-types.ts";
import { redisMetrics } from "./redis-metrics.ts";
import { replicaMetrics } from "./replica-metrics.ts";
import { repositoryMetrics } from "./repository-metrics.ts";
import type { ReportStore } from "./types.ts";

export interface MetricsOptions {
  readonly version?: string;
  /** Gives the gauges of the fleet; counted when somebody asks, not when something changes. */
  readonly report?: Pick<ReportStore, "fleet">;
  /** The process shares its work over Redis. */
  readonly redis?: boolean;
}

/** Seconds: from a pass with nothing to do to the default deadline. */
const PASS_BUCKETS = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** "2xx"; "none" where no answer came. Statuses one by one would be series nobody looks at. */
function statusClass(status: number | undefined): string {
  return status === undefined ? "none" : `${Math.floor(status / 100)}xx`;
}

/** A registry of its own each time, so that two servers in one process (tests) do not count for each other. */
export function createMetrics({ version = "unknown", report, redis = false }: MetricsOptions = {}): Metrics {
  const registry = new Registry();
  const counters = loopMetrics(registry);
  buildInfo(registry, version);
  processMetrics(registry);
  if (report !== undefined) fleetMetrics(registry, report);
  return {
    redis: redis ? redisMetrics(registry) : () => {},
    passEnded: ({ trigger, result, durationMs }) => {
      counters.passes.inc({ trigger, result });
      counters.duration.observe(durationMs / 1000);
    },
    queueDepth: (waiting) => counters.queue.set(waiting),
    kubeRequest: ({ verb, status }) => counters.kube.inc({ verb: verb.toLowerCase(), status: statusClass(status) }),
    gitRequest: ({ operation, ok }) => counters.git.inc({ operation, result: ok ? "ok" : "failed" }),
    outcome: (outcome) => counters.outcomes.inc({ outcome }),
    clusters: (statuses) => clusterMetrics(registry, statuses),
    replicas: (figures) => replicaMetrics(registry, figures),
    repositories: (counts) => repositoryMetrics(registry, counts),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function loopMetrics(registry: Registry) {
  const registers = [registry];
  return {
    passes: new Counter({
      name: "plumbline_passes_total",
      help: "Passes that ended, by what asked for them and how they ended.",
      labelNames: ["trigger", "result"],
      registers,
    }),
    duration: new Histogram({
      name: "plumbline_pass_duration_seconds",
      help: "Time from the start of a pass to its end.",
      buckets: PASS_BUCKETS,
      registers,
    }),
    queue: new Gauge({ name: "plumbline_queue_depth", help: "Applications that wait for a pass.", registers }),
    ...requestMetrics(registers),
  };
}

function requestMetrics(registers: Registry[]) {
  return {
    kube: new Counter({
      name: "plumbline_kube_requests_total",
      help: "Requests to the Kubernetes API server, by verb and class of status.",
      labelNames: ["verb", "status"],
      registers,
    }),
    git: new Counter({
      name: "plumbline_git_requests_total",
      help: "Requests to Git repositories, by operation and result.",
      labelNames: ["operation", "result"],
      registers,
    }),
    outcomes: new Counter({
      name: "plumbline_apply_outcomes_total",
      help: "Objects that were applied or pruned, by outcome.",
      labelNames: ["outcome"],
      registers,
    }),
  };
}

function buildInfo(registry: Registry, version: string): void {
  const name = "plumbline_build_info";
  const labelNames = ["version", "node"];
  const info = new Gauge({ name, help: "Always 1; the labels say what runs.", labelNames, registers: [registry] });
  info.set({ version, node: process.version }, 1);
}

/** prom-client's own process metrics measure the event loop's delay with a timer of 10 ms, which an idle process should not run. */
function processMetrics(registry: Registry): void {
  new Gauge({
    name: "plumbline_process_resident_memory_bytes",
    help: "Resident memory of the process.",
    registers: [registry],
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  new Counter({
    name: "plumbline_process_cpu_seconds_total",
    help: "Time on processors, in user and kernel mode.",
    registers: [registry],
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
}

function fleetMetrics(registry: Registry, report: Pick<ReportStore, "fleet">): void {
  const registers = [registry];
  // Registered before the others, so its `collect`, which counts once for all of them, runs before they are read.
  new Gauge({
    name: "plumbline_applications",
    help: "Applications, by sync and health status.",
    labelNames: ["sync", "health"],
    registers,
    collect() {
      const fleet = report.fleet();
      this.reset();
      for (const { sync, health, count } of fleet.applications) this.set({ sync, health }, count);
      drifted.set(fleet.driftedApplications);
      fights.set(fleet.fights);
      awaiting.set(fleet.awaitingApproval);
      pinned.set(fleet.pinned);
      suspended.set(fleet.suspended);
      stale.set(fleet.stale);
      late.set(fleet.latestMs / 1000);
      for (const [name, count] of Object.entries(fleet.fields)) fields.set({ class: name }, count);
    },
  });
  const drifted = new Gauge({
    name: "plumbline_drifted_applications",
    help: "Applications with at least one field that was changed in the cluster.",
    registers,
  });
  const { pinned, suspended } = instructionGauges(registers);
  const { stale, late } = trustGauges(registers);
  const fights = new Gauge({
    name: "plumbline_drift_fights",
    help: "Fields that somebody keeps changing back, four times within five minutes and more.",
    registers,
  });
  const awaiting = new Gauge({
    name: "plumbline_applications_awaiting_approval",
    help: "Applications with a plan that nobody has approved yet.",
    registers,
  });
  const fields = new Gauge({
    name: "plumbline_drifted_fields",
    help: "Fields that the cluster has and Git does not want, by class; those of class foreign are nobody's fault.",
    labelNames: ["class"],
    registers,
  });
}

/** Of what people have said of applications. */
function instructionGauges(registers: Registry[]) {
  return {
    pinned: new Gauge({
      name: "plumbline_pinned",
      help: "Applications that are pinned to a revision.",
      registers,
    }),
    suspended: new Gauge({
      name: "plumbline_suspended",
      help: "Applications that somebody has suspended; those with spec.suspend do not count.",
      registers,
    }),
  };
}

/** How far what is told is to be trusted. */
function trustGauges(registers: Registry[]) {
  return {
    stale: new Gauge({
      name: "plumbline_applications_stale",
      help: "Applications whose repository does not answer; the last good revision stays in force.",
      registers,
    }),
    late: new Gauge({
      name: "plumbline_pass_late_seconds",
      help: "How long the pass that is waited for longest should have begun; 0 where none is late.",
      registers,
    }),
  };
}
