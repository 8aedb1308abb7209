import { expect, onTestFinished, test } from "vitest";
import { describeCluster, sharedControlPlane } from "../controlplane/index.ts";
import { until } from "../e2e/until.ts";
import { Loop } from "./loop.ts";
import { accountClient } from "./service-accounts.ts";

const RBAC = "rbac.authorization.k8s.io";
const configMap = (name: string, data: object = {}, namespace?: string) =>
  JSON.stringify({
    ...{ apiVersion: "v1", kind: "ConfigMap", data },
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  });

/** A service account that may do this in its own namespace, and nothing elsewhere. */
function accountWith(namespace: string, resources: readonly string[]): string {
  const names = { name: "deployer", namespace };
  const rules = [{ apiGroups: [""], resources, verbs: ["get", "list", "watch", "create", "patch", "delete"] }];
  const roleRef = { apiGroup: RBAC, kind: "Role", name: "deployer" };
  const items = [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: names },
    { apiVersion: `${RBAC}/v1`, kind: "Role", metadata: names, rules },
    {
      apiVersion: `${RBAC}/v1`,
      kind: "RoleBinding",
      metadata: names,
      roleRef,
      subjects: [{ kind: "ServiceAccount", ...names }],
    },
  ];
  return JSON.stringify({ apiVersion: "v1", kind: "List", items });
}

describeCluster("an application with a service account", () => {
  test("is read, written, healed and deleted as that account with a Role in one namespace, and its inventory by Plumbline", async () => {
    const plane = sharedControlPlane();
    const tenant = await plane.createNamespace("tenant");
    await plane.kubectl(["apply", "-f", "-"], accountWith(tenant, ["configmaps"]));
    const { cluster, clients, requests, open } = await accountClient(plane.kubeconfigPath, `${tenant}/deployer`);
    onTestFinished(() => cluster.close());
    await using loop = await Loop.open({ clients, files: { "web/a.yaml": configMap("a", { a: "1" }) } });
    const inTenant = async (...args: string[]) => (await plane.kubectl(["--namespace", tenant, ...args])).stdout;
    const web = loop.application("web", {
      ...{ destination: { namespace: tenant }, serviceAccount: "deployer", deletion: "prune" },
      sync: { interval: "1h" },
    });
    const keep = loop.application("keep", { source: { path: "web" }, suspend: true });
    const declare = (...applications: (typeof web)[]) => loop.sync.setDeclarers([{ id: "file apps", applications }]);
    declare(web, keep);
    await loop.sync.start();
    await loop.synced("web");

    // Written by the account; the parent, where it may do nothing, by Plumbline.
    expect(requests.filter(({ verb }) => verb === "apply")).toMatchObject([{ kind: "ConfigMap", status: 201 }]);
    expect(loop.requests.filter(({ verb, kind }) => verb === "apply" && kind === "ConfigMap").length).toBeGreaterThan(
      0,
    );
    const parent = JSON.parse(await loop.kubectl("get", "configmap", "default.web", "-o", "json"));
    expect(parent.metadata.annotations["plumbline.dev/service-account"]).toBe(`${tenant}/deployer`);

    // It may not list everywhere, and is told of a hand all the same.
    await inTenant("patch", "configmap", "a", "--type=merge", "-p", '{"data":{"a":"hand"}}');
    await until("healing", async () => (await inTenant("get", "configmap", "a", "-o", "jsonpath={.data.a}")) === "1");

    // Its client stays open between the passes, once.
    await until("the end of the pass", () => open() === 1);

    // What it may not have is told with verb, kind, namespace and account; nothing is done by somebody else.
    await loop.commit({
      "web/key.yaml": JSON.stringify({ apiVersion: "v1", kind: "Secret", metadata: { name: "key" } }),
    });
    const { problems } = await loop.status("web", ({ problems: [first] }) => first?.code === "PL-KUBE-FORBIDDEN");
    expect(problems[0]?.message).toContain(
      `User "system:serviceaccount:${tenant}:deployer" cannot list resource "secrets" in API group "" in the namespace "${tenant}"`,
    );
    expect(await inTenant("get", "secret", "key", "--ignore-not-found")).toBe("");

    // Nor may it write where another's inventory is.
    await loop.commit({ "web/key.yaml": null, "web/forged.yaml": configMap("default.keep", {}, loop.namespace) });
    const forging = await loop.status(
      "web",
      ({ problems: [first] }) => first?.message.includes(loop.namespace) === true,
    );
    expect(forging.problems[0]).toMatchObject({ code: "PL-KUBE-FORBIDDEN" });
    expect(await loop.kubectl("get", "configmap", "default.keep", "--ignore-not-found")).toBe("");
    await loop.commit({ "web/forged.yaml": null });
    await loop.synced("web");

    declare(keep);
    await until("its end", async () => (await inTenant("get", "configmap", "a", "--ignore-not-found")) === "", 30);
    await until(
      "its parent's",
      async () => (await loop.kubectl("get", "configmap", "default.web", "--ignore-not-found")) === "",
      30,
    );
    await until("the end of its client", () => open() === 0);
    expect(requests.some(({ verb }) => verb === "delete")).toBe(true);
    expect(loop.requests.filter(({ verb }) => verb === "delete")).toHaveLength(1);
  });

  test("whom nobody can impersonate does nothing, and Plumbline does not do it in his place", async () => {
    await using loop = await Loop.open({ files: { "web/a.yaml": configMap("a") } });
    await loop.start(loop.application("web", { serviceAccount: "deployer" }));
    const { problems } = await loop.status("web", ({ problems: [first] }) => first !== undefined);
    expect(problems).toMatchObject([{ code: "PL-KUBE-CONFIG" }]);
    expect(await loop.kubectl("get", "configmap", "a", "--ignore-not-found")).toBe("");
  });
});
