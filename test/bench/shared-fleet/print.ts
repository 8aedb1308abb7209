import { type Counts, total } from "../fleet/counters.ts";
import type { Share, SharedResults, Span } from "./results.ts";
import { sum } from "./shared-fleet.ts";

interface Row {
  readonly name: string;
  readonly of: (results: SharedResults) => number;
  readonly unit: string;
  readonly digits?: number;
  /** What division does to it: it falls to about a part of it for each replica, or stays. Undefined: nothing is promised. */
  readonly promise?: "falls" | "stays";
  /** Of it, what a process without applications has: that part does not fall. */
  readonly empty?: (results: SharedResults) => number;
}

/** Of the replica that has most of it. */
const most = (pick: (share: Share) => number) => (results: SharedResults) => Math.max(...results.shares.map(pick));
const MIB = { unit: " MiB", digits: 0 };
const SECONDS = { unit: " s", digits: 1 };

const MEMORY: readonly Row[] = [
  { name: "applications, the largest share", of: most(({ applications }) => applications), unit: "", promise: "falls" },
  ...memory("what lives in a replica, after a collection", ({ livesMiB }) => livesMiB),
  ...memory("resident in a replica, settled", ({ settledMiB }) => settledMiB),
  ...memory("resident in a replica, at the highest", ({ peakMiB }) => peakMiB),
  { name: "resident in all, settled", of: ({ shares }) => sum(shares.map(({ settledMiB }) => settledMiB)), ...MIB },
];

function memory(name: string, pick: (share: Share) => number): Row[] {
  const empty = ({ empty: share }: SharedResults): number => pick(share);
  return [
    { name, of: most(pick), ...MIB, promise: "falls", empty },
    { name: `${name}, without applications`, of: empty, ...MIB },
  ];
}

/** Of one span. A write or a pass that is one more than needed shows as a ratio above 1. */
function spanRows(name: string, of: (results: SharedResults) => Span | undefined): readonly Row[] {
  const row = (what: string, value: (span: Span) => number, rest: Omit<Row, "name" | "of">): Row => ({
    name: `${name}: ${what}`,
    of: (results) => {
      const span = of(results);
      return span === undefined ? Number.NaN : value(span);
    },
    ...rest,
  });
  return [
    row("time", ({ seconds }) => seconds, SECONDS),
    row("CPU of all", ({ cpuSeconds }) => cpuSeconds, SECONDS),
    row("passes", ({ passes }) => total(passes), { unit: "", promise: "stays" }),
    row("requests to Kubernetes", ({ kube }) => total(kube), { unit: "", promise: "stays" }),
    row("writes", ({ writes }) => writes, { unit: "", promise: "stays" }),
    row("objects written by two", ({ writtenByTwo }) => writtenByTwo, { unit: "" }),
    row("requests to Git", ({ git }) => total(git), { unit: "", promise: "stays" }),
    row("requests for Leases", ({ leases }) => leases, { unit: "" }),
  ];
}

const ROWS: readonly Row[] = [
  ...MEMORY,
  ...spanRows("first sync", ({ first }) => first),
  ...spanRows("an idle interval", ({ idle }) => idle),
  ...spanRows("a commit", ({ commit }) => commit),
  ...spanRows("one dies", ({ death }) => death),
];

/** A quarter more than the division would give: processes have a floor, and the hash is no ruler. */
const LEEWAY = 1.25;

/** One column a number of replicas, with the ratio to the first; below it what does not do what it should. */
export function table(all: readonly SharedResults[]): string {
  const [first] = all;
  const head = ["", ...all.map(({ replicas }) => `${replicas} replica${replicas === 1 ? "" : "s"}`)];
  const cells = ROWS.map((row) => [row.name, ...all.map((results) => cell(row, results, first))]);
  const line = (row: readonly string[]): string => `| ${row.join(" | ")} |`;
  const rows = [line(head), line(head.map(() => "---")), ...cells.map(line)];
  return [heading(all), "", ...rows, "", ...all.flatMap(verbsOf), "", ...judged(all)].join("\n");
}

function heading([first]: readonly SharedResults[]): string {
  return `${first?.applications} applications of one object; a commit touches ${first?.commit.touched}:`;
}

function cell(row: Row, results: SharedResults, first: SharedResults | undefined): string {
  const value = row.of(results);
  if (Number.isNaN(value)) return "-";
  const base = first === undefined || first === results ? 0 : row.of(first);
  const ratio = base > 0 ? ` (${(value / base).toFixed(2)})` : "";
  return `${value.toFixed(row.digits ?? 0)}${row.unit}${ratio}`;
}

function verbsOf({ replicas, first, idle, commit, death }: SharedResults): string[] {
  const text = ({ kube, passes, git }: Span): string =>
    `${counts(kube)}; passes: ${counts(passes)}; Git: ${counts(git)}`;
  return [
    `${replicas}, first sync: ${text(first)}`,
    `${replicas}, idle: ${text(idle)}`,
    `${replicas}, commit: ${text(commit)}`,
    ...(death === undefined
      ? []
      : [`${replicas}, one dies: ${text(death)}; at the highest ${death.peakMiB.toFixed(0)} MiB`]),
  ];
}

function counts(all: Counts): string {
  const text = Object.entries(all).map(([key, count]) => `${count} ${key}`);
  return text.length === 0 ? "none" : text.join(", ");
}

/** What grows or stays where it must not, against the first column. */
function judged([first, ...others]: readonly SharedResults[]): string[] {
  if (first === undefined) return [];
  const found = others.flatMap((results) => ROWS.flatMap((row) => judgedOne(row, results, first)));
  return found.length === 0 ? ["all of it falls with the division, or stays"] : found;
}

function judgedOne(row: Row, results: SharedResults, first: SharedResults): string[] {
  const { name, of, promise, digits = 0, empty = () => 0 } = row;
  const falling = (of(first) - empty(first)) * (first.replicas / results.replicas);
  const wanted = promise === "falls" ? empty(results) + falling * LEEWAY : of(first) * LEEWAY;
  if (promise === undefined || !(of(results) > wanted)) return [];
  const does = promise === "falls" ? "does not fall with the division" : "grows";
  return [
    `${does}, with ${results.replicas} replicas: ${name}, ${cell(row, results, first)}, at most ${wanted.toFixed(digits)} wanted`,
  ];
}
