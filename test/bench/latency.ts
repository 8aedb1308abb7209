/**
 * `npm run bench:latency [-- --runs 50] [--applications 1000] [--json FILE]`: how long people wait, on the real kube-apiserver.
 *
 * webhook: from the delivery of a signed webhook to the commit's last object as the server has it.
 * report: from the answer to a hand edit to its line in GET /api/v1/drift. heal: to the old value in the cluster.
 * apply: one server-side apply through the same client in the same run, which everything else is measured against.
 * Each run takes an application of its own, so that no run is slowed by the rest that a fight is given.
 */
import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Cluster, createCluster } from "../../src/cluster/index.ts";
import { type KubeObject, SILENT } from "../../src/model/index.ts";
import { startControlPlane } from "../controlplane/index.ts";
import { configMap } from "../e2e/manifests.ts";
import { World } from "../e2e/world.ts";

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
await using world = await World.make({
  files: Object.fromEntries(range(applications).map((i) => [`apps/a${i}/config.yaml`, settings(i, "start")])),
  cluster: controlPlane,
});
world.plumbline.setApplications(range(applications).map(document).join("\n---\n"));
await world.plumbline.start();
await tightly(
  async () =>
    (await world.plumbline.get<{ total: number }>("/api/v1/applications?sync=Synced&limit=1")).total === applications,
  300,
);
const cluster = await createCluster({ kubeconfig: controlPlane.kubeconfigPath, log: SILENT });

const results = {
  apply: await measure((i) => timed(() => cluster.apply(plain("bench", `${i}`)))),
  webhook: await measure(webhookToApplied),
  report: await measure(editToReported),
  heal: await measure(editToHealed),
};
await cluster.close();
print();

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

/** Even ones are healed, odd ones are left alone. */
function document(i: number): string {
  return JSON.stringify({
    apiVersion: "plumbline.dev/v1alpha1",
    kind: "Application",
    metadata: { name: `a${i}`, namespace: "default" },
    spec: {
      source: { repo: world.repository.url, ref: "main", path: `apps/a${i}` },
      destination: { namespace: world.namespace },
      sync: { interval: "10m", selfHeal: i % 2 === 0 },
    },
  });
}

function settings(i: number, colour: string): string {
  return configMap(`settings-${i}`, { colour });
}

function plain(name: string, colour: string): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: world.namespace }, data: { colour } };
}

async function measure(run: (i: number) => Promise<number>): Promise<{ median: number; p99: number }> {
  const times: number[] = [];
  for (const i of range(runs)) times.push(await run(i));
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { median: at(0.5), p99: at(0.99) };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function tightly(ask: () => Promise<boolean>, seconds = 30): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!(await ask()))
    if (performance.now() > end) throw new Error(`waited ${seconds} s; ${world.plumbline.output.slice(-3000)}`);
}

async function colourOf(client: Cluster, i: number): Promise<unknown> {
  const live = await client.get({
    group: "",
    version: "v1",
    kind: "ConfigMap",
    namespace: world.namespace,
    name: `settings-${i}`,
  });
  return (live?.["data"] as { colour?: string } | undefined)?.colour;
}

async function edit(i: number, colour: string): Promise<void> {
  const ref = { group: "", version: "v1", kind: "ConfigMap", namespace: world.namespace, name: `settings-${i}` };
  await cluster.patch(ref, { data: { colour } }, { manager: "a-hand" });
}

async function webhookToApplied(i: number): Promise<number> {
  await world.commit({ [`apps/a${i}/config.yaml`]: settings(i, `commit-${i}`) });
  const body = JSON.stringify({ ref: "refs/heads/main", repository: { clone_url: world.repository.url } });
  const signature = `sha256=${createHmac("sha256", world.plumbline.webhookSecret).update(body).digest("hex")}`;
  const headers = { "content-type": "application/json", "x-github-event": "push", "x-hub-signature-256": signature };
  return await timed(async () => {
    await world.plumbline.post("/hooks/github", body, headers);
    await tightly(async () => (await colourOf(cluster, i)) === `commit-${i}`);
  });
}

async function editToReported(run: number): Promise<number> {
  const i = 2 * run + 1;
  await edit(i, `hand-${i}`);
  return await timed(() =>
    tightly(async () => {
      const { items } = await world.plumbline.get<{ items: { change: { live?: unknown } }[] }>(
        `/api/v1/drift?application=default%2Fa${i}`,
      );
      return items.some(({ change }) => change.live === `hand-${i}`);
    }),
  );
}

async function editToHealed(run: number): Promise<number> {
  const i = 2 * run;
  const wanted = await colourOf(cluster, i);
  await edit(i, "hand");
  return await timed(() => tightly(async () => (await colourOf(cluster, i)) === wanted));
}

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
