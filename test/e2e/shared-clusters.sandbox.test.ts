import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { freePorts } from "../controlplane/ports.ts";
import { startGitServer } from "../git-server/index.ts";
import { configMap } from "./manifests.ts";
import { Plumbline } from "./plumbline.ts";
import { replicaArguments } from "./replicas.ts";
import { until } from "./until.ts";

const SYSTEM = "plumbline-system";
const CLUSTERS = ["one", "two", "three", "four", "five", "six"];

async function sandbox(): Promise<Sandbox> {
  const started = await startSandbox({ controllers: false });
  onTestFinished(() => started.stop());
  return started;
}

async function configMapsOf({ url }: Sandbox): Promise<readonly string[]> {
  const answer = await fetch(`${url}/api/v1/namespaces/shop/configmaps`);
  const { items } = (await answer.json()) as { items: { metadata: { name: string } }[] };
  return items.map(({ metadata }) => metadata.name);
}

/** Two replicas at home, and an application for each of six clusters. */
async function start() {
  const home = await sandbox();
  await fetch(`${home.url}/api/v1/namespaces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name: SYSTEM } }),
  });
  const far = new Map(await Promise.all(CLUSTERS.map(async (name) => [name, await sandbox()] as const)));
  const git = await startGitServer();
  onTestFinished(() => git.stop());
  const files = CLUSTERS.map((name) => [`${name}/c.yaml`, configMap(name, { a: "1" })] as const);
  const repository = await git.createRepository("apps", Object.fromEntries(files));
  const folder = mkdtempSync(join(tmpdir(), "plumb-shared-clusters-"));
  for (const [name, { kubeconfig }] of far) writeFileSync(join(folder, `${name}.kubeconfig`), kubeconfig);
  writeFileSync(join(folder, "home.kubeconfig"), home.kubeconfig);
  const declared = CLUSTERS.map((name) => `- name: ${name}\n  kubeconfig: ${name}.kubeconfig\n`);
  writeFileSync(join(folder, "clusters.yaml"), declared.join(""));
  const tokenFile = join(folder, "secret");
  writeFileSync(tokenFile, "the secret of the replicas of this test");
  const declare = (names: readonly string[]) =>
    names.map((name) => JSON.stringify(application(repository.url, name))).join("\n---\n");
  const replicas = (await freePorts(2)).map((port) => {
    const replica = new Plumbline({
      kubeconfigPath: join(folder, "home.kubeconfig"),
      applications: declare(CLUSTERS),
      args: [
        ...["--clusters", join(folder, "clusters.yaml")],
        ...replicaArguments({ namespace: SYSTEM, port, tokenFile }),
      ],
    });
    onTestFinished(() => replica[Symbol.asyncDispose]());
    return replica;
  });
  await Promise.all(replicas.map((replica) => replica.start()));
  return { far, replicas, declare };
}

function application(repo: string, name: string): object {
  return {
    apiVersion: "plumbline.dev/v1alpha1",
    kind: "Application",
    metadata: { name, namespace: "default" },
    spec: {
      source: { repo, ref: "main", path: name },
      destination: { cluster: name, namespace: "shop", createNamespace: true },
      ...{ deletion: "prune", sync: { interval: "1h" } },
    },
  };
}

/** Names of the clusters on which a replica itself has a watch: the API would tell those of both. */
async function watchedBy(replica: Plumbline): Promise<readonly string[]> {
  const metrics = await (await fetch(`${replica.address}/metrics`)).text();
  return CLUSTERS.filter((name) =>
    new RegExp(`^plumbline_cluster_watches{cluster="${name}"} [1-9]`, "m").test(metrics),
  );
}

test("each replica has watches on the clusters of its own applications alone, and an application that is declared no more is deleted there", async () => {
  const { far, replicas, declare } = await start();
  for (const [name, cluster] of far)
    await until(`${name} written`, async () => (await configMapsOf(cluster)).includes(name), 60);
  await until(
    "each cluster watched by one of them",
    async () => (await Promise.all(replicas.map(watchedBy))).flat().toSorted().join() === CLUSTERS.toSorted().join(),
    60,
  );
  const [gone = "", ...left] = CLUSTERS;
  for (const replica of replicas) replica.setApplications(declare(left));
  const cluster = far.get(gone);
  await until("its objects gone", async () => cluster !== undefined && (await configMapsOf(cluster)).length === 0, 60);
  for (const [name, other] of far) if (name !== gone) expect(await configMapsOf(other)).toEqual([name]);
});
