import { availableParallelism, totalmem } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import type { ControlPlaneClient } from "../../controlplane/index.ts";
import { type Counts, counted, grown, kubeRequests, total } from "./counters.ts";
import { measure, range, timed } from "./figures.ts";
import { Fleet, inNamespace } from "./fleet.ts";
import { makeNamespaces } from "./namespaces.ts";
import { objectsOf } from "./objects.ts";
import { cpuSecondsOf, memoryOf } from "./process-usage.ts";
import { RawServer } from "./raw-server.ts";
import type { Results } from "./results.ts";
import { Waits } from "./waits.ts";

export interface Measuring {
  readonly controlPlane: ControlPlaneClient;
  readonly applications: number;
  readonly objects: number;
  /** Of commits, and of either hand edit; each on an application of its own. */
  readonly runs: number;
  /** Of every application. */
  readonly interval: string;
  /** The program `plumb`, after the options of Node. */
  readonly command: readonly string[];
  /** Of that process, beside ours. */
  readonly env?: { readonly [name: string]: string };
  readonly say: (line: string) => void;
}

const LONGEST_SECONDS = 900;
const PAGES = 20;
/** Of one processor. */
const IDLE_SHARE = 0.1;
const LONGEST_SETTLING_MS = 30_000;

/** All of it, in one run. Errors: whatever is not reached within a quarter of an hour. */
export async function measureFleet(measuring: Measuring): Promise<Results> {
  const { controlPlane, applications, objects, interval, command, env = {} } = measuring;
  const raw = new RawServer(controlPlane);
  const namespaces = await makeNamespaces(raw, "team", applications);
  await using fleet = await Fleet.make({
    ...{ controlPlane, applications, objects, namespaces, interval, command, env },
  });
  const ceilingBefore = await ceiling(raw, "before", measuring);
  const { cold, ...atCold } = await measureCold(fleet, measuring);
  const ceilingAfter = await ceiling(raw, "after", measuring);
  await settle(fleet, raw);
  const noop = await measureNoop(fleet, measuring);
  const waited = await measureWaits(fleet, measuring);
  const list = await measureList(fleet);
  const pid = fleet.world.plumbline.pid;
  const allSeconds = cpuSecondsOf(pid);
  const { highest } = memoryOf(pid);
  await fleet.world.plumbline.kill("SIGTERM");
  await raw.close();
  const ceilingMean = (ceilingBefore + ceilingAfter) / 2;
  return {
    machine: await machineOf(controlPlane),
    ...{ applications, objects },
    cold: {
      ...cold,
      ceilingObjectsPerSecond: ceilingMean,
      ratioToCeiling: cold.objectsPerSecond / ceilingMean,
      ...{ ceilingBefore, ceilingAfter },
    },
    noop: noop.figures,
    ...waited,
    memory: { peakMiB: highest, afterColdMiB: atCold.residentMiB },
    cpu: { coldSeconds: atCold.cpuSeconds, noopSeconds: noop.figures.cpuSeconds, allSeconds },
    requests: { cold: atCold.requests, perApplication: total(atCold.requests) / applications, noop: noop.requests },
    list,
  };
}

/** Objects a second: those of the fleet, in namespaces of their own. */
async function ceiling(raw: RawServer, prefix: string, measuring: Measuring): Promise<number> {
  const { applications, objects, say } = measuring;
  const namespaces = await makeNamespaces(raw, prefix, applications);
  const all = range(applications).flatMap((i) =>
    inNamespace(objectsOf(`a${i}`, objects), namespaces[i % namespaces.length] ?? prefix),
  );
  const rate = all.length / (await raw.applyAll(all));
  say(`ceiling ${prefix}: ${rate.toFixed(0)} objects/s`);
  // The fleet comes into a cluster without them, as it would.
  await raw.clear(all);
  return rate;
}

