import { expect, test } from "vitest";
import { refKey } from "../../src/model/index.ts";
import { describeCluster, sharedControlPlane } from "../controlplane/index.ts";
import { CONFIG_MAP, configMap, DEPLOYMENT, definition, openCluster } from "./clusters.ts";

describeCluster("a cluster's objects", () => {
  test("an object is applied, found, applied again and deleted", async () => {
    const plane = sharedControlPlane();
    const namespace = await plane.createNamespace();
    const cluster = await openCluster(plane.kubeconfigPath);
    const ref = { ...CONFIG_MAP, namespace, name: "a" };
    const first = await cluster.apply(configMap({ namespace, name: "a" }));
    expect(first).toMatchObject({ created: true, warnings: [] });
    expect(first.object.metadata.managedFields?.[0]).toMatchObject({ manager: "plumbline", operation: "Apply" });
    expect((await cluster.apply(configMap({ namespace, name: "a", data: { key: "other" } }))).created).toBe(false);
    expect((await cluster.get(ref))?.["data"]).toEqual({ key: "other" });
    expect(await cluster.delete(ref)).toBe("gone");
    expect(await cluster.get(ref)).toBeUndefined();
    expect(await cluster.delete(ref)).toBe("absent");
  });

  test("a dry run changes nothing and is counted as one", async () => {
    const plane = sharedControlPlane();
    const namespace = await plane.createNamespace();
    const cluster = await openCluster(plane.kubeconfigPath);
    const { object } = await cluster.apply(configMap({ namespace, name: "a" }), { dryRun: true });
    expect(object.metadata.name).toBe("a");
    expect(await cluster.get({ ...CONFIG_MAP, namespace, name: "a" })).toBeUndefined();
    expect(cluster.requests.map(({ verb }) => verb)).toContain("dry-run");
  });

  test("an object with finalizers is terminating, and one with another uid is left alone", async () => {
    const plane = sharedControlPlane();
    const namespace = await plane.createNamespace();
    const cluster = await openCluster(plane.kubeconfigPath);
    const ref = { ...CONFIG_MAP, namespace, name: "a" };
    const plain = configMap({ namespace, name: "a" });
    await cluster.apply({ ...plain, metadata: { ...plain.metadata, finalizers: ["example.com/wait"] } });
    expect(await cluster.delete(ref, { uid: "00000000-0000-0000-0000-000000000000" })).toBe("absent");
    expect(await cluster.delete(ref)).toBe("terminating");
    await cluster.apply(plain);
    expect(await cluster.get(ref)).toBeUndefined();
  });

  test("warnings of the server come with the answer", async () => {
    const plane = sharedControlPlane();
    const namespace = await plane.createNamespace();
    const cluster = await openCluster(plane.kubeconfigPath);
    const { warnings } = await cluster.apply({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { namespace, name: "old", annotations: { "seccomp.security.alpha.kubernetes.io/pod": "unconfined" } },
      spec: { containers: [{ name: "a", image: "example/a" }], nodeSelector: { "beta.kubernetes.io/os": "linux" } },
    });
    expect(warnings.join()).toContain("beta.kubernetes.io/os");
  });

  test("few objects are looked up one by one, many by one list", async () => {
    const plane = sharedControlPlane();
    const namespace = await plane.createNamespace();
    const cluster = await openCluster(plane.kubeconfigPath);
    const refs = Array.from({ length: 10 }, (_, i) => ({ ...CONFIG_MAP, namespace, name: `c${i}` }));
    await cluster.apply(configMap({ namespace, name: "c1" }));
    await cluster.apply(configMap({ namespace, name: "other" }));
    const wanted = [refKey({ ...CONFIG_MAP, namespace, name: "c1" })];
    cluster.requests.length = 0;
    expect([...(await cluster.lookup(refs.slice(0, 3))).keys()]).toEqual(wanted);
    expect(cluster.requests.map(({ verb }) => verb)).toEqual(["get", "get", "get"]);
    cluster.requests.length = 0;
    expect([...(await cluster.lookup(refs)).keys()]).toEqual(wanted);
    expect(cluster.requests.map(({ verb }) => verb)).toEqual(["list"]);
  });

  test("listed objects of built-in kinds have their apiVersion and kind", async () => {
    const plane = sharedControlPlane();
    const namespace = await plane.createNamespace();
    const cluster = await openCluster(plane.kubeconfigPath);
    await cluster.apply(configMap({ namespace, name: "a", labels: { pick: "me" } }));
    await cluster.apply(configMap({ namespace, name: "b" }));
    const resource = await cluster.resource(CONFIG_MAP);
    const found = await Array.fromAsync(cluster.list(resource, { namespace, labelSelector: "pick=me" }));
    expect(found.map(({ apiVersion, kind, metadata }) => [apiVersion, kind, metadata.name])).toEqual([
      ["v1", "ConfigMap", "a"],
    ]);
  });

  test("the version, a built-in kind and its schema are known with three kinds of requests, asked once", async () => {
    const cluster = await openCluster(sharedControlPlane().kubeconfigPath);
    expect(await cluster.version()).toBe("v1.36.3");
    expect(await cluster.resource(DEPLOYMENT)).toMatchObject({
      plural: "deployments",
      namespaced: true,
      servedVersions: ["v1"],
    });
    const [schema] = await Promise.all([
      cluster.schema(DEPLOYMENT),
      cluster.schema(DEPLOYMENT),
      cluster.resource(DEPLOYMENT),
    ]);
    const containers = schema.field("spec")?.field("template")?.field("spec")?.field("containers");
    expect([containers?.listType, containers?.keys]).toEqual(["map", ["name"]]);
    expect(cluster.requests).toHaveLength(5);
    expect((await cluster.preferred({ group: "autoscaling", kind: "HorizontalPodAutoscaler" }))?.version).toBe("v2");
    expect(cluster.requests).toHaveLength(5);
  });

  test("a kind defined a moment ago is found, with its schema, and its objects are applied", async () => {
    const plane = sharedControlPlane();
    const namespace = await plane.createNamespace();
    const cluster = await openCluster(plane.kubeconfigPath);
    const group = `${namespace}.example.com`;
    const kind = { group, version: "v1", kind: "Gadget" };
    await cluster.schema(DEPLOYMENT);
    await cluster.apply(definition(group, "Gadget"));
    expect(await cluster.resource(kind)).toMatchObject({ plural: "gadgets", namespaced: true });
    const steps = (await cluster.schema(kind)).field("spec")?.field("steps");
    expect(steps?.keys).toEqual(["name"]);
    const { created } = await cluster.apply({
      apiVersion: `${group}/v1`,
      kind: "Gadget",
      metadata: { namespace, name: "g" },
      spec: { size: 1, steps: [{ name: "a", run: "b" }] },
    });
    expect(created).toBe(true);
  });
});
