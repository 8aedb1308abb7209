import { appendFile, chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Cluster } from "../../src/cluster/index.ts";
import { type ControlPlaneClient, describeCluster, sharedControlPlane } from "../controlplane/index.ts";
import { CONFIG_MAP, openCluster } from "./clusters.ts";

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "plumbline-credentials-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function kubeconfig(dir: string, user: object, plane: ControlPlaneClient): Promise<string> {
  const path = join(dir, "kubeconfig");
  const config = {
    "current-context": "test",
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
    clusters: [{ name: "test", cluster: { server: plane.server, "certificate-authority": plane.caFile } }],
    users: [{ name: "test", user }],
  };
  await writeFile(path, JSON.stringify(config));
  return path;
}

/** A credential plugin that prints what stands in a file, and writes a line for each of its runs. */
async function plugin(dir: string, status: object) {
  const command = join(dir, "plugin.sh");
  const [answer, runs] = [join(dir, "answer.json"), join(dir, "runs")];
  await writeFile(runs, "");
  const say = (next: object) =>
    writeFile(
      answer,
      JSON.stringify({ apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", status: next }),
    );
  await say(status);
  await writeFile(command, `#!/bin/sh\necho "$KUBERNETES_EXEC_INFO" >> '${runs}'\nsleep 0.1\ncat '${answer}'\n`);
  await chmod(command, 0o700);
  const runsSoFar = async () => (await readFile(runs, "utf8")).split("\n").filter(Boolean);
  return { exec: { apiVersion: "client.authentication.k8s.io/v1", command, interactiveMode: "Never" }, say, runsSoFar };
}

const NOTHING = { ...CONFIG_MAP, namespace: "default", name: "there-is-no-such" };
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

/** In the end: a kubeconfig, and a token file, is not read again within five seconds of the last time. */
async function expectTaken(cluster: Cluster): Promise<void> {
  const answer = () =>
    cluster.get(NOTHING).then(
      () => "found out",
      () => "refused",
    );
  await expect.poll(answer, { timeout: 10_000, interval: 500 }).toBe("found out");
}

describeCluster("credentials", () => {
  test("a plugin is run once for many requests at the same time, and told what it is asked for", async () => {
    const plane = sharedControlPlane();
    const dir = await folder();
    const { exec, runsSoFar } = await plugin(dir, { token: plane.token, expirationTimestamp: inMinutes(5) });
    const cluster = await openCluster(await kubeconfig(dir, { exec }, plane));
    await Promise.all(Array.from({ length: 20 }, () => cluster.get(NOTHING)));
    const runs = await runsSoFar();
    expect(runs).toHaveLength(1);
    expect(JSON.parse(runs[0] ?? "")).toMatchObject({ kind: "ExecCredential", spec: { interactive: false } });
  });

  test("a plugin is run again when its credential has ended", async () => {
    const plane = sharedControlPlane();
    const dir = await folder();
    const { exec, say, runsSoFar } = await plugin(dir, { token: plane.token, expirationTimestamp: inMinutes(0) });
    const cluster = await openCluster(await kubeconfig(dir, { exec }, plane));
    await cluster.version();
    await say({ token: plane.token, expirationTimestamp: inMinutes(5) });
    await cluster.get(NOTHING);
    const runs = (await runsSoFar()).length;
    await cluster.get(NOTHING);
    expect((await runsSoFar()).length).toBe(runs);
  });

  test("a refused credential is renewed once; a second refusal is an error", async () => {
    const plane = sharedControlPlane();
    const dir = await folder();
    const path = await kubeconfig(dir, { token: "wrong" }, plane);
    const cluster = await openCluster(path);
    await expect(cluster.get(NOTHING)).rejects.toMatchObject({ code: "PL-KUBE-UNAUTHORIZED", retry: "interval" });
    await kubeconfig(dir, { token: plane.token }, plane);
    await expectTaken(cluster);
  });

  test("a token file is read again when its token is refused", async () => {
    const plane = sharedControlPlane();
    const dir = await folder();
    const tokenFile = join(dir, "token");
    await writeFile(tokenFile, "old-token");
    // Relative to the kubeconfig's folder.
    const cluster = await openCluster(await kubeconfig(dir, { tokenFile: "token" }, plane));
    await expect(cluster.get(NOTHING)).rejects.toMatchObject({ code: "PL-KUBE-UNAUTHORIZED" });
    await writeFile(tokenFile, `${plane.token}\n`);
    await expectTaken(cluster);
  });

  test("a plugin that fails is named with its exit code, and what it printed is not", async () => {
    const plane = sharedControlPlane();
    const dir = await folder();
    const { exec } = await plugin(dir, { token: plane.token });
    await appendFile(exec.command, "\nexit 3\n");
    const cluster = await openCluster(await kubeconfig(dir, { exec }, plane));
    const error = await cluster.get(NOTHING).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "PL-KUBE-CONFIG", message: expect.stringContaining("exit code 3") });
    expect(String(error)).not.toContain(plane.token);
  });

  test("a command that is not there is named", async () => {
    const plane = sharedControlPlane();
    const dir = await folder();
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1",
      command: join(dir, "missing"),
      interactiveMode: "Never",
    };
    const cluster = await openCluster(await kubeconfig(dir, { exec }, plane));
    await expect(cluster.version()).rejects.toMatchObject({
      code: "PL-KUBE-CONFIG",
      message: expect.stringContaining("ENOENT"),
    });
  });

  test("a server whose certificate is of another authority is not spoken to", async () => {
    const plane = sharedControlPlane();
    const dir = await folder();
    const path = await kubeconfig(dir, { token: plane.token }, { ...plane, caFile: join(dir, "missing.crt") });
    await expect(openCluster(path)).rejects.toMatchObject({ code: "PL-KUBE-CONFIG" });
    const config = (await readFile(path, "utf8")).replace(
      /"certificate-authority":"[^"]*"/,
      '"tls-server-name":"localhost"',
    );
    await writeFile(path, config);
    const cluster = await openCluster(path);
    const error = { code: "PL-KUBE-UNREACHABLE", next: expect.stringContaining("certificate-authority") };
    await expect(cluster.version()).rejects.toMatchObject(error);
  });
});
