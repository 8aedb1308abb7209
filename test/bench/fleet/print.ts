import { type Counts, total } from "./counters.ts";
import type { Results } from "./results.ts";

/** Of Flux 2.9, Argo CD 3.5 and `kubectl apply --server-side` with a like fleet on a machine like that of docs/performance.md. */
type Peers = readonly [flux: string, argo: string, kubectl: string];

interface Row {
  readonly name: string;
  readonly value: string;
  readonly goal: string;
  readonly met: boolean | undefined;
  readonly peers: Peers;
}

const PEERS = {
  seconds: ["105 s", "266 s (97 s without validation)", "104 s (10 s without validation)"],
  cpu: ["136 s", "373 s", "121 s"],
  requests: ["24", "39", "5"],
  memory: ["213 + 95 MiB", "671 + 110 + 16 MiB", "109 MiB"],
  noop: ["17 requests an application, 145 s of CPU", "1 request an application, 20 s of CPU", "100 s"],
  reported: ["at the interval", "-", "-"],
  healed: ["at the interval", "370 to 760 ms", "-"],
  list: ["-", "2.5 to 4.3 s, 187 MB for 6,000", "-"],
  none: ["-", "-", "-"],
} as const satisfies { readonly [row: string]: Peers };

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
      peers: PEERS.seconds,
    },
    {
      name: "objects a second, beside the raw ceiling in the same run",
      value: `${cold.objectsPerSecond.toFixed(0)} of ${cold.ceilingObjectsPerSecond.toFixed(0)}: ${percent(cold.ratioToCeiling)}`,
      goal: "50 %",
      met: held(cold.ratioToCeiling >= 0.5),
      peers: PEERS.none,
    },
    {
      name: "CPU for that",
      value: `${cpu.coldSeconds.toFixed(1)} s`,
      goal: "15 s",
      met: held(cpu.coldSeconds <= 15),
      peers: PEERS.cpu,
    },
    {
      name: "requests to Kubernetes for that, an application",
      value: `${requests.perApplication.toFixed(2)} (${verbs(requests.cold)})`,
      goal: "7",
      met: held(requests.perApplication <= 7),
      peers: PEERS.requests,
    },
    {
      name: "peak resident memory",
      value: `${memory.peakMiB.toFixed(0)} MiB`,
      goal: "250 MiB",
      met: held(memory.peakMiB <= 250),
      peers: PEERS.memory,
    },
    {
      name: "a pass of all with nothing to do",
      value: `${noop.kubeRequests} requests to Kubernetes, ${noop.gitRequests} to Git, ${noop.cpuSeconds.toFixed(2)} s of CPU`,
      goal: "0, 1, 1 s",
      met: held(total(requests.noop) === 0 && noop.cpuSeconds < 1),
      peers: PEERS.noop,
    },
    {
      name: "a hand edit reported, median",
      value: ms(drift.reported),
      goal: "100 ms",
      met: drift.reported.median <= 100,
      peers: PEERS.reported,
    },
    {
      name: "a hand edit healed, median",
      value: ms(drift.healed),
      goal: "250 ms",
      met: drift.healed.median <= 250,
      peers: PEERS.healed,
    },
    {
      name: "webhook to applied, one object, median",
      value: ms(commit),
      goal: "500 ms",
      met: commit.median <= 500,
      peers: PEERS.none,
    },
    {
      name: "first page of the application list",
      value: `${list.median.toFixed(1)} ms, ${(list.bytes / 1000).toFixed(0)} kB`,
      goal: "10 ms, 60 kB",
      met: list.median <= 10 && list.bytes <= 60_000,
      peers: PEERS.list,
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

/** With the peers beside where the fleet is the one that they were measured with. */
export function markdown(results: Results): string {
  const beside = results.applications === 1000 && results.objects === 4;
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const head = ["", "goal", "measured", ...(beside ? ["Flux", "Argo CD", "kubectl"] : [])];
  const rows = rowsOf(results).map(({ name, value, goal, met, peers }) =>
    line([name, goal, value + verdict(met), ...(beside ? peers : [])]),
  );
  return [`${heading(results)}:`, "", line(head), line(head.map(() => "---")), ...rows].join("\n");
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
