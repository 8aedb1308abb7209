import { expect, test } from "vitest";
import { describeCluster, sharedControlPlaneWithControllers } from "../controlplane/index.ts";
import { configMap, yaml } from "../e2e/manifests.ts";
import { Loop } from "./loop.ts";

const labels = { app: "web" };
const template = {
  metadata: { labels },
  spec: { terminationGracePeriodSeconds: 0, containers: [{ name: "web", image: "nginx:1.27" }] },
};
const web = yaml("apps/v1", "Deployment", "web", {
  spec: { replicas: 1, selector: { matchLabels: labels }, template },
});

describeCluster(
  "a workload that Git has no more",
  () => {
    test("goes after its last Pod, which is named, and what it uses goes after it", async () => {
      const files = {
        "web/web.yaml": web,
        "web/settings.yaml": configMap("settings", { colour: "blue" }),
        "web/kept.yaml": configMap("kept", {}),
      };
      await using loop = await Loop.open({ files, plane: await sharedControlPlaneWithControllers() });
      await loop.start(loop.application("web", { sync: { pruneLimit: 100 } }));
      await loop.status("web", ({ sync, health }) => sync.status === "Synced" && health.status === "Healthy", 60);
      const pod = (await loop.kubectl("get", "pods", "-l", "app=web", "-o", "name")).trim();
      const hold = (finalizers: readonly string[]) =>
        loop.kubectl("patch", pod, "--type=merge", "-p", JSON.stringify({ metadata: { finalizers } }));
      await hold(["example.com/hold"]);

      await loop.commit({ "web/web.yaml": null, "web/settings.yaml": null });
      const name = pod.replace("pod/", "");
      await loop.status("web", (status) => JSON.stringify(status).includes(`${name} (finalizer example.com/hold)`), 30);
      const left = await loop.kubectl("get", "deployment/web", "configmap/settings", "-o", "name");
      expect(left).toBe("deployment.apps/web\nconfigmap/settings\n");

      await hold([]);
      const { lastSync } = await loop.status("web", (status) => status.lastSync?.outcomes.length === 2, 60);
      expect(lastSync?.outcomes.map(({ ref, outcome }) => [ref.kind, outcome])).toEqual([
        ["Deployment", "pruned"],
        ["ConfigMap", "pruned"],
      ]);
      expect(await loop.kubectl("get", "deployments,pods", "-o", "name")).toBe("");
    });
  },
  { controllers: true },
);
