import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { ClustersAnswer } from "../../src/api/index.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { runPlumb } from "../cli/run-plumb.ts";
import { type GitRepository, startGitServer } from "../git-server/index.ts";
import { startTcpProxy, type TcpProxy } from "../tcp-proxy/index.ts";
import { configMap } from "./manifests.ts";
import { Plumbline } from "./plumbline.ts";
import { until } from "./until.ts";

const SYSTEM = "plumbline-system";
const PASSWORD = "p4ssw0rd-of-the-proxy";

/** A cluster in memory, behind a line that can be cut. */
class Far {
  readonly name: string;
  readonly sandbox: Sandbox;
  readonly line: TcpProxy;

  private constructor(parts: Pick<Far, "name" | "sandbox" | "line">) {
    this.name = parts.name;
    this.sandbox = parts.sandbox;
    this.line = parts.line;
  }

  static async start(name: string): Promise<Far> {
    const sandbox = await startSandbox({ controllers: false });
    const line = await startTcpProxy({ host: "127.0.0.1", port: Number(new URL(sandbox.url).port) });
    onTestFinished(async () => {
      await line.close();
      await sandbox.stop();
    });
    return new Far({ name, sandbox, line });
  }

  /** With a password in it, which nobody may ever see again. */
  get kubeconfig(): string {
    return this.sandbox.kubeconfig.replace(this.sandbox.url, `http://admin:${PASSWORD}@127.0.0.1:${this.line.port}`);
  }

  async configMaps(): Promise<readonly string[]> {
    const answer = await fetch(`${this.sandbox.url}/api/v1/namespaces/shop/configmaps`);
    const { items } = (await answer.json()) as { items: { metadata: { name: string } }[] };
    return items.map(({ metadata }) => metadata.name);
  }

