/**
 * `npm run bench:latency [-- --runs 50] [--applications 1000] [--json FILE]`: how long people wait, on the real kube-apiserver.
 *
 * webhook: from the delivery of a signed webhook to the commit's object as the server has it.
 * report: from the answer to a hand edit to its line in GET /api/v1/drift. heal: to the old value in the cluster.
 * apply: one server-side apply through the same client in the same run, which everything else is measured against.
 * Each run takes an application of its own, so that no run is slowed by the rest that a fight is given. `npm run bench` measures the
 * same in a larger fleet, beside much else; this is the quick form, without a build.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { startControlPlane } from "../controlplane/index.ts";
import { measure } from "./fleet/figures.ts";
import { Fleet } from "./fleet/fleet.ts";
import { Waits } from "./fleet/waits.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "50" },
    applications: { type: "string", default: "1000" },
    json: { type: "string" },
  },
});
const applications = Number(values.applications);
const runs = Math.min(Number(values.runs), Math.floor(applications / 2));

await using controlPlane = await startControlPlane();
const namespaces = [await controlPlane.createNamespace("bench")];
await using fleet = await Fleet.make({ controlPlane, applications, objects: 1, namespaces, interval: "10m" });
await fleet.syncAll(300);
const waits = await Waits.of(fleet);

const results = {
  apply: await measure(runs, (i) => waits.apply(i)),
  webhook: await measure(runs, (i) => waits.webhookToApplied(i)),
  report: await measure(runs, (i) => waits.editToReported(i)),
  heal: await measure(runs, (i) => waits.editToHealed(i)),
};
print();

function print(): void {
  console.log(`${applications} applications present, ${runs} runs each, milliseconds`);
  for (const [name, { median, p99 }] of Object.entries(results)) {
    const ratio = (median / results.apply.median).toFixed(1);
    console.log(
      `${name.padEnd(8)} median ${median.toFixed(1).padStart(7)}   99th ${p99.toFixed(1).padStart(7)}   ${ratio} x one apply`,
    );
  }
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify({ runs, applications, ...results }, null, 2)}\n`);
}
