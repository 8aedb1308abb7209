import { expect, test } from "vitest";
import { forEachLimited } from "../../src/kit/pool.ts";
import { APPLYSET_ID_LABEL, PART_OF_LABEL } from "../../src/model/index.ts";
import { describeCluster, sharedControlPlane } from "../controlplane/index.ts";
import { openCluster } from "./clusters.ts";

/** Of a kind that no other test has many of. */
const LEASE = { group: "coordination.k8s.io", version: "v1", kind: "Lease" };

function lease(namespace: string, name: string, labels: { readonly [name: string]: string } = {}) {
  return { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { namespace, name, labels }, spec: {} };
}

async function opened() {
  const plane = sharedControlPlane();
  const namespace = await plane.createNamespace();
  const cluster = await openCluster(plane.kubeconfigPath);
  const follow = async () => cluster.live.follow(await cluster.resource(LEASE), "members");
  /** Each name as an application of its own asks for it, all at once; those that are there, and the requests that it took by verb. */
  const askAtOnce = async (names: readonly string[]) => {
    const before = cluster.requests.length;
    const answers = await Promise.all(names.map((name) => cluster.lookup([{ ...LEASE, namespace, name }])));
    const asked = cluster.requests.slice(before);
    const found = answers.flatMap((answer) => [...answer.values()].map(({ metadata }) => metadata.name));
    return {
      found,
      gets: asked.filter(({ verb }) => verb === "get").length,
      lists: asked.filter(({ verb }) => verb === "list").length,
    };
  };
  return { cluster, namespace, follow, askAtOnce };
}

const NAMES = Array.from({ length: 20 }, (_, i) => `t${i}`);

describeCluster("many who ask for one kind at once", () => {
  test("are answered by one list where the members are watched, and each finds what is there", async () => {
    const { cluster, namespace, follow, askAtOnce } = await opened();
    for (const name of ["t3", "t17"]) await cluster.apply(lease(namespace, name));
    expect(await askAtOnce(NAMES)).toEqual({ found: ["t3", "t17"], gets: 20, lists: 0 });
    await follow();
    const { found, gets, lists } = await askAtOnce(NAMES);
    expect(found).toEqual(["t3", "t17"]);
    expect(gets, "the first alone and those that are there").toBeLessThanOrEqual(3);
    expect(lists).toBe(1);
    await cluster.apply(lease(namespace, "t5"));
    expect((await askAtOnce(NAMES)).found, "never older than the question").toEqual(["t3", "t5", "t17"]);
  });

  test("do not have the parents of ApplySets listed where these are watched, and find them by the watch", async () => {
    const { cluster, namespace, follow, askAtOnce } = await opened();
    await follow();
    await cluster.live.follow(await cluster.resource(LEASE), "parents");
    await cluster.apply(lease(namespace, "t3", { [APPLYSET_ID_LABEL]: "applyset-of-somebody-v1" }));
    expect(cluster.live.get({ ...LEASE, namespace, name: "t3" })).toBeDefined();
    const { found, lists } = await askAtOnce(["t2", "t3", "t4", "t5"]);
    expect({ found, lists }).toEqual({ found: [], lists: 1 });
  });

  test("ask by name where the list is too long", async () => {
    const { cluster, namespace, follow, askAtOnce } = await opened();
    await follow();
    const many = Array.from({ length: 501 }, (_, i) => `many${i}`);
    await forEachLimited(many, 32, async (name) => void (await cluster.apply(lease(namespace, name))));
    await cluster.apply(lease(namespace, "t7", { [PART_OF_LABEL]: "applyset-of-another-v1" }));
    await askAtOnce(NAMES);
    expect(await askAtOnce([...NAMES, "many7"])).toEqual({ found: ["t7", "many7"], gets: 21, lists: 0 });
  });
});
