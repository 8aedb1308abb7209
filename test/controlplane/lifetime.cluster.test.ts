import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { expect, test, vi } from "vitest";
import { describeCluster, startControlPlane } from "./index.ts";
import { isAlive } from "./lock.ts";

// Starts a control plane and never stops it: the tests end its process in several ways.
const OWNER = `
  import { startControlPlane } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, "control-plane.ts")))};
  const plane = await startControlPlane();
  console.log(JSON.stringify({ dir: plane.dir, pids: plane.pids() }));
  if (process.argv[1] === "stay") setInterval(() => undefined, 60_000);
`;

/** Starts another process that starts a control plane, and resolves when that is up. */
async function startOwner(mode: "stay" | "end"): Promise<{ owner: ChildProcess; dir: string; pids: number[] }> {
  const args = ["--input-type=module", "-e", OWNER, mode];
  const owner = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface(owner.stdout)) {
    const { dir, pids }: { dir: string; pids: Record<string, number> } = JSON.parse(line);
    return { owner, dir, pids: Object.values(pids) };
  }
  throw new Error("the owner ended before its control plane was up");
}

async function expectGone(dir: string, pids: readonly number[]): Promise<void> {
  expect(pids).toHaveLength(2);
  await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), { timeout: 10_000 });
  await vi.waitFor(() => expect(existsSync(dir)).toBe(false), { timeout: 10_000 });
}

describeCluster("the life of a control plane", () => {
  test("stop leaves no process and no file", async () => {
    const plane = await startControlPlane();
    const pids = Object.values(plane.pids());
    expect(pids.every(isAlive)).toBe(true);
    await plane.stop();
    await expectGone(plane.dir, pids);
  });

  test.each(["SIGKILL", "SIGTERM", "SIGINT"] as const)("it ends when %s ends its owner", async (signal) => {
    const { owner, dir, pids } = await startOwner("stay");
    owner.kill(signal);
    await once(owner, "exit");
    await expectGone(dir, pids);
  });

  test("it ends when its owner forgets it and ends", async () => {
    const { dir, pids } = await startOwner("end");
    await expectGone(dir, pids);
  });

  test("killing and restarting the API server keeps the data and the address", async () => {
    await using plane = await startControlPlane();
    await plane.kubectl(["create", "configmap", "kept", "--from-literal=a=1"]);
    await plane.killApiserver();
    expect((await plane.kubectl(["get", "configmap", "kept"])).code).not.toBe(0);
    await plane.startApiserver();
    expect(await plane.kubectl(["get", "configmap", "kept", "-o", "jsonpath={.data.a}"])).toMatchObject({
      stdout: "1",
    });
  });

  test("killing and restarting etcd keeps the data, and the API server goes on with it", async () => {
    await using plane = await startControlPlane();
    await plane.kubectl(["create", "configmap", "kept", "--from-literal=a=1"]);
    const before = plane.pids();
    await plane.killEtcd();
    expect(plane.pids()["etcd"]).toBeUndefined();
    await plane.startEtcd();
    await expect
      .poll(() => plane.kubectl(["get", "configmap", "kept", "-o", "jsonpath={.data.a}"]))
      .toMatchObject({ stdout: "1" });
    expect(plane.pids()["kube-apiserver"]).toBe(before["kube-apiserver"]);
  });

  test("after compaction and a restart an old watch is answered with 410", async () => {
    await using plane = await startControlPlane();
    await plane.compactEtcd();
    await plane.killApiserver();
    await plane.startApiserver();
    const watch = await plane.kubectl(["get", "--raw", "/api/v1/configmaps?watch=1&resourceVersion=1"]);
    expect(watch.stdout).toContain('"code":410');
  });

  test("two run side by side", async () => {
    await using first = await startControlPlane();
    await using second = await startControlPlane();
    expect(first.server).not.toBe(second.server);
    await first.kubectl(["create", "configmap", "only-here"]);
    expect((await second.kubectl(["get", "configmap", "only-here"])).code).toBe(1);
  });
});
