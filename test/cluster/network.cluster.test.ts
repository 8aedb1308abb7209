import { expect, onTestFinished, test } from "vitest";
import { describeCluster, sharedControlPlane } from "../controlplane/index.ts";
import { kubeconfigThrough, startTcpProxy } from "../tcp-proxy/index.ts";
import { CONFIG_MAP, openCluster } from "./clusters.ts";

const NOTHING = { ...CONFIG_MAP, namespace: "default", name: "there-is-no-such" };

async function throughProxy(settings: { readonly timeoutMs?: number } = {}) {
  const plane = sharedControlPlane();
  const proxy = await startTcpProxy({ host: "127.0.0.1", port: Number(new URL(plane.server).port) });
  onTestFinished(() => proxy.close());
  const cluster = await openCluster(await kubeconfigThrough(proxy.port, plane.kubeconfigPath), settings);
  await cluster.get(NOTHING);
  return { cluster, proxy };
}

describeCluster("a network that fails", () => {
  test("a server that does not answer in time is PL-KUBE-TIMEOUT", async () => {
    const { cluster, proxy } = await throughProxy({ timeoutMs: 3000 });
    proxy.silence();
    await expect(cluster.get(NOTHING)).rejects.toMatchObject({ code: "PL-KUBE-TIMEOUT", retry: "soon" });
    expect(cluster.requests.at(-1)).toMatchObject({ verb: "get", kind: "ConfigMap", status: 0 });
  });

  test("a server that refuses connections is PL-KUBE-UNREACHABLE", async () => {
    const { cluster, proxy } = await throughProxy();
    proxy.refuse();
    await expect(cluster.get(NOTHING)).rejects.toMatchObject({ code: "PL-KUBE-UNREACHABLE", retry: "soon" });
    proxy.accept();
    expect(await cluster.get(NOTHING)).toBeUndefined();
  });

  test("a connection that was closed while it was idle is no error", async () => {
    const { cluster, proxy } = await throughProxy();
    proxy.refuse();
    proxy.accept();
    expect(await cluster.get(NOTHING)).toBeUndefined();
  });

  test("a request that is aborted ends at once with the signal's reason", async () => {
    const { cluster, proxy } = await throughProxy();
    proxy.silence();
    const aborting = new AbortController();
    const answer = cluster.get(NOTHING, aborting.signal);
    aborting.abort(new Error("enough"));
    await expect(answer).rejects.toThrow("enough");
    await expect(cluster.get(NOTHING, aborting.signal)).rejects.toThrow("enough");
  });
});
