/**
 * `npm run simulate:fleet [-- --applications 50000 --clusters 500 --replicas 10 --loops 1 --repositories 500 --interval 5m --json FILE]`: what a fleet that
 * no machine here could hold would do, with the product's own loop, queue, division, clients, caches and report, on simulated clocks, processors,
 * connections, API servers and Git (docs/performance.md has what they take). Of the replicas as many as `--loops` do their work; the others divide it with them.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { table } from "./print.ts";
import { simulate } from "./run.ts";

const { values } = parseArgs({
  options: {
    applications: { type: "string", default: "50000" },
    clusters: { type: "string", default: "500" },
    replicas: { type: "string", default: "10" },
    loops: { type: "string", default: "1" },
    repositories: { type: "string", default: "500" },
    interval: { type: "string", default: "5m" },
    json: { type: "string" },
  },
});

const { interval, json } = values;
const [applications, clusters, replicas, loops, repositories] = [
  values.applications,
  values.clusters,
  values.replicas,
  values.loops,
  values.repositories,
].map(Number) as [number, number, number, number, number];
const result = await simulate({ applications, clusters, replicas, loops, repositories, interval }, (text) =>
  console.error(text),
);
console.log(table(result));
if (json !== undefined) writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`);
process.exit(0);
