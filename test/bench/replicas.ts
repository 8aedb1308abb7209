/**
 * `npm run bench:fleet [-- --applications 10000 --replicas 1,2,4 --interval 60s --touched 100 --json FILE]`: the same fleet over so many
 * `plumb serve` that share it by Leases, each number of them on a real kube-apiserver of its own.
 *
 * On few cores the point is not speed but what a replica keeps, and what is asked and done twice. Memory is that of each process by
 * /proc, and what lives in it after a collection; requests are what the processes count, writes and Leases what the API server's audit
 * log has. shared-fleet/results.ts says what each figure is. Below the table stands what does not fall with the division. Needs Linux.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { startControlPlane } from "../controlplane/index.ts";
import { APPLY_DEFINITIONS, installedPlumb } from "./fleet/installed.ts";
import { measureSharedFleet } from "./shared-fleet/measure-shared-fleet.ts";
import { table } from "./shared-fleet/print.ts";
import type { SharedResults } from "./shared-fleet/results.ts";

const { values } = parseArgs({
  options: {
    applications: { type: "string", default: "10000" },
    replicas: { type: "string", default: "1,2,4" },
    interval: { type: "string", default: "60s" },
    touched: { type: "string", default: "100" },
    json: { type: "string" },
    /** Options of Node for the processes that are measured. */
    node: { type: "string", multiple: true, default: [] },
  },
});

const { options, program, env } = installedPlumb();
const all: SharedResults[] = [];
for (const replicas of values.replicas.split(",").map(Number)) {
  await using controlPlane = await startControlPlane({ auditLog: true });
  await controlPlane.kubectl(APPLY_DEFINITIONS);
  all.push(
    await measureSharedFleet({
      ...{ controlPlane, replicas, interval: values.interval, env },
      applications: Number(values.applications),
      touched: Number(values.touched),
      command: [...options, ...values.node, program],
      say: (line) => console.error(line),
    }),
  );
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(all, null, 2)}\n`);
}
console.log(table(all));
