/**
 * `npm run bench [-- --applications 1000 --objects 4 --runs 50 --json FILE --markdown]`: a fleet on the real kube-apiserver, beside
 * what the same server gives to a program that does nothing but apply the same objects, in the same run.
 *
 * What is measured stands in fleet/results.ts. `plumb serve` is built and runs as people run it, a process of its own; control plane and
 * benchmark share its cores. There are no controllers: once all is Synced the benchmark writes the status of the Deployments, as theirs
 * would. CPU and memory are those of the process by /proc, so this needs Linux; requests are what the process counts.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { startControlPlane } from "../controlplane/index.ts";
import { APPLY_DEFINITIONS, installedPlumb } from "./fleet/installed.ts";
import { measureFleet } from "./fleet/measure-fleet.ts";
import { markdown, plain } from "./fleet/print.ts";

const { values } = parseArgs({
  options: {
    applications: { type: "string", default: "1000" },
    objects: { type: "string", default: "4" },
    runs: { type: "string", default: "50" },
    interval: { type: "string", default: "60s" },
    json: { type: "string" },
    markdown: { type: "boolean", default: false },
    /** Options of Node for the process that is measured: --cpu-prof and the like. */
    node: { type: "string", multiple: true, default: [] },
  },
});

await using controlPlane = await startControlPlane();
await controlPlane.kubectl(APPLY_DEFINITIONS);
const { options, program, env } = installedPlumb();
const results = await measureFleet({
  controlPlane,
  applications: Number(values.applications),
  objects: Number(values.objects),
  runs: Number(values.runs),
  interval: values.interval,
  command: [...options, ...values.node, program],
  env,
  say: (line) => console.error(line),
});
console.log(values.markdown ? markdown(results) : plain(results));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
