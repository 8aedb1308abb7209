import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { expect, test, vi } from "vitest";
import { describeCluster, sharedControlPlane, startControlPlane } from "./index.ts";
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

  test("it keeps its data through restarts of either program, forgets what etcd forgets, and stop leaves no process and no file", async () => {
    await using plane = await startControlPlane();
    const kept = () => plane.kubectl(["get", "configmap", "kept", "-o", "jsonpath={.data.a}"]);
    await plane.kubectl(["create", "configmap", "kept", "--from-literal=a=1"]);
    const before = plane.pids();
    await plane.killEtcd();
    expect(plane.pids()["etcd"]).toBeUndefined();
    await plane.startEtcd();
    await expect.poll(kept).toMatchObject({ stdout: "1" });
    expect(plane.pids()["kube-apiserver"]).toBe(before["kube-apiserver"]);

    await plane.compactEtcd();
    await plane.killApiserver();
    expect((await kept()).code).not.toBe(0);
    await plane.startApiserver();
    expect(await kept()).toMatchObject({ stdout: "1" });
    const watch = await plane.kubectl(["get", "--raw", "/api/v1/configmaps?watch=1&resourceVersion=1"]);
    expect(watch.stdout, "an old watch").toContain('"code":410');

    const pids = Object.values(plane.pids());
    expect(pids.every(isAlive)).toBe(true);
    await plane.stop();
    await expectGone(plane.dir, pids);
  });

  test("two run side by side", async () => {
    await using own = await startControlPlane();
    const shared = sharedControlPlane();
    expect(own.server).not.toBe(shared.server);
    await own.kubectl(["create", "configmap", "only-here"]);
    expect((await shared.kubectl(["get", "configmap", "only-here"])).code).toBe(1);
  });
});
