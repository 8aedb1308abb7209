/**
 * `npm run bench [-- --applications 1000 --objects 4 --runs 50 --json FILE --markdown]`: a fleet on the real kube-apiserver, beside
 * what the same server gives to a program that does nothing but apply the same objects, in the same run.
 *
 * What is measured stands in fleet/results.ts. `plumb serve` is built and runs as people run it, a process of its own; control plane and
 * benchmark share its cores. There are no controllers: once all is Synced the benchmark writes the status of the Deployments, as theirs
 * would. CPU and memory are those of the process by /proc, so this needs Linux; requests are what the process counts.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startControlPlane } from "../controlplane/index.ts";
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

const PLUMB = join(import.meta.dirname, "../../dist/program/main.js");
/** As `npm install` runs it: with the environment and the options of its first line. */
const [FIRST = ""] = readFileSync(PLUMB, "utf8").split("\n", 1);
const OPTIONS = FIRST.match(/ --\S+/g)?.map((option) => option.trim()) ?? [];
const ENVIRONMENT = Object.fromEntries((FIRST.match(/\b[A-Z_]+=\S+/g) ?? []).map((one) => one.split("=", 2)));
/** Part of an installation, so that nobody looks for them every minute. */
const DEFINITIONS = ["crd.yaml", "project-crd.yaml"].map((file) =>
  join(import.meta.dirname, "../../manifests/deploy", file),
);

await using controlPlane = await startControlPlane();
await controlPlane.kubectl(["apply", "--server-side", ...DEFINITIONS.flatMap((file) => ["-f", file])]);
const results = await measureFleet({
  controlPlane,
  applications: Number(values.applications),
  objects: Number(values.objects),
  runs: Number(values.runs),
  interval: values.interval,
  command: [...OPTIONS, ...values.node, PLUMB],
  env: ENVIRONMENT,
  say: (line) => console.error(line),
});
console.log(values.markdown ? markdown(results) : plain(results));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
