import { expect, test } from "vitest";
import { fromResourceList, groupVersionsOf, servedKinds } from "../../src/cluster/served-kinds.ts";
import { describeCluster, sharedControlPlane } from "../controlplane/index.ts";
import { CONFIG_MAP, configMap, DEPLOYMENT, openCluster } from "./clusters.ts";

describeCluster("discovery", () => {
  test("the older form tells the same as the aggregated one", async () => {
    const plane = sharedControlPlane();
    const cluster = await openCluster(plane.kubeconfigPath);
    const raw = async (path: string) => JSON.parse((await plane.kubectl(["get", "--raw", path])).stdout);
    const versions = groupVersionsOf(await raw("/apis")).filter(({ group }) => ["apps", "autoscaling"].includes(group));
    expect(versions).toEqual([
      { group: "apps", version: "v1" },
      { group: "autoscaling", version: "v2" },
      { group: "autoscaling", version: "v1" },
    ]);
    const lists = versions.map(async ({ group, version }) =>
      fromResourceList(await raw(`/apis/${group}/${version}`), group, version),
    );
    const served = servedKinds((await Promise.all(lists)).flat());
    const sorted = ({ verbs, ...rest }: { verbs: readonly string[] }) => ({ ...rest, verbs: [...verbs].sort() });
    for (const kind of [DEPLOYMENT, { group: "autoscaling", version: "v1", kind: "HorizontalPodAutoscaler" }]) {
      const older = served.find(kind);
      if (older === undefined) throw new Error(`no ${kind.kind}`);
      expect(sorted(older)).toEqual(sorted(await cluster.resource(kind)));
    }
  });

  test("many questions for unknown kinds at once are one more look, without a body when nothing changed", async () => {
    const cluster = await openCluster(sharedControlPlane().kubeconfigPath);
    await cluster.resource(CONFIG_MAP);
    cluster.requests.length = 0;
    const ask = (i: number) => cluster.resource({ group: "example.org", version: "v1", kind: `Unknown${i}` });
    const answers = await Promise.allSettled(Array.from({ length: 30 }, (_, i) => ask(i)));
    expect(answers.every(({ status }) => status === "rejected")).toBe(true);
    expect(cluster.requests.length).toBe(2);
  });

  test("a collection larger than a page is listed whole", async () => {
    const plane = sharedControlPlane();
    const namespace = await plane.createNamespace();
    const cluster = await openCluster(plane.kubeconfigPath);
    const names = Array.from({ length: 620 }, (_, i) => `c${i}`);
    await Promise.all(names.map((name) => cluster.apply(configMap({ namespace, name }))));
    const resource = await cluster.resource(CONFIG_MAP);
    cluster.requests.length = 0;
    const found = await Array.fromAsync(cluster.list(resource, { namespace }), ({ metadata }) => metadata.name);
    expect(found.sort()).toEqual(names.sort());
    expect(cluster.requests.map(({ verb }) => verb)).toEqual(["list", "list"]);
  });
});
