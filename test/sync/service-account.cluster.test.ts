import { expect, test } from "vitest";
import { type ControlPlaneClient, describeCluster, sharedControlPlane } from "../controlplane/index.ts";
import { until } from "../e2e/until.ts";
import { project } from "../plan/project/projects.ts";
import { Loop } from "./loop.ts";

const RBAC = "rbac.authorization.k8s.io";
const ALL = ["get", "list", "watch", "create", "patch", "delete"];
const configMap = (name: string, data: object = {}, namespace?: string) =>
  JSON.stringify({
    ...{ apiVersion: "v1", kind: "ConfigMap", data },
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  });

/** A Role in one namespace and who has it. */
function granted(namespace: string, subject: object, rules: readonly object[]): object[] {
  const metadata = { name: "tenant-test", namespace };
  const roleRef = { apiGroup: RBAC, kind: "Role", name: "tenant-test" };
  return [
    { apiVersion: `${RBAC}/v1`, kind: "Role", metadata, rules },
    { apiVersion: `${RBAC}/v1`, kind: "RoleBinding", metadata, roleRef, subjects: [subject] },
  ];
}

/**
 * A Plumbline that may do nothing but keep its inventories and impersonate one account of the tenant's namespace; and that
 * account, which may have ConfigMaps there and nothing elsewhere: so whatever is done is done by whom it should be.
 */
async function letOut(plane: ControlPlaneClient, { own, tenant }: { readonly own: string; readonly tenant: string }) {
  const landlord = { kind: "User", apiGroup: RBAC, name: "landlord" };
  const deployer = { kind: "ServiceAccount", name: "deployer", namespace: tenant };
  const impersonate = { apiGroups: [""], resources: ["serviceaccounts"], verbs: ["impersonate"] };
  const configMaps = { apiGroups: [""], resources: ["configmaps"], verbs: ALL };
  const [role, binding] = granted(tenant, landlord, [{ ...impersonate, resourceNames: ["deployer"] }]);
  const named = (object: object | undefined) => ({ ...object, metadata: { name: "landlord-test", namespace: tenant } });
  const items = [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "deployer", namespace: tenant } },
    ...granted(own, landlord, [configMaps]),
    ...[named(role), { ...named(binding), roleRef: { apiGroup: RBAC, kind: "Role", name: "landlord-test" } }],
    ...granted(tenant, deployer, [configMaps]),
  ];
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  const { code, stderr } = await plane.kubectl(["apply", "-f", "-"], list);
  expect([code, stderr]).toEqual([0, ""]);
}

