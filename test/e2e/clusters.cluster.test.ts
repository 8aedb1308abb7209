import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { describeCluster, sharedControlPlane, startControlPlane } from "../controlplane/index.ts";
import { startGitServer } from "../git-server/index.ts";
import { configMap } from "./manifests.ts";
import { Plumbline } from "./plumbline.ts";
import { until } from "./until.ts";

const FAR = Array.from({ length: 20 }, (_, i) => `far-${i}`);
const COMMITS = 6;

const median = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;

describeCluster("two control planes", () => {
  test("one that is stopped costs the other's applications nothing, and converges by itself when it goes on", async () => {
    const home = sharedControlPlane();
    await using far = await startControlPlane();
    const namespace = await home.createNamespace("clusters");
    const git = await startGitServer();
    onTestFinished(() => git.stop());
    const names = ["near", ...FAR];
    const files = names.map((name) => [`${name}/c.yaml`, configMap(name, { at: "0" })] as const);
    const repository = await git.createRepository("apps", Object.fromEntries(files));
    const documents = names.map((name) =>
      JSON.stringify({
        apiVersion: "plumbline.dev/v1alpha1",
        kind: "Application",
        metadata: { name, namespace: "default" },
        spec: {
          source: { repo: repository.url, ref: "main", path: name },
          destination: { namespace, createNamespace: true, ...(name === "near" ? {} : { cluster: "far" }) },
          sync: { interval: "1s" },
        },
      }),
    );
    await using plumbline = new Plumbline({
      kubeconfigPath: home.kubeconfigPath,
      applications: documents.join("\n---\n"),
      args: ["--inventory-namespace", namespace],
    });
    const clusters = join(plumbline.dir, "clusters.json");
    writeFileSync(clusters, JSON.stringify([{ name: "far", kubeconfig: far.kubeconfigPath }]));
    plumbline.setClusters(clusters);
    await plumbline.start();
    for (const name of names) await plumbline.status(`default/${name}`, ({ sync }) => sync.status === "Synced");

    const valueAt = async (plane: typeof home, name: string): Promise<string> =>
      (await plane.kubectl(["-n", namespace, "get", "configmap", name, "-o", "jsonpath={.data.at}"])).stdout;
    /** From a commit to the revision that the application says it has, in milliseconds. */
    const applied = async (at: string): Promise<number> => {
      const revision = await repository.commit({ "near/c.yaml": configMap("near", { at }) });
      const begin = performance.now();
      await plumbline.status(
        "default/near",
        ({ sync, source }) => sync.status === "Synced" && source.revision === revision,
      );
      const took = performance.now() - begin;
      expect(await valueAt(home, "near")).toBe(at);
      return took;
    };
    const before: number[] = [];
    for (let i = 0; i < COMMITS; i++) before.push(await applied(`before-${i}`));

    const pid = far.pids()["kube-apiserver"] ?? 0;
    process.kill(pid, "SIGSTOP");
    const during: number[] = [];
    try {
      await repository.commit(Object.fromEntries(FAR.map((name) => [`${name}/c.yaml`, configMap(name, { at: "1" })])));
      for (let i = 0; i < COMMITS; i++) during.push(await applied(`during-${i}`));
      for (const name of FAR) {
        const { sync } = await plumbline.status(
          `default/${name}`,
          ({ problems }) => problems[0]?.code === "PL-CLUSTER-AWAY",
          90,
        );
        expect(sync).toMatchObject({
          status: "Unknown",
          message: expect.stringMatching(/^far does not answer for \d+/),
        });
      }
      for (let i = 0; i < COMMITS; i++) during.push(await applied(`away-${i}`));
    } finally {
      process.kill(pid, "SIGCONT");
    }
    await until(
      "everything over there",
      async () => {
        const values = await Promise.all(FAR.map((name) => valueAt(far, name)));
        return values.every((value) => value === "1");
      },
      90,
    );
    for (const name of FAR) await plumbline.status(`default/${name}`, ({ sync }) => sync.status === "Synced");
    const [well, stopped] = [median(before), median(during)];
    process.stderr.write(
      `commit to Synced at home, median of ${COMMITS}: ${Math.round(well)} ms; while the other is stopped, of ${during.length}: ${Math.round(stopped)} ms (x${(stopped / well).toFixed(2)})\n`,
    );
    // A pass that waited for the stopped server would have waited for its timeout of 30 s.
    expect(Math.max(...during)).toBeLessThan(25_000);
  });
});
