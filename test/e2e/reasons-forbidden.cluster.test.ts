import { expect, test } from "vitest";
import { describeCluster, sharedControlPlane } from "../controlplane/index.ts";
import { deployment } from "./manifests.ts";
import { until } from "./until.ts";
import { World } from "./world.ts";

const RBAC = "rbac.authorization.k8s.io";

describeCluster("reasons from below that may not be read", () => {
  test("the health of a workload is told without them, once with a warning in the log", async () => {
    const controlPlane = sharedControlPlane();
    await using world = await World.make({ files: { "web/deploy.yaml": deployment("web") } });
    const names = { name: `blind-${world.namespace}` };
    const rules = [{ apiGroups: ["", "apps"], resources: ["configmaps", "deployments"], verbs: ["*"] }];
    const items = [
      { apiVersion: `${RBAC}/v1`, kind: "ClusterRole", metadata: names, rules },
      {
        apiVersion: `${RBAC}/v1`,
        kind: "ClusterRoleBinding",
        metadata: names,
        roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: names.name },
        subjects: [{ kind: "User", apiGroup: RBAC, name: "plumbline" }],
      },
    ];
    await controlPlane.kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    world.plumbline.useKubeconfig(controlPlane.userKubeconfig("plumbline"));
    await world.plumbline.start();
    await world.status(({ sync }) => sync.status === "Synced");
    // Nothing rolls out here: its controller says that it has seen the spec, and no more.
    const status = JSON.stringify({ status: { observedGeneration: 1 } });
    await world.kubectl("patch", "deployment/web", "--subresource=status", "--type=merge", "-p", status);

    const warned = "the Pods of a workload cannot be read";
    await until("the warning", () => world.plumbline.output.includes(warned), 60);
    const { health, problems } = await world.status(({ health }) => health.message.includes("replicas"));
    expect(health).toMatchObject({ status: "Progressing", message: expect.stringMatching(/0\/2 replicas updated$/) });
    expect(problems).toEqual([]);
    expect(world.plumbline.output.split(warned)).toHaveLength(2);
  });
});
