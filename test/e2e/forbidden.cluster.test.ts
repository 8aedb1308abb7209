import { expect, test } from "vitest";
import { describeCluster, sharedControlPlane } from "../controlplane/index.ts";
import { configMap, yaml } from "./manifests.ts";
import { World } from "./world.ts";

describeCluster("what RBAC forbids", () => {
  test("a namespace that we may not write to is told with what is missing, and the siblings elsewhere are applied", async () => {
    const controlPlane = sharedControlPlane();
    await using world = await World.make({
      files: {
        "web/here.yaml": configMap("here", {}),
        "web/there.yaml": yaml(
          "v1",
          "Service",
          "there",
          { spec: { ports: [{ port: 80 }] } },
          { namespace: "kube-system" },
        ),
      },
    });
    const rules = [{ apiGroups: [""], resources: ["configmaps", "services"], verbs: ["get", "list", "watch"] }];
    const names = { name: `limited-${world.namespace}` };
    const bind = (kind: string, namespace?: string) => ({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: namespace === undefined ? "ClusterRoleBinding" : "RoleBinding",
      metadata: namespace === undefined ? names : { ...names, namespace },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name: names.name },
      subjects: [{ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "plumbline" }],
    });
    const write = [{ apiGroups: [""], resources: ["configmaps", "services"], verbs: ["*"] }];
    const items = [
      { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: names, rules },
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "Role",
        metadata: { ...names, namespace: world.namespace },
        rules: write,
      },
      bind("ClusterRole"),
      bind("Role", world.namespace),
    ];
    await controlPlane.kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    world.plumbline.useKubeconfig(controlPlane.userKubeconfig("plumbline"));
    await world.plumbline.start();
    const { problems } = await world.status((status) =>
      status.problems.some(({ code }) => code === "PL-KUBE-FORBIDDEN"),
    );
    expect(problems[0]?.where).toContain("Service kube-system/there");
    expect(await world.object("configmap", "here")).toBeDefined();
  });
});
