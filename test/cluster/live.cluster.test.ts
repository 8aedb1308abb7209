import { expect, test } from "vitest";
import { PART_OF_LABEL } from "../../src/model/index.ts";
import { describeCluster, sharedControlPlane } from "../controlplane/index.ts";
import { CONFIG_MAP, definition, openCluster, until } from "./clusters.ts";
import { member, namesIn, tellings } from "./live-changes.ts";

async function following() {
  const plane = sharedControlPlane();
  const namespace = await plane.createNamespace();
  const set = `applyset-${namespace}`;
  const cluster = await openCluster(plane.kubeconfigPath);
  await cluster.apply(member({ namespace, name: "a", set }));
  const told = tellings(cluster, set);
  await cluster.live.follow(await cluster.resource(CONFIG_MAP), "members");
  const kubectl = (...args: string[]) => plane.kubectl(["-n", namespace, ...args]);
  return { plane, namespace, set, cluster, told, kubectl, ref: { ...CONFIG_MAP, namespace, name: "a" } };
}

describeCluster("following a kind", () => {
  test("the first list is there and is not told; our own writes are there when they are answered, and the watch may tell of them first", async () => {
    const { cluster, namespace, set, told, ref, kubectl } = await following();
    expect(namesIn(cluster, set)).toEqual(["a"]);
    await cluster.apply(member({ namespace, name: "b", set }));
    expect(namesIn(cluster, set)).toEqual(["a", "b"]);
    expect(await cluster.delete(ref)).toBe("gone");
    expect(namesIn(cluster, set)).toEqual(["b"]);
    await kubectl("annotate", "configmap", "b", "seen=yes");
    const seen = () => cluster.live.get({ ...ref, name: "b" })?.metadata.annotations?.["seen"] === "yes";
    await until(seen, "the edit is there");
    expect(told).toContain("present b");
    expect(told).not.toContain("present a");
    expect(told.length).toBeLessThanOrEqual(3);
  });

  test("a deletion by hand is told as gone, with the object as it was", async () => {
    const { cluster, set, told, kubectl } = await following();
    await kubectl("delete", "configmap", "a");
    await until(() => told.length > 0, "the deletion is told");
    expect(told).toEqual(["gone a"]);
    expect(namesIn(cluster, set)).toEqual([]);
  });

  test("an object that lost its label is there still, under the ApplySet that it was in", async () => {
    const { cluster, set, told, kubectl, ref } = await following();
    await kubectl("label", "configmap", "a", `${PART_OF_LABEL}-`);
    await until(() => told.length > 0, "the label's loss is told");
    expect(told).toEqual(["present a"]);
    expect(namesIn(cluster, set)).toEqual(["a"]);
    expect(cluster.live.get(ref)?.metadata.labels).toBeUndefined();
    const restored = await cluster.apply(member({ namespace: ref.namespace, name: "a", set }));
    expect(cluster.live.get(ref)?.metadata.resourceVersion).toBe(restored.object.metadata.resourceVersion);
    await kubectl("annotate", "configmap", "a", "seen=yes");
    await until(() => told.length > 1, "the watch has it again");
  });

  test("later changes of an object without its label are seen, and its deletion, too", async () => {
    const { cluster, set, told, kubectl, ref } = await following();
    await kubectl("label", "configmap", "a", `${PART_OF_LABEL}-`);
    await until(() => told.length === 1, "the label's loss is told");
    await kubectl("annotate", "configmap", "a", "seen=yes");
    await until(() => told.length === 2, "the edit is told");
    expect(cluster.live.get(ref)?.metadata.annotations).toMatchObject({ seen: "yes" });
    await kubectl("delete", "configmap", "a");
    await until(() => told.length === 3, "the deletion is told");
    expect([told.at(-1), namesIn(cluster, set)]).toEqual(["gone a", []]);
  });

  test("an object that another ApplySet takes is told to both", async () => {
    const { cluster, set, told, kubectl } = await following();
    const theirs = tellings(cluster, `${set}-other`);
    await kubectl("label", "--overwrite", "configmap", "a", `${PART_OF_LABEL}=${set}-other`);
    await until(() => told.length > 0 && theirs.length > 0, "both are told");
    expect([told, theirs, namesIn(cluster, set), namesIn(cluster, `${set}-other`)]).toEqual([
      ["present a"],
      ["present a"],
      [],
      ["a"],
    ]);
  });

  test("an object deleted and created anew at once is there, with its new uid", async () => {
    const { cluster, namespace, set, kubectl, ref } = await following();
    const before = cluster.live.get(ref)?.metadata.uid;
    await kubectl("delete", "configmap", "a");
    const { object } = await cluster.apply(member({ namespace, name: "a", set, data: { new: "one" } }));
    await kubectl("annotate", "configmap", "a", "seen=yes");
    await until(() => cluster.live.get(ref)?.metadata.annotations?.["seen"] === "yes", "the new one is followed");
    expect(cluster.live.get(ref)?.metadata.uid).toBe(object.metadata.uid);
    expect(object.metadata.uid).not.toBe(before);
  });

  test("members and parents of one kind are both found", async () => {
    const { cluster, namespace, ref } = await following();
    const labels = { "applyset.kubernetes.io/id": `id-${namespace}` };
    await cluster.live.follow(await cluster.resource(CONFIG_MAP), "parents");
    await cluster.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { namespace, name: "parent", labels } });
    expect(cluster.live.get({ ...ref, name: "parent" })).toBeDefined();
    expect(cluster.live.get(ref)).toBeDefined();
    expect(cluster.live.all(CONFIG_MAP).filter(({ metadata }) => metadata.namespace === namespace)).toHaveLength(1);
    expect(namesIn(cluster, `id-${namespace}`)).toEqual([]);
  });

  test("following twice is one list and one watch, and a pass of reading costs no request", async () => {
    const { cluster, set } = await following();
    const resource = await cluster.resource(CONFIG_MAP);
    await Promise.all([cluster.live.follow(resource, "members"), cluster.live.follow(resource, "members")]);
    await until(() => cluster.requests.some(({ verb }) => verb === "watch"), "the watch is open");
    cluster.requests.length = 0;
    await cluster.live.follow(resource, "members");
    namesIn(cluster, set);
    expect(cluster.requests).toEqual([]);
  });

  test("when a definition is deleted its objects are gone, and when it comes back they are followed again", async () => {
    const plane = sharedControlPlane();
    const namespace = await plane.createNamespace();
    const cluster = await openCluster(plane.kubeconfigPath);
    const group = `${namespace}.example.com`;
    const kind = { group, version: "v1", kind: "Gadget" };
    const gadget = (name: string) => ({
      apiVersion: `${group}/v1`,
      kind: "Gadget",
      metadata: { namespace, name, labels: { [PART_OF_LABEL]: namespace } },
    });
    await cluster.apply(definition(group, "Gadget"));
    await cluster.apply(gadget("one"));
    await cluster.live.follow(await cluster.resource(kind), "members");
    const told = tellings(cluster, namespace);
    await plane.kubectl(["delete", "crd", `gadgets.${group}`]);
    await until(() => told.includes("gone one"), "its object is gone");
    expect(namesIn(cluster, namespace)).toEqual([]);
    await cluster.apply(definition(group, "Gadget"));
    const resource = await cluster.resource(kind);
    await until(async () => {
      await cluster.live.follow(resource, "members");
      const { code } = await plane.kubectl(
        ["-n", namespace, "apply", "--server-side", "-f", "-"],
        JSON.stringify(gadget("two")),
      );
      return code === 0;
    }, "the kind is served again");
    await until(() => namesIn(cluster, namespace).includes("two"), "the new object is followed", 60_000);
  });

  test("a kind that may not be listed rejects who follows it, and can be followed later", async () => {
    const plane = sharedControlPlane();
    const cluster = await openCluster(plane.userKubeconfig("stranger"));
    const admin = await openCluster(plane.kubeconfigPath);
    const resource = await admin.resource(CONFIG_MAP);
    const forbidden = { code: "PL-KUBE-FORBIDDEN" };
    await expect(cluster.live.follow(resource, "members")).rejects.toMatchObject(forbidden);
    await expect(cluster.live.follow(resource, "members")).rejects.toMatchObject(forbidden);
    expect(cluster.live.broken()).toEqual([]);
  });
});