async function measureCold(fleet: Fleet, { applications, objects, say }: Measuring) {
  const seconds = await fleet.syncAll(LONGEST_SECONDS);
  const { plumbline } = fleet.world;
  const cpuSeconds = cpuSecondsOf(plumbline.pid);
  const residentMiB = memoryOf(plumbline.pid).resident;
  const requests = await kubeRequests(plumbline);
  say(`cold: ${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of CPU, ${total(requests)} requests`);
  return { cold: { seconds, objectsPerSecond: (applications * objects) / seconds }, cpuSeconds, residentMiB, requests };
}

/** The Deployments roll out, every application has looked at that, and nothing is left to do. */
async function settle(fleet: Fleet, raw: RawServer): Promise<void> {
  await raw.rollOut(fleet.objects().filter(({ kind }) => kind === "Deployment"));
  await fleet.untilAll("health=Healthy", LONGEST_SECONDS);
  const { pid } = fleet.world.plumbline;
  const isIdle = async () => {
    const before = cpuSecondsOf(pid);
    await wait(1000);
    return cpuSecondsOf(pid) - before < IDLE_SHARE;
  };
  for (const end = performance.now() + LONGEST_SETTLING_MS; performance.now() < end && !(await isIdle()); );
}

/** From one moment on until there were as many passes as applications: each has its own within one interval. */
async function measureNoop(fleet: Fleet, { applications, say }: Measuring) {
  const { plumbline } = fleet.world;
  const before = await readings(fleet);
  const took = await timed(async () => {
    while (total(await counted(plumbline, "plumbline_passes_total", "trigger")) < before.passes + applications)
      await wait(2000);
  });
  const after = await readings(fleet);
  const requests = grown(before.kube, after.kube);
  const figures = {
    seconds: took / 1000,
    passes: after.passes - before.passes,
    cpuSeconds: after.cpu - before.cpu,
    kubeRequests: total(requests),
    gitRequests: after.git - before.git,
  };
  say(`no-op: ${figures.passes} passes, ${figures.cpuSeconds.toFixed(2)} s of CPU, ${figures.kubeRequests} requests`);
  return { figures, requests };
}

async function readings({
  world: { plumbline },
}: Fleet): Promise<{ passes: number; kube: Counts; git: number; cpu: number }> {
  return {
    passes: total(await counted(plumbline, "plumbline_passes_total", "trigger")),
    kube: await kubeRequests(plumbline),
    git: total(await counted(plumbline, "plumbline_git_requests_total", "operation")),
    cpu: cpuSecondsOf(plumbline.pid),
  };
}

async function measureWaits(
  fleet: Fleet,
  { say, ...measuring }: Measuring,
): Promise<Pick<Results, "commit" | "drift" | "oneApply">> {
  const runs = Math.min(measuring.runs, Math.floor(fleet.applications / 2));
  const waits = await Waits.of(fleet);
  const oneApply = await measure(runs, (i) => waits.apply(i));
  const commit = { runs, ...(await measure(runs, (i) => waits.webhookToApplied(i))) };
  say(`commit: median ${commit.median.toFixed(0)} ms`);
  const reported = await measure(runs, (i) => waits.editToReported(i));
  const healed = await measure(runs, (i) => waits.editToHealed(i));
  return { oneApply, commit, drift: { runs, reported, healed } };
}

async function measureList({ world: { plumbline } }: Fleet): Promise<Results["list"]> {
  let bytes = 0;
  const page = async () => {
    const answer = await fetch(`${plumbline.address}/api/v1/applications`);
    bytes = (await answer.arrayBuffer()).byteLength;
  };
  return { ...(await measure(PAGES, () => timed(page))), bytes };
}

async function machineOf(controlPlane: ControlPlaneClient): Promise<Results["machine"]> {
  const { stdout } = await controlPlane.kubectl(["version", "-o", "json"]);
  const { serverVersion } = JSON.parse(stdout) as { serverVersion: { gitVersion: string } };
  return {
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    kubernetes: serverVersion.gitVersion,
  };
}
