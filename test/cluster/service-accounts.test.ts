import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { type Cluster, createClusters } from "../../src/cluster/index.ts";
import { type Log, SILENT } from "../../src/model/index.ts";
import { CONFIG_MAP } from "./clusters.ts";

/** The clusters of a kubeconfig whose user has these fields. */
async function clustersOf({ server = "http://127.0.0.1:1", user = {}, log = SILENT } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "plumb-accounts-"));
  const kubeconfig = join(folder, "kubeconfig");
  const config = {
    ...{ apiVersion: "v1", kind: "Config", "current-context": "home" },
    clusters: [{ name: "home", cluster: { server } }],
    users: [{ name: "home", user: { token: "t", ...user } }],
    contexts: [{ name: "home", context: { cluster: "home", user: "home" } }],
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  const { clusters } = await createClusters({ kubeconfig, namespace: "plumbline-system", log });
  onTestFinished(async () => {
    await clusters.close();
    rmSync(folder, { recursive: true });
  });
  return clusters;
}

test("every request of a service account's client names it, and one that has no name, or another's already, asks nothing", async () => {
  const asked: unknown[] = [];
  const server = createServer(({ headers }, answer) => {
    asked.push(headers["impersonate-user"]);
    answer.end(JSON.stringify({ gitVersion: "v1.36.0", metadata: { resourceVersion: "1" }, items: [] }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clusters = await clustersOf({ server: url });
  const shop = { namespace: "shop", name: "deployer" };
  const configMaps = { ...CONFIG_MAP, plural: "configmaps", namespaced: true, verbs: ["list"], servedVersions: ["v1"] };
  const list = (cluster: Cluster) => Array.fromAsync(cluster.list(configMaps));
  await list(clusters.of({ serviceAccount: shop }));
  await list(clusters.home);
  expect(asked).toEqual(["system:serviceaccount:shop:deployer", undefined]);
  // What the server says to everybody is asked once, by Plumbline itself.
  await clusters.home.version();
  await clusters.of({ serviceAccount: shop }).version();
  expect(asked).toEqual(["system:serviceaccount:shop:deployer", undefined, undefined]);

  const named = await clustersOf({ server: url, user: { as: "admin" } });
  const refused = [
    clusters.of({ serviceAccount: { namespace: "", name: "" } }),
    clusters.of({ serviceAccount: { namespace: "shop", name: "" } }),
    named.of({ serviceAccount: shop }),
  ];
  for (const cluster of refused)
    await expect(list(cluster)).rejects.toMatchObject({
      code: "PL-CLUSTER-CONFIG",
      message: expect.stringContaining("cannot be impersonated"),
    });
  expect(asked).toHaveLength(3);
});

test("clients of service accounts that nobody has a lease of rest for a minute, fifty of them at most", async () => {
  const open = { count: 0 };
  const debug = (_: unknown, text?: string) => {
    if (text?.endsWith("is opened")) open.count++;
    if (text?.endsWith("is closed")) open.count--;
  };
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const clusters = await clustersOf({ log: { ...SILENT, debug } as Log });
  const keys = Array.from({ length: 60 }, (_, i) => ({ serviceAccount: { namespace: "shop", name: `a${i}` } }));
  const leases = keys.map((key) => clusters.lease(key));
  expect(open.count).toBe(60);
  for (const lease of leases) lease.release();
  await vi.advanceTimersByTimeAsync(1000);
  expect(open.count).toBe(50);
  // The same client for who comes back in time, and it stays while somebody has it.
  const back = clusters.lease(keys[59] ?? {});
  expect(back.cluster).toBe(leases[59]?.cluster);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(open.count).toBe(1);
  back.release();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(open.count).toBe(0);
});
