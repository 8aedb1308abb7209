import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type ApplicationStatus, applicationCrd, isJsonObject, type JsonObject } from "../../src/model/index.ts";
import {
  type ControlPlaneClient,
  describeCluster,
  sharedControlPlane,
  startControlPlane,
} from "../controlplane/index.ts";
import { until } from "../e2e/until.ts";
import { startGitServer } from "../git-server/index.ts";
import { RunningPlumb, runPlumb, temporaryFolder } from "./run-plumb.ts";

const CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  colour: blue\n";

function application(name: string, namespace: string, spec: JsonObject): string {
  const metadata = { name, namespace };
  return `${JSON.stringify({ apiVersion: "plumbline.dev/v1alpha1", kind: "Application", metadata, spec })}\n`;
}

async function world(controlPlane: ControlPlaneClient) {
  const namespace = await controlPlane.createNamespace("cli");
  const git = await startGitServer();
  const repository = await git.createRepository("apps", { "web/config.yaml": CONFIG_MAP });
  const spec = { source: { repo: repository.url, path: "web" }, destination: { namespace }, sync: { interval: "1s" } };
  const folder = temporaryFolder();
  const config = join(folder, "apps.yaml");
  writeFileSync(config, application("web", "default", spec));
  const args = ["serve", "--kubeconfig", controlPlane.kubeconfigPath, "--data-dir", join(folder, "data")];
  args.push("--listen", "127.0.0.1:0", "--inventory-namespace", namespace);
  const run = (...more: string[]) => new RunningPlumb([...args, ...more]);
  return { namespace, git, spec, config, run, [Symbol.asyncDispose]: () => git.stop() };
}

async function addressOf(plumb: RunningPlumb): Promise<string> {
  return (await plumb.said(/http:\/\/127\.0\.0\.1:\d+/))[0];
}

async function statusOf(address: string, name: string): Promise<ApplicationStatus | undefined> {
  const answer = await fetch(`${address}/api/v1/applications/${name}`);
  return answer.ok ? JSON.parse(await answer.text()) : undefined;
}

describeCluster("plumb serve", () => {
  test("tells the cluster and its version, becomes ready, applies, and ends with 0", async () => {
    await using it = await world(sharedControlPlane());
    const plumb = it.run("--config", it.config);
    const address = await addressOf(plumb);
    await plumb.said(/cluster .+, Kubernetes v1\.\d+/);
    await until("readiness", async () => (await fetch(`${address}/readyz`)).status === 200);
    await until("a synced application", async () => (await statusOf(address, "default/web"))?.sync.status === "Synced");
    const ended = await runPlumb(["sync", "web", "--wait", "--server", address]);
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining("default/web  Synced  Healthy") });
    plumb.child.kill("SIGTERM");
    expect((await plumb.ended).code).toBe(0);
  });

  test("goes on when the API server comes later", async () => {
    await using controlPlane = await startControlPlane();
    await using it = await world(controlPlane);
    await controlPlane.killApiserver();
    const plumb = it.run("--config", it.config);
    const address = await addressOf(plumb);
    await until("an honest status", async () => {
      const status = await statusOf(address, "default/web");
      return status?.sync.status === "Unknown" && status.problems.some(({ code }) => code === "PL-KUBE-UNREACHABLE");
    });
    await controlPlane.startApiserver();
    await plumb.said(/the cluster answers/);
    await until(
      "a synced application",
      async () => (await statusOf(address, "default/web"))?.sync.status === "Synced",
      60,
    );
  });
});

