import { expect, test } from "vitest";
import type { KubeObject } from "../../src/model/index.ts";
import { APPLICATION_ANNOTATION, APPLYSET_ID_LABEL, PART_OF_LABEL } from "../../src/model/index.ts";
import { applySetId, parentRef } from "../../src/plan/index.ts";
import { KeptApplications } from "../../src/sync/index.ts";
import { describeCluster, sharedControlPlane } from "../controlplane/index.ts";
import { openCluster, until } from "./clusters.ts";

/** Of a kind that no other test has many of. */
const LEASE = { group: "coordination.k8s.io", version: "v1", kind: "Lease" };

async function world(applications: number) {
  const plane = sharedControlPlane();
  const namespace = await plane.createNamespace();
  const names = Array.from({ length: applications }, (_, i) => `team/app-${i}`);
  const idOf = (name: string): string => applySetId(name, namespace);
  const lease = (name: string, of: string): KubeObject => ({
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { namespace, name, labels: { [PART_OF_LABEL]: idOf(of) } },
    spec: {},
  });
  const writer = await openCluster(plane.kubeconfigPath);
  await Promise.all(names.map((name, i) => writer.apply(lease(`l${i}`, name))));
  const kept = new KeptApplications(namespace);
  const cluster = await openCluster(plane.kubeconfigPath, { kept });
  const follow = async (name: string) =>
    cluster.live.follow(await cluster.resource(LEASE), "members", { applySetId: idOf(name) });
  const members = (name: string) => cluster.live.members(idOf(name)).map(({ metadata }) => metadata.name);
  const lists = () => cluster.requests.filter(({ verb, kind }) => verb === "list" && kind === "Lease").length;
  return { namespace, names, idOf, lease, writer, kept, cluster, follow, members, lists };
}

describeCluster("a process that keeps a part of the applications", () => {
  test("keeps the objects of its own alone; what it gains is there when it is followed, by one list for all that were gained together, and what it loses is gone", async () => {
    const { names, kept, follow, members, lists, writer, lease, cluster, namespace } = await world(100);
    const [first = "", second = "", third = "", ...more] = names;
    kept.keep(first);
    await follow(first);
    expect([members(first), members(second), lists()]).toEqual([["l0"], [], 1]);
    kept.keep(second);
    kept.keep(third);
    expect(members(second), "not known yet").toEqual([]);
    await Promise.all([follow(second), follow(third), follow(first)]);
    expect([members(second), members(third), lists()]).toEqual([["l1"], ["l2"], 2]);
    for (const name of more) kept.keep(name);
    await Promise.all(more.map(follow));
    expect([more.flatMap(members).length, lists()], "as many as are not named in one list").toEqual([97, 3]);
    kept.drop([second]);
    expect(members(second)).toEqual([]);
    await expect(follow(second)).rejects.toMatchObject({ code: "PL-FENCED" });
    await writer.apply(lease("l0", second));
    await until(() => members(first).length === 0, "the move to another's application is seen");
    const found = await cluster.lookup(["l0", "l1", "l2", "none"].map((name) => ({ ...LEASE, namespace, name })));
    expect([...found.values()].map(({ metadata }) => metadata.name).toSorted()).toEqual(["l0", "l1", "l2"]);
  });

  test("never takes another's object for absent, however many ask at once", async () => {
    const { names, kept, follow, cluster, namespace } = await world(20);
    kept.keep(names[0] ?? "");
    await follow(names[0] ?? "");
    // Its own is in the cache, and nobody asks for it.
    const others = [...names.keys()].slice(1);
    const asked = others.flatMap((i) => [`l${i}`, `none${i}`]);
    const found = await Promise.all(asked.map((name) => cluster.lookup([{ ...LEASE, namespace, name }])));
    const there = found.flatMap((one) => [...one.values()].map(({ metadata }) => metadata.name));
    expect(there.toSorted()).toEqual(others.map((i) => `l${i}`).toSorted());
  });

  test("knows of another's parent what the end of its application is judged by", async () => {
    const { names, kept, cluster, idOf, namespace, writer } = await world(2);
    const [mine = "", theirs = ""] = names;
    const configMaps = await cluster.resource({ group: "", version: "v1", kind: "ConfigMap" });
    for (const name of [mine, theirs]) {
      const labels = { [APPLYSET_ID_LABEL]: idOf(name) };
      const annotations = { [APPLICATION_ANNOTATION]: name, "plumbline.dev/applied-set": "s" };
      const { name: parent } = parentRef(name, namespace);
      await writer.apply({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { namespace, name: parent, labels, annotations },
      });
    }
    kept.keep(mine);
    await cluster.live.follow(configMaps, "parents", { applySetId: idOf(mine) });
    const here = cluster.live.all(configMaps).filter(({ metadata }) => metadata.namespace === namespace);
    const said = here.map(({ metadata }) => Object.keys(metadata.annotations ?? {}).length);
    expect(here.map(({ metadata }) => metadata.annotations?.[APPLICATION_ANNOTATION]).toSorted()).toEqual([
      mine,
      theirs,
    ]);
    expect(said.toSorted()).toEqual([1, 2]);
    expect(cluster.live.get(parentRef(theirs, namespace))).toBeUndefined();
    kept.keep(theirs);
    await cluster.live.follow(configMaps, "parents", { applySetId: idOf(theirs) });
    expect(cluster.live.get(parentRef(theirs, namespace))?.metadata.annotations).toHaveProperty([
      "plumbline.dev/applied-set",
    ]);
  });
});
