import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createClusters } from "../../src/cluster/index.ts";
import { SILENT } from "../../src/model/index.ts";
import { applySetId } from "../../src/plan/index.ts";
import { startSandbox } from "../../src/sandbox/index.ts";
import { Entries } from "../../src/sync/entries.ts";
import { LeftBehind } from "../../src/sync/left-behind.ts";
import { until } from "../e2e/until.ts";
import { application } from "./applications.ts";

/** A ConfigMap of the namespace `shop`. */
async function put(server: string, name: string, metadata: object): Promise<void> {
  const answer = await fetch(`${server}/api/v1/namespaces/shop/configmaps/${name}?fieldManager=t&force=true`, {
    method: "PATCH",
    headers: { "content-type": "application/apply-patch+yaml" },
    body: JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "shop", ...metadata } }),
  });
  expect(answer.ok).toBe(true);
}

test("what an application left in another cluster is counted, and one server with two names has nothing left behind", async () => {
  const [here, there] = await Promise.all([startSandbox({ controllers: false }), startSandbox({ controllers: false })]);
  const folder = mkdtempSync(join(tmpdir(), "plumb-left-"));
  const kubeconfig = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const home = kubeconfig("home", here.kubeconfig);
  const files = [
    { name: "alias", kubeconfig: home },
    { name: "eu", kubeconfig: kubeconfig("eu", there.kubeconfig) },
  ];
  const { clusters, follow } = await createClusters({ kubeconfig: home, files, namespace: "shop", log: SILENT });
  await follow();
  onTestFinished(async () => {
    await clusters.close();
    await Promise.all([here.stop(), there.stop()]);
    rmSync(folder, { recursive: true });
  });
  for (const { url } of [here, there]) {
    await fetch(`${url}/api/v1/namespaces`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } }),
    });
    for (const name of ["default/a", "default/b"])
      await put(url, name.replace("/", "."), {
        labels: { "applyset.kubernetes.io/id": applySetId(name, "shop") },
        annotations: { "applyset.kubernetes.io/contains-group-kinds": "ConfigMap" },
      });
  }
  const member = { labels: { "applyset.kubernetes.io/part-of": applySetId("default/b", "shop") } };
  for (const name of ["one", "two"]) await put(there.url, name, member);

  const entries = new Entries("shop", clusters.home.name);
  entries.replace(
    new Map(["a", "b"].map((name) => [`default/${name}`, { application: application(name), by: "file" }])),
  );
  const woken: string[] = [];
  const stopping = new AbortController().signal;
  const settings = { clusters, log: SILENT };
  const parts = { settings, inventoryNamespace: "shop", entries, stopping };
  const left = new LeftBehind({ ...parts, wake: (name) => woken.push(name) });
  const parent = (name: string, cluster: string) => ({
    ...{ application: name, cluster, declaration: undefined, asked: undefined },
  });
  const all = [parent("default/a", "alias"), parent("default/b", "eu"), parent("default/b", clusters.home.name)];
  left.look(all);
  await until("the count", () => woken.length > 0);
  expect(woken).toEqual(["default/b"]);
  expect(entries.get("default/a")?.leftBehind).toEqual([]);
  expect(entries.get("default/b")?.leftBehind).toEqual([
    expect.stringMatching(
      /^left behind in cluster eu, where it was before: 2 objects\. .*kubectl delete configmaps --all/,
    ),
  ]);
  left.look(all.slice(0, 1));
  expect([woken.length, entries.get("default/b")?.leftBehind]).toEqual([2, []]);
});
