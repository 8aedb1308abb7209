import { expect, test } from "vitest";
import type { Cluster } from "../../src/cluster/index.ts";
import { type KubeObject, PlumblineError } from "../../src/model/index.ts";
import { describeCluster, sharedControlPlane } from "../controlplane/index.ts";
import { CONFIG_MAP, configMap, definition, deployment, openCluster } from "./clusters.ts";

async function refusal(answer: Promise<unknown>): Promise<PlumblineError> {
  const error = await answer.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof PlumblineError)) throw new Error(`not a PlumblineError: ${String(error)}`);
  return error;
}

async function setUp(): Promise<{
  cluster: Cluster;
  namespace: string;
  refused: (o: KubeObject) => Promise<PlumblineError>;
}> {
  const plane = sharedControlPlane();
  const namespace = await plane.createNamespace();
  const cluster = await openCluster(plane.kubeconfigPath);
  return { cluster, namespace, refused: (object) => refusal(cluster.apply(object)) };
}

describeCluster("what the server refuses", () => {
  test("an unknown field is named, in a built-in kind and in a custom one", async () => {
    const { cluster, namespace, refused } = await setUp();
    const builtIn = await refused(deployment(namespace, "web", { replcas: 2 }));
    expect(builtIn).toMatchObject({ code: "PL-KUBE-UNKNOWN-FIELD", where: `Deployment ${namespace}/web` });
    expect(builtIn.message).toContain(".spec.replcas");
    const group = `${namespace}.example.com`;
    await cluster.apply(definition(group, "Gadget"));
    const gadget = { apiVersion: `${group}/v1`, kind: "Gadget", metadata: { namespace, name: "g" }, spec: { sise: 1 } };
    const custom = await refused(gadget);
    expect(custom).toMatchObject({ code: "PL-KUBE-UNKNOWN-FIELD" });
    expect(custom.message).toContain("sise");
  });

  test("a wrong type and an invalid value are refusals that only a new revision mends", async () => {
    const { namespace, refused } = await setUp();
    expect(await refused(deployment(namespace, "a", { replicas: "two" }))).toMatchObject({
      code: "PL-KUBE-INVALID",
      retry: "revision",
    });
    const negative = await refused(deployment(namespace, "b", { replicas: -1 }));
    expect(negative.code).toBe("PL-KUBE-INVALID");
    expect(negative.message).toContain("spec.replicas");
  });

  test("an immutable field is told from other invalid ones", async () => {
    const { cluster, namespace, refused } = await setUp();
    await cluster.apply(deployment(namespace, "web"));
    const labels = { other: "label" };
    const template = { metadata: { labels }, spec: { containers: [{ name: "web", image: "example/web" }] } };
    const error = await refused(deployment(namespace, "web", { selector: { matchLabels: labels }, template }));
    expect(error.code).toBe("PL-KUBE-IMMUTABLE");
    expect(error.message).toContain("spec.selector");
  });

  test.each(["serviceName", "podManagementPolicy"])("a StatefulSet's %s is immutable", async (field) => {
    const { cluster, namespace, refused } = await setUp();
    const { spec, ...rest } = deployment(namespace, "db");
    const set = { ...rest, apiVersion: "apps/v1", kind: "StatefulSet" };
    await cluster.apply({ ...set, spec: { ...spec, serviceName: "db" } });
    expect((await refused({ ...set, spec: { ...spec, serviceName: "db", [field]: "Parallel" } })).code).toBe(
      "PL-KUBE-IMMUTABLE",
    );
  });

  test("the roleRef of a binding is immutable", async () => {
    const { cluster, namespace, refused } = await setUp();
    const binding = (role: string) => ({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { namespace, name: "b" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role },
      subjects: [],
    });
    await cluster.apply(binding("one"));
    expect((await refused(binding("two"))).code).toBe("PL-KUBE-IMMUTABLE");
  });

  test("a namespace that is missing is named with what to do", async () => {
    const { refused } = await setUp();
    const error = await refused(configMap({ namespace: "no-such-place", name: "a" }));
    expect(error).toMatchObject({ code: "PL-KUBE-NOT-FOUND", where: "ConfigMap no-such-place/a" });
    expect(error.next).toContain("Namespace no-such-place");
  });

  test("a namespace that is being deleted is no missing permission", async () => {
    const { cluster, namespace, refused } = await setUp();
    await cluster.apply(configMap({ namespace, name: "a" }));
    expect(await cluster.delete({ group: "", version: "v1", kind: "Namespace", name: namespace })).toBe("terminating");
    expect((await refused(configMap({ namespace, name: "b" }))).code).toBe("PL-KUBE-TERMINATING");
  });

  test("a user without rights is told what was forbidden", async () => {
    const plane = sharedControlPlane();
    const namespace = await plane.createNamespace();
    const cluster = await openCluster(plane.userKubeconfig("stranger"));
    const error = await refusal(cluster.apply(configMap({ namespace, name: "a" })));
    expect(error).toMatchObject({ code: "PL-KUBE-FORBIDDEN", retry: "interval", where: `ConfigMap ${namespace}/a` });
    expect(error.message).toContain("stranger");
    expect((await refusal(cluster.get({ ...CONFIG_MAP, namespace, name: "a" }))).code).toBe("PL-KUBE-FORBIDDEN");
  });

  test("a quota that is used up is no missing permission", async () => {
    const { cluster, namespace, refused } = await setUp();
    const spec = { hard: { "count/configmaps": "0" } };
    await cluster.apply({ apiVersion: "v1", kind: "ResourceQuota", metadata: { namespace, name: "q" }, spec });
    const quota = { group: "", version: "v1", kind: "ResourceQuota", namespace, name: "q" };
    await cluster.patch(quota, { status: { ...spec, used: { "count/configmaps": "0" } } }, { subresource: "status" });
    await expect.poll(async () => (await refused(configMap({ namespace, name: "a" }))).code).toBe("PL-KUBE-QUOTA");
  });

  test("without force, another owner of a field is a conflict that names both", async () => {
    const { cluster, namespace } = await setUp();
    const plane = sharedControlPlane();
    await plane.kubectl(["-n", namespace, "create", "configmap", "a", "--from-literal=key=theirs"]);
    const error = await refusal(cluster.apply(configMap({ namespace, name: "a" }), { force: false }));
    expect(error.code).toBe("PL-KUBE-CONFLICT");
    expect(error.message).toMatch(/kubectl-create.*|\.data\.key/);
  });

  test("of a Secret, fields are named and values are not", async () => {
    const { namespace, refused } = await setUp();
    const value = "hunter2-is-no-base64!";
    const metadata = { namespace, name: "s" };
    const secret = { apiVersion: "v1", kind: "Secret", metadata };
    const errors = await Promise.all([
      refused({ ...secret, data: { password: value } }),
      refused({ ...secret, data: { password: { nested: value } } }),
      refused({ ...secret, pasword: value }),
      refused({ ...secret, type: "kubernetes.io/dockerconfigjson", stringData: { ".dockerconfigjson": value } }),
      refused({ ...secret, metadata: { ...metadata, labels: { a: value } } }),
    ]);
    for (const error of errors) {
      expect(`${error} ${error.stack} ${JSON.stringify(error)}`).not.toContain("hunter2");
      expect(error).toMatchObject({ where: `Secret ${namespace}/s`, retry: "revision" });
    }
    expect(errors[2]).toMatchObject({ code: "PL-KUBE-UNKNOWN-FIELD" });
    expect(errors[2]?.message).toContain(".pasword");
    expect(errors[3]?.message).toContain("data[.dockerconfigjson]");
  });

  test("a namespaced object without a namespace is refused before it is sent", async () => {
    const { refused } = await setUp();
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } };
    expect((await refused(object)).code).toBe("PL-MANIFEST-NAMESPACE");
  });

  test.each([
    [{ group: "extensions", version: "v1beta1", kind: "Ingress" }, "PL-KIND-REMOVED", "networking.k8s.io/v1"],
    [
      { group: "rbac.authorization.k8s.io", version: "v1beta1", kind: "Role" },
      "PL-KIND-REMOVED",
      "rbac.authorization.k8s.io/v1",
    ],
    [{ group: "policy", version: "v1beta1", kind: "PodSecurityPolicy" }, "PL-KIND-REMOVED", "Pod Security Admission"],
    [{ group: "networking.k8s.io", version: "v2", kind: "Ingress" }, "PL-KIND-REMOVED", "networking.k8s.io/v1"],
    [{ group: "apps", version: "v1beta", kind: "Deployment" }, "PL-KIND-UNKNOWN", "apps/v1 Deployment"],
    [{ group: "apps", version: "v1", kind: "Deploymnt" }, "PL-KIND-UNKNOWN", "apps/v1 Deployment"],
    [{ group: "app", version: "v1", kind: "Deployment" }, "PL-KIND-UNKNOWN", "apps/v1 Deployment"],
    [{ group: "", version: "v1", kind: "Deployment" }, "PL-KIND-UNKNOWN", "apps/v1 Deployment"],
    [{ group: "example.org", version: "v1", kind: "Xylophone" }, "PL-KIND-UNKNOWN", "CustomResourceDefinition"],
  ])("%o is %s", async (kind, code, next) => {
    const cluster = await openCluster(sharedControlPlane().kubeconfigPath);
    const error = await refusal(cluster.resource(kind));
    expect(error.code).toBe(code);
    expect(error.next).toContain(next);
  });
});
