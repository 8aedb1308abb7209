import { type Results, spreadOf, tally } from "./results.ts";

/** The report, as docs/reliability.md has it. */
export function print(results: Results): string {
  const { seed, seconds, rounds, kills, commits, hands, passes, failedStarts } = results;
  const minutes = `${Math.floor(seconds / 60)} m ${Math.round(seconds % 60)} s`;
  return [
    `soak: seed ${seed}, ${kills.length} kills in ${rounds} rounds, ${minutes}`,
    `  ${commits} commits, ${hands} edits and deletions by hand, ${passes} passes counted, ${failedStarts} starts that failed under a fault`,
    "",
    "kills, by phase",
    ...counted(tally(kills.map(({ phase }) => phase))),
    "kills, by what was being written",
    ...counted(tally(kills.map(({ what }) => what))),
    "faults beside them",
    ...counted(results.faults),
    "",
    `${"seconds from the end of the faults until all is as Git says".padEnd(WIDTH)}  rounds  median    99th     max`,
    ...Object.entries(results.convergence).map(([name, times]) => spread(name, times)),
    "",
    ...verdicts(results),
    "",
  ].join("\n");
}

const WIDTH = 58;

function counted(counts: { readonly [name: string]: number }): string[] {
  return Object.entries(counts).map(([name, count]) => `  ${name.padEnd(WIDTH - 2)}  ${String(count).padStart(6)}`);
}

function spread(name: string, times: readonly number[]): string {
  const { count, median, p99, max } = spreadOf(times);
  const cells = [median, p99, max].map((ms) => (ms / 1000).toFixed(1).padStart(8)).join("");
  return `  ${name.padEnd(WIDTH - 2)}  ${String(count).padStart(6)}${cells}`;
}

function verdicts({ failures, deletions, surfaces }: Results): string[] {
  return [
    ...verdict("converged after every round", failures.converged),
    ...verdict("nothing orphaned", failures.orphans),
    ...verdict(`nothing deleted that Git had (of ${deletions} deletions)`, failures.deletions),
    ...verdict(`no secret shown (in ${surfaces} texts)`, failures.secrets),
    ...verdict("the process never ended by itself", failures.ended),
  ];
}

function verdict(promise: string, broken: readonly string[]): string[] {
  if (broken.length === 0) return [`${promise.padEnd(WIDTH)}      yes`];
  return [`${promise.padEnd(WIDTH)}       NO`, ...broken.map((sentence) => `    ${sentence}`)];
}
