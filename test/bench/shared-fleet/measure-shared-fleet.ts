import { setTimeout as wait } from "node:timers/promises";
import { parseDuration } from "../../../src/kit/duration.ts";
import { total } from "../fleet/counters.ts";
import { makeNamespaces } from "../fleet/namespaces.ts";
import { memoryOf } from "../fleet/process-usage.ts";
import { RawServer } from "../fleet/raw-server.ts";
import type { Share, SharedResults, Span } from "./results.ts";
import { SharedFleet, type SharedFleetOptions } from "./shared-fleet.ts";
import { spanOf } from "./spans.ts";

export interface SharedMeasuring extends Omit<SharedFleetOptions, "namespaces"> {
  /** How many of the applications the commit changes. */
  readonly touched: number;
  readonly say: (line: string) => void;
}

const MEGABYTE = 2 ** 20;
const LONGEST_EMPTY_MS = 5000;

/** A first sync, an idle interval, a commit, and the death of one, over that many replicas. Needs an audit log. Errors: whatever is not reached within half an hour. */
export async function measureSharedFleet(measuring: SharedMeasuring): Promise<SharedResults> {
  const { controlPlane, applications, replicas, say } = measuring;
  const raw = new RawServer(controlPlane);
  const namespaces = await makeNamespaces(raw, "team", applications);
  await raw.close();
  const empty = await emptyShare(measuring);
  await using fleet = await SharedFleet.make({ ...measuring, namespaces });
  const span = (name: string, work: () => Promise<unknown>): Promise<Span> => told(fleet, measuring, { name, work });
  const first = await span("first", async () => {
    await Promise.all(fleet.replicas.map((replica) => replica.start()));
    await fleet.untilAll("sync=Synced");
  });
  const idle = await span("idle", () => wait(intervalMs(measuring)));
  const shares = await sharesOf(fleet);
  for (const { applications: own, peakMiB, settledMiB, livesMiB } of shares)
    say(
      `  ${own} applications: peak ${peakMiB.toFixed(0)}, settled ${settledMiB.toFixed(0)}, lives ${livesMiB.toFixed(0)} MiB`,
    );
  const touched = Math.min(measuring.touched, applications);
  const commit = { touched, ...(await span("commit", () => fleet.commit(touched, "second"))) };
  const death = replicas === 1 ? undefined : await deathOf(fleet, span);
  return { replicas, applications, shares, empty, first, idle, commit, death };
}

type Telling = (name: string, work: () => Promise<unknown>) => Promise<Span>;

interface Told {
  readonly name: string;
  readonly work: () => Promise<unknown>;
}

async function told(
  fleet: SharedFleet,
  { controlPlane, replicas, say }: SharedMeasuring,
  { name, work }: Told,
): Promise<Span> {
  const span = await spanOf(fleet, controlPlane, { work, started: name === "first" });
  const { seconds, passes, kube, leases, git, cpuSeconds } = span;
  const counts = `${total(passes)} passes, ${total(kube)} requests, ${leases} for Leases, ${total(git)} to Git`;
  say(`${replicas} replicas, ${name}: ${seconds.toFixed(1)} s, ${counts}, ${cpuSeconds.toFixed(1)} s of CPU`);
  return span;
}

async function emptyShare(measuring: SharedMeasuring): Promise<Share> {
  await using fleet = await SharedFleet.make({ ...measuring, applications: 0, replicas: 1, namespaces: [] });
  await Promise.all(fleet.replicas.map((replica) => replica.start()));
  await wait(Math.min(LONGEST_EMPTY_MS, intervalMs(measuring)));
  const [share] = await sharesOf(fleet);
  if (share === undefined) throw new Error("a process without applications ended by itself");
  return share;
}

async function sharesOf(fleet: SharedFleet): Promise<SharedResults["shares"]> {
  const resident = fleet.running.map(({ pid }) => memoryOf(pid));
  const [applications, lives] = [await fleet.owned(""), await fleet.lives()];
  return resident.map((memory, i) => ({
    applications: applications[i] ?? 0,
    peakMiB: memory.highest,
    settledMiB: memory.resident,
    livesMiB: (lives[i] ?? 0) / MEGABYTE,
  }));
}

async function deathOf(fleet: SharedFleet, span: Telling): Promise<SharedResults["death"]> {
  const death = await span("death", async () => {
    await fleet.running.at(-1)?.kill("SIGKILL");
    await fleet.untilAll("sync=Synced");
  });
  return { ...death, peakMiB: Math.max(...fleet.running.map(({ pid }) => memoryOf(pid).highest)) };
}

function intervalMs({ interval }: SharedMeasuring): number {
  const ms = parseDuration(interval);
  if (ms === undefined) throw new Error(`${interval} is no duration`);
  return ms;
}
