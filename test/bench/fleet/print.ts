import { type Counts, total } from "./counters.ts";
import type { Results } from "./results.ts";

interface Row {
  readonly name: string;
  readonly value: string;
  readonly goal: string;
  readonly met: boolean | undefined;
}

/** The goals of a fleet of 1,000 applications of 4 objects; what is a rate or a wait is the goal of any. */
function rowsOf({ cold, cpu, requests, memory, noop, drift, commit, list, applications, objects }: Results): Row[] {
  const isUsual = applications === 1000 && objects === 4;
  const held = (met: boolean) => (isUsual ? met : undefined);
  const ms = ({ median, p99 }: { median: number; p99: number }) => `${median.toFixed(0)} ms (99th ${p99.toFixed(0)})`;
  return [
    {
      name: "nothing to all Synced",
      value: `${cold.seconds.toFixed(1)} s`,
      goal: "10 s",
      met: held(cold.seconds <= 10),
    },
    {
      name: "objects a second, beside the raw ceiling in the same run",
      value: `${cold.objectsPerSecond.toFixed(0)} of ${cold.ceilingObjectsPerSecond.toFixed(0)}: ${percent(cold.ratioToCeiling)}`,
      goal: "50 %",
      met: held(cold.ratioToCeiling >= 0.5),
    },
    { name: "CPU for that", value: `${cpu.coldSeconds.toFixed(1)} s`, goal: "15 s", met: held(cpu.coldSeconds <= 15) },
    {
      name: "requests to Kubernetes for that, an application",
      value: `${requests.perApplication.toFixed(2)} (${verbs(requests.cold)})`,
      goal: "7",
      met: held(requests.perApplication <= 7),
    },
    {
      name: "peak resident memory",
      value: `${memory.peakMiB.toFixed(0)} MiB`,
      goal: "250 MiB",
      met: held(memory.peakMiB <= 250),
    },
    {
      name: "a pass of all with nothing to do",
      value: `${noop.kubeRequests} requests to Kubernetes, ${noop.gitRequests} to Git, ${noop.cpuSeconds.toFixed(2)} s of CPU`,
      goal: "0, 1, 1 s",
      met: held(total(requests.noop) === 0 && noop.cpuSeconds < 1),
    },
    {
      name: "a hand edit reported, median",
      value: ms(drift.reported),
      goal: "100 ms",
      met: drift.reported.median <= 100,
    },
    { name: "a hand edit healed, median", value: ms(drift.healed), goal: "250 ms", met: drift.healed.median <= 250 },
    { name: "webhook to applied, one object, median", value: ms(commit), goal: "500 ms", met: commit.median <= 500 },
    {
      name: "first page of the application list",
      value: `${list.median.toFixed(1)} ms, ${(list.bytes / 1000).toFixed(0)} kB`,
      goal: "10 ms, 60 kB",
      met: list.median <= 10 && list.bytes <= 60_000,
    },
  ];
}

export function plain(results: Results): string {
  const rows = rowsOf(results);
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.map(
    ({ name, value, goal, met }) => `${name.padEnd(width)}  ${value}   goal ${goal}${verdict(met)}`,
  );
  return [heading(results), ...lines].join("\n");
}

export function markdown(results: Results): string {
  const rows = rowsOf(results).map(({ name, value, goal, met }) => `| ${name} | ${value} | ${goal}${verdict(met)} |`);
  return [`${heading(results)}:`, "", "| | measured | goal |", "|---|---|---|", ...rows].join("\n");
}

function heading({ applications, objects, machine }: Results): string {
  const { cores, memoryGiB, node, kubernetes } = machine;
  return `${applications} applications of ${objects} objects; ${cores} cores, ${memoryGiB} GiB, Node ${node}, Kubernetes ${kubernetes}`;
}

function verdict(met: boolean | undefined): string {
  return met === false ? ", missed" : "";
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

function verbs(counts: Counts): string {
  return Object.entries(counts)
    .map(([verb, count]) => `${count} ${verb}`)
    .join(", ");
}