describeCluster("plumb diff FOLDER", () => {
  test("compares with the cluster without a server, and writes nothing", async () => {
    const controlPlane = sharedControlPlane();
    const namespace = await controlPlane.createNamespace("diff");
    const folder = temporaryFolder();
    mkdirSync(join(folder, "web"));
    writeFileSync(join(folder, "web/config.yaml"), CONFIG_MAP);
    const diff = (...args: readonly string[]) =>
      runPlumb(["diff", folder, "--kubeconfig", controlPlane.kubeconfigPath, "--namespace", namespace, ...args]);
    expect(await diff()).toMatchObject({
      code: 1,
      stdout: `+ ConfigMap ${namespace}/settings   pending, new\n1 object differs: 1 pending\n`,
      stderr: "",
    });
    await controlPlane.kubectl(["apply", "--namespace", namespace, "-f", folder, "-R"]);
    expect(await diff()).toMatchObject({ code: 0, stdout: "" });
    await controlPlane.kubectl(["patch", "configmap", "settings", "-n", namespace, "-p", '{"data":{"colour":"red"}}']);
    const { code, stdout } = await diff();
    expect(stdout).toContain(`~ ConfigMap ${namespace}/settings\n    data.colour  `);
    expect(code).toBe(1);
    expect((await diff("-o", "unified")).stdout).toContain("\n-  colour: red\n+  colour: blue\n");
    expect(JSON.parse((await diff("-o", "patch")).stdout)).toMatchObject({
      items: [{ ref: { name: "settings" }, patch: [{ op: "replace", path: "/data/colour", value: "blue" }] }],
    });
  });

  test("fails with a code where the server knows no such kind, and shows the rest", async () => {
    const controlPlane = sharedControlPlane();
    const folder = temporaryFolder();
    writeFileSync(join(folder, "a.yaml"), `${CONFIG_MAP}---\n${CONFIG_MAP.replace("ConfigMap", "ConfigMapp")}`);
    const ended = await runPlumb(["diff", folder, "--kubeconfig", controlPlane.kubeconfigPath]);
    expect(ended).toMatchObject({ code: 3, stdout: expect.stringContaining("+ ConfigMap default/settings") });
    expect(ended.stderr).toMatch(/^PL-KIND-UNKNOWN {2}.*a\.yaml:8/);
  });
});

describeCluster("plumb diff of the shop", () => {
  test("shows every object to come, of the kind that the folder itself defines too", async () => {
    await using controlPlane = await startControlPlane();
    const shop = join(import.meta.dirname, "../../manifests/examples/shop");
    const { code, stdout, stderr } = await runPlumb(["diff", shop, "--kubeconfig", controlPlane.kubeconfigPath]);
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout.split("\n").filter((line) => line.startsWith("+ "))).toHaveLength(27);
    expect(stdout).toContain("+ Discount shop/");
  });
});

describeCluster("Application objects in the cluster", () => {
  test("are followed as files are, and their status says what was found", async () => {
    await using controlPlane = await startControlPlane();
    const { kubectl } = controlPlane;
    await kubectl(["apply", "-f", "-"], JSON.stringify(applicationCrd()));
    await kubectl(["wait", "--for=condition=Established", "crd/applications.plumbline.dev", "--timeout=20s"]);
    await using it = await world(controlPlane);
    const plumb = it.run("--config", it.config);
    const address = await addressOf(plumb);
    const objects = [application("api", it.namespace, it.spec), application("web", "default", it.spec)];
    const { code, stderr } = await kubectl(["apply", "-f", "-"], objects.join("---\n"));
    expect([code, stderr]).toEqual([0, ""]);
    const status = async (name: string, namespace: string): Promise<JsonObject> => {
      const { stdout } = await kubectl(["get", "applications.plumbline.dev", name, "-n", namespace, "-o", "json"]);
      const object: unknown = JSON.parse(stdout);
      const found = isJsonObject(object) ? object["status"] : undefined;
      return isJsonObject(found) ? found : {};
    };

    await until("the API's word", async () => (await statusOf(address, `${it.namespace}/api`)) !== undefined);
    const fromFile = await until("a status of the one that a file has too", async () => {
      const found = await status("web", "default");
      return found["message"] !== undefined && found;
    });
    expect(fromFile).toMatchObject({
      message: expect.stringContaining("PL-CONFIG-DUPLICATE"),
      sync: { status: "Unknown" },
    });
    await plumb.said(/declared in a file and in the cluster; the file counts.*application=default\/web/);
    const ours = await until("a status of the other", async () => {
      const found = await status("api", it.namespace);
      return isJsonObject(found["sync"]) && found["sync"]["status"] !== undefined && found;
    });
    expect(ours).toMatchObject({ observedGeneration: 1, conditions: [{ type: "Ready", observedGeneration: 1 }] });
  });
});