describeCluster("an application with a service account", () => {
  test("is read, written, healed and deleted as that account with a Role in one namespace, and its inventory by Plumbline", async () => {
    const plane = sharedControlPlane();
    const tenant = await plane.createNamespace("tenant");
    await using loop = await Loop.open({
      ...{ accounts: true, kubeconfig: plane.userKubeconfig("landlord") },
      files: { "web/a.yaml": configMap("a", { a: "1" }), "none/a.yaml": configMap("b") },
    });
    await letOut(plane, { own: loop.namespace, tenant });
    const inTenant = async (...args: string[]) => (await plane.kubectl(["--namespace", tenant, ...args])).stdout;
    const destination = { namespace: tenant };
    const web = loop.application("web", {
      ...{ destination, project: "shop", serviceAccount: "deployer", deletion: "prune" },
      sync: { interval: "1h" },
    });
    const keep = loop.application("keep", { source: { path: "web" }, suspend: true });
    const rules = { repositories: ["*"], destinations: [{ namespaces: ["*", loop.namespace] }] };
    const [shop, free] = [project("shop", { ...rules, serviceAccounts: { required: true } }), project("free", rules)];
    loop.sync.setProjects({ projects: [shop, free] });
    const declare = (...applications: (typeof web)[]) => loop.sync.setDeclarers([{ id: "file apps", applications }]);

    // Who is nobody does nothing: nobody else does it in his place, though the Project would let him.
    const nobody = (more: object) => loop.application("none", { destination, sync: { interval: "1h" }, ...more });
    declare(keep, nobody({ project: "shop" }));
    await loop.sync.start();
    const unnamed = await loop.status("none", ({ problems }) => problems[0]?.code === "PL-PROJECT-SERVICE-ACCOUNT");
    expect(unnamed.problems[0]?.message).toBe(
      "Project shop, rule serviceAccounts.required: the application names none",
    );
    declare(keep, web, nobody({ project: "free", serviceAccount: "ghost" }));
    const ghost = await loop.status("none", ({ problems }) => problems[0]?.code === "PL-KUBE-FORBIDDEN");
    // The server has two ways to refuse it, and says the one or the other.
    expect(ghost.problems[0]?.message).toMatch(/User "landlord" cannot impersonate/);
    expect(ghost).toMatchObject({ project: "free", serviceAccount: `${tenant}/ghost` });
    // What the ghost may not do is not remembered of another.
    declare(keep, web, nobody({ project: "free", serviceAccount: "deployer" }));
    await loop.synced("none");
    await loop.synced("web");
    const parent = JSON.parse(await loop.kubectl("get", "configmap", "default.web", "-o", "json"));
    expect(parent.metadata.annotations["plumbline.dev/service-account"]).toBe(`${tenant}/deployer`);

    // It may not list everywhere, and is told of a hand all the same.
    await inTenant("patch", "configmap", "a", "--type=merge", "-p", '{"data":{"a":"hand"}}');
    await until("healing", async () => (await inTenant("get", "configmap", "a", "-o", "jsonpath={.data.a}")) === "1");

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
  });

  test("whom nobody can impersonate does nothing, and Plumbline does not do it in his place", async () => {
    await using loop = await Loop.open({ files: { "web/a.yaml": configMap("a") } });
    await loop.start(loop.application("web", { serviceAccount: "deployer" }));
    const { problems } = await loop.status("web", ({ problems: [first] }) => first !== undefined);
    expect(problems).toMatchObject([{ code: "PL-KUBE-CONFIG" }]);
    expect(await loop.kubectl("get", "configmap", "a", "--ignore-not-found")).toBe("");
  });

  test("without one, a Plumbline with no more than Roles in that namespace and in its own applies, heals, prunes and deletes", async () => {
    const plane = sharedControlPlane();
    const tenant = await plane.createNamespace("roles");
    await using loop = await Loop.open({
      kubeconfig: plane.userKubeconfig("landlord"),
      files: { "web/a.yaml": configMap("a", { a: "1" }), "web/b.yaml": configMap("b") },
    });
    const landlord = { kind: "User", apiGroup: RBAC, name: "landlord" };
    const configMaps = { apiGroups: [""], resources: ["configmaps"], verbs: ALL };
    const items = [loop.namespace, tenant].flatMap((namespace) => granted(namespace, landlord, [configMaps]));
    const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
    expect((await plane.kubectl(["apply", "-f", "-"], list)).stderr).toBe("");
    const inTenant = async (...args: string[]) => (await plane.kubectl(["--namespace", tenant, ...args])).stdout;
    const isGone = async (name: string) => (await inTenant("get", "configmap", name, "--ignore-not-found")) === "";
    const web = loop.application("web", { destination: { namespace: tenant }, deletion: "prune" });
    const keep = loop.application("keep", { source: { path: "web" }, suspend: true });
    const declare = (...applications: (typeof web)[]) => loop.sync.setDeclarers([{ id: "file apps", applications }]);
    declare(keep, web);
    await loop.sync.start();
    await loop.synced("web");
    await inTenant("patch", "configmap", "a", "--type=merge", "-p", '{"data":{"a":"hand"}}');
    await until("healing", async () => (await inTenant("get", "configmap", "a", "-o", "jsonpath={.data.a}")) === "1");
    await loop.commit({ "web/b.yaml": null });
    await until("the prune", () => isGone("b"));
    expect((await loop.synced("web")).warnings).toEqual([]);
    declare(keep);
    await until("its end", () => isGone("a"), 30);
  });
});
