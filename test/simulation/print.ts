import { total } from "../bench/fleet/counters.ts";
import type { Delays, Simulated } from "./run.ts";
import type { Span } from "./tally.ts";

/** One row a span, of all replicas: what is not simulated is as much as what is. */
export function table(all: Simulated): string {
  const { size, own, first, idle, commit, away, death } = all;
  const times = size.replicas / size.loops;
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const head = [
    "",
    "takes",
    "passes",
    "requests to API servers",
    "a second",
    "to the busiest cluster in one second",
    "to Git",
    "for Leases",
    "CPU of the busiest replica",
    "waiting at most",
  ];
  const row = (name: string, span: Span): string => line([name, ...cellsOf(span, times)]);
  return [
    sizeOf(all),
    "",
    ...[line(head), line(head.map(() => "---"))],
    row("first synchronisation", first),
    row("a minute with nothing to do", idle),
    row(`a commit to all ${commit.applications} of the monorepo`, commit),
    row("two minutes with 5 clusters away", away),
    row("the minute after a replica died", death),
    "",
    `Largest share: ${all.largestShare} of ${size.applications} applications. One replica has ${all.clients} clients and ${all.watches} watches, all together ${all.watches * size.replicas}.`,
    `Memory of the simulation: ${(all.heapBytes / 2 ** 20).toFixed(0)} MiB for ${own} applications and ${all.clients * size.loops} clients.`,
    `From the webhook to Synced: ${delays(commit.delays)}; with clusters away, for others: ${delays(away.delays)}.`,
    `With clusters away ${away.unknown * times} applications were Unknown; ${away.recovered.toFixed(0)} s after these were back all were Synced.`,
    `The dead replica's ${death.lost} applications all had an owner after ${death.ownedAfter.toFixed(1)} s; those that fell to the simulated (${death.moved}) were Synced after ${death.syncedAfter.toFixed(1)} s.`,
  ].join("\n");
}

function sizeOf({ size, own }: Simulated): string {
  const { applications, clusters, replicas, loops, repositories, interval } = size;
  const simulated = loops === replicas ? "all of them simulated" : `${loops} simulated whole, with ${own} applications`;
  return `${applications} applications of one object over ${clusters} clusters, half of them in one repository, the others in ${repositories}, interval ${interval}; ${replicas} replicas, ${simulated}:`;
}

function cellsOf(span: Span, times: number): string[] {
  const kube = total(span.kube) * times;
  return [
    `${span.seconds.toFixed(1)} s`,
    whole(total(span.passes) * times),
    whole(kube),
    whole(kube / span.seconds),
    whole(span.busiestCluster * times),
    whole(total(span.git) * times),
    whole(span.leases),
    `${(span.busiestProcessor * 100).toFixed(0)} %`,
    whole(span.deepest),
  ];
}

function delays({ median, p99, last }: Delays): string {
  const text = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  return `median ${text(median)}, 99th ${text(p99)}, the last ${text(last)}`;
}

function whole(count: number): string {
  return count.toFixed(0);
}
