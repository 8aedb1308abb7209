import type { AuditEvent, ControlPlaneClient } from "../../controlplane/index.ts";
import type { Plumbline } from "../../e2e/plumbline.ts";
import { type Counts, counted, grown } from "../fleet/counters.ts";
import { cpuSecondsOf } from "../fleet/process-usage.ts";
import type { Span } from "./results.ts";
import type { SharedFleet } from "./shared-fleet.ts";

const COUNTERS = {
  passes: ["plumbline_passes_total", "trigger"],
  kube: ["plumbline_kube_requests_total", "verb"],
  git: ["plumbline_git_requests_total", "operation"],
} as const;
type Counter = keyof typeof COUNTERS;

type Reading = Readonly<Record<Counter, Counts>> & { readonly cpu: number };
const NOTHING: Reading = { passes: {}, kube: {}, git: {}, cpu: 0 };

/** What the replicas that are left at the end of `work` did meanwhile. `started`: they begin in it. */
export async function spanOf(
  fleet: SharedFleet,
  controlPlane: ControlPlaneClient,
  { work, started = false }: { readonly work: () => Promise<unknown>; readonly started?: boolean },
): Promise<Span> {
  const before = new Map<Plumbline, Reading>();
  if (!started) for (const replica of fleet.running) before.set(replica, await readingOf(replica));
  const from = new Date().toISOString();
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  const after = await Promise.all(
    fleet.running.map(async (replica) => ({ was: before.get(replica) ?? NOTHING, is: await readingOf(replica) })),
  );
  const grew = (counter: Counter): Counts => added(after.map(({ was, is }) => grown(was[counter], is[counter])));
  return {
    ...{ seconds, passes: grew("passes"), kube: grew("kube"), git: grew("git") },
    cpuSeconds: after.reduce((all, { was, is }) => all + is.cpu - was.cpu, 0),
    ...writesIn(await controlPlane.auditEvents(), {
      from,
      namespace: fleet.world.namespace,
      applications: fleet.namespaces,
    }),
  };
}

async function readingOf(replica: Plumbline): Promise<Reading> {
  const [passes = {}, kube = {}, git = {}] = await Promise.all(
    Object.values(COUNTERS).map(([name, label]) => counted(replica, name, label)),
  );
  return { passes, kube, git, cpu: cpuSecondsOf(replica.pid) };
}

function added(all: readonly Counts[]): Counts {
  const sums: Record<string, number> = {};
  for (const counts of all) for (const [key, count] of Object.entries(counts)) sums[key] = (sums[key] ?? 0) + count;
  return sums;
}

interface Within {
  /** RFC 3339. */
  readonly from: string;
  /** Of the inventories and Leases. */
  readonly namespace: string;
  readonly applications: ReadonlySet<string>;
}

const WRITES = new Set(["create", "update", "patch", "delete"]);

/** By the API server's own log, which also has what no counter of ours would tell. */
function writesIn(
  events: readonly AuditEvent[],
  { from, namespace, applications }: Within,
): Pick<Span, "leases" | "writes" | "writtenByTwo"> {
  const ours = events.filter(
    ({ requestReceivedTimestamp: at, userAgent = "", objectRef, stage }) =>
      at >= from &&
      userAgent.startsWith("plumbline") &&
      stage === "ResponseComplete" &&
      (objectRef?.namespace === namespace || applications.has(objectRef?.namespace ?? "")),
  );
  const isLease = ({ objectRef }: AuditEvent): boolean => objectRef?.resource === "leases";
  const writes = ours.filter(
    (event) => WRITES.has(event.verb) && !isLease(event) && !event.requestURI.includes("dryRun="),
  );
  const writers = new Map<string, Set<string>>();
  for (const { userAgent = "", objectRef: { namespace: place, resource, name } = {} } of writes) {
    const key = `${resource} ${place}/${name}`;
    writers.set(key, (writers.get(key) ?? new Set()).add(userAgent));
  }
  return {
    leases: ours.filter(isLease).length,
    writes: writes.length,
    writtenByTwo: [...writers.values()].filter(({ size }) => size > 1).length,
  };
}