  async put(path: string, object: object): Promise<void> {
    const answer = await fetch(`${this.sandbox.url}${path}?fieldManager=test&force=true`, {
      method: "PATCH",
      headers: { "content-type": "application/apply-patch+yaml" },
      body: JSON.stringify(object),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }
}

async function declare(home: Far, name: string, text: string): Promise<void> {
  await home.put(`/api/v1/namespaces/${SYSTEM}`, { apiVersion: "v1", kind: "Namespace", metadata: { name: SYSTEM } });
  await home.put(`/api/v1/namespaces/${SYSTEM}/secrets/${name}`, {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, labels: { "plumbline.dev/cluster": name } },
    data: { kubeconfig: Buffer.from(text).toString("base64") },
  });
}

function application(repository: GitRepository, name: string, cluster: string | undefined): object {
  const destination = { namespace: "shop", createNamespace: true, ...(cluster === undefined ? {} : { cluster }) };
  const source = { repo: repository.url, ref: "main", path: name };
  return {
    apiVersion: "plumbline.dev/v1alpha1",
    kind: "Application",
    metadata: { name, namespace: "default" },
    spec: { source, destination, deletion: "prune", sync: { interval: "5s" } },
  };
}

interface Fleet {
  readonly plumbline: Plumbline;
  readonly repository: GitRepository;
  readonly home: Far;
  readonly declareAll: (applications: { readonly [name: string]: string | undefined }) => string;
}

/** Plumbline at home in one cluster, with `eu` out of a file. */
async function start(eu: Far, applications: { readonly [name: string]: string | undefined }): Promise<Fleet> {
  const home = await Far.start("home");
  const git = await startGitServer();
  onTestFinished(() => git.stop());
  const names = ["near", "europe", "america"];
  const files = names.map((name) => [`${name}/c.yaml`, configMap(name, { a: "1" })] as const);
  const repository = await git.createRepository("apps", Object.fromEntries(files));
  const folder = mkdtempSync(join(tmpdir(), "plumb-clusters-"));
  writeFileSync(join(folder, "home.kubeconfig"), home.kubeconfig);
  writeFileSync(join(folder, "eu.kubeconfig"), eu.kubeconfig);
  writeFileSync(join(folder, "clusters.yaml"), "- name: prod-eu\n  kubeconfig: eu.kubeconfig\n");
  const declareAll = (all: { readonly [name: string]: string | undefined }) =>
    Object.entries(all)
      .map(([name, cluster]) => JSON.stringify(application(repository, name, cluster)))
      .join("\n---\n");
  const plumbline = new Plumbline({
    kubeconfigPath: join(folder, "home.kubeconfig"),
    applications: declareAll(applications),
    args: ["--clusters", join(folder, "clusters.yaml")],
  });
  onTestFinished(() => plumbline[Symbol.asyncDispose]());
  return { plumbline, repository, home, declareAll };
}

async function clusterOf({ plumbline }: Fleet, name: string) {
  const { items } = await plumbline.get<ClustersAnswer>("/api/v1/clusters");
  return items.find((one) => one.name === name);
}

const isSynced = ({ sync }: { readonly sync: { readonly status: string } }) => sync.status === "Synced";

test("each application goes where it is for; a cluster that is away is told with reason and age, keeps nobody, and goes on by itself", async () => {
  const eu = await Far.start("eu");
  const fleet = await start(eu, { near: undefined, europe: "prod-eu", america: "prod-u" });
  const { plumbline, repository, home } = fleet;
  await plumbline.start();
  await plumbline.status("default/near", isSynced);
  await plumbline.status("default/europe", isSynced);
  expect([await home.configMaps(), await eu.configMaps()]).toEqual([["near"], ["europe"]]);
  const [unknown] = (await plumbline.status("default/america", ({ problems }) => problems.length > 0)).problems;
  expect(unknown).toMatchObject({ code: "PL-CLUSTER-UNKNOWN", where: "spec.destination.cluster" });
  expect(unknown?.message).toContain("there are sandbox, prod-eu");
  expect(unknown?.next).toContain("did you mean prod-eu?");

  eu.line.refuse();
  const away = await plumbline.status("default/europe", ({ problems }) => problems[0]?.code === "PL-CLUSTER-AWAY");
  expect(away.sync.status).toBe("Unknown");
  expect(away.sync.message).toMatch(
    /^prod-eu does not answer for \d+(ms|s).*: http:\/\/127\.0\.0\.1:\d+\/? cannot be reached/,
  );
  await repository.commit({ "near/c.yaml": configMap("near-2", {}), "europe/c.yaml": configMap("europe-2", {}) });
  await until("the commit at home", async () => (await home.configMaps()).includes("near-2"));
  await until("its state", async () => (await clusterOf(fleet, "prod-eu"))?.state === "Away");
  const listed = await runPlumb(["get", "clusters", "-o", "wide", "--server", plumbline.address]);
  expect(listed.stdout).toMatch(/prod-eu\s+Away\s+\S+\s+1\s/);
  const metrics = await (await fetch(`${plumbline.address}/metrics`)).text();
  expect(metrics).toContain('plumbline_cluster_state{cluster="prod-eu",state="Away"} 1');
  expect(metrics).toMatch(/plumbline_cluster_away_seconds\{cluster="prod-eu"\} (?!0\n)/);
  expect(await plumbline.get("/readyz")).toMatchObject({ ready: true, problems: [{ code: expect.any(String) }] });

  eu.line.accept();
  await until("the commit over there", async () => (await eu.configMaps()).join() === "europe-2", 60);
  await plumbline.status("default/europe", isSynced);

  // For another one now: what it made stays, and its status says so until somebody has removed it.
  plumbline.setApplications(fleet.declareAll({ near: undefined, europe: undefined }));
  const isLeft = (warning: string) => warning.startsWith("left behind in cluster prod-eu");
  const moved = await plumbline.status("default/europe", ({ warnings }) => warnings.some(isLeft), 60);
  expect(moved.warnings.find(isLeft)).toMatch(
    /^left behind in cluster prod-eu, where it was before: 1 object\. .* in that cluster: kubectl delete configmaps --all-namespaces -l applyset\.kubernetes\.io\/part-of=applyset-\S+-v1 && kubectl delete configmap default\.europe -n plumbline-system$/,
  );
  await until("its objects at home", async () => (await home.configMaps()).includes("europe-2"));
  expect(await eu.configMaps()).toEqual(["europe-2"]);
  await fetch(`${eu.sandbox.url}/api/v1/namespaces/${SYSTEM}/configmaps/default.europe`, { method: "DELETE" });
  await plumbline.status("default/europe", ({ warnings }) => !warnings.some(isLeft));
  expect(listed.stdout + metrics + plumbline.output + JSON.stringify(away)).not.toContain(PASSWORD);
});

test("a cluster out of a Secret comes, moves and goes without a restart, and its client is closed after its last application", async () => {
  const [eu, us, other] = await Promise.all([Far.start("eu"), Far.start("us"), Far.start("other")]);
  const fleet = await start(eu, { near: undefined, america: "prod-us" });
  const { plumbline, home, declareAll } = fleet;
  await plumbline.start();
  await plumbline.status("default/america", ({ problems }) => problems[0]?.code === "PL-CLUSTER-UNKNOWN");
  // Who left is looked for in every cluster once; then nobody needs it.
  await until("nobody to need it", async () => (await clusterOf(fleet, "prod-eu"))?.watches === 0);
  expect(await clusterOf(fleet, "prod-eu")).toMatchObject({ applications: 0 });

  await declare(home, "prod-us", us.kubeconfig);
  await until("its objects", async () => (await us.configMaps()).includes("america"));
  await plumbline.status("default/america", isSynced);
  expect(await clusterOf(fleet, "prod-us")).toMatchObject({
    state: "Answers",
    declaredBy: `Secret ${SYSTEM}/prod-us`,
    applications: 1,
    warnings: [],
  });

  await declare(home, "prod-us", other.kubeconfig.replace("user: {}", "user: { exec: { command: sh } }"));
  await until("the refusal", async () =>
    ((await clusterOf(fleet, "prod-us"))?.warnings[0] ?? "").includes("exec is set"),
  );
  expect(await clusterOf(fleet, "prod-us")).toMatchObject({ state: "Answers" });

  await declare(home, "prod-us", other.kubeconfig);
  await until("its objects in the other one", async () => (await other.configMaps()).includes("america"));
  await plumbline.status("default/america", isSynced);

  plumbline.setApplications(declareAll({ near: undefined }));
  await until("what is gone with it", async () => !(await other.configMaps()).includes("america"));
  await until("nobody", async () => (await clusterOf(fleet, "prod-us"))?.state === "Idle");
  expect(await clusterOf(fleet, "prod-us")).toMatchObject({ watches: 0, applications: 0 });
  expect(plumbline.output).not.toContain(PASSWORD);
});
