import { expect, test } from "vitest";
import { type KubeObject, type Manifest, refOf } from "../../src/model/index.ts";
import { isNamespaced, isServed, resolveKinds } from "../../src/sync/index.ts";
import { definition, openCluster } from "../cluster/clusters.ts";
import { describeCluster, sharedControlPlane } from "../controlplane/index.ts";

function manifest(object: KubeObject): Manifest {
  return { ref: refOf(object), object, origin: { repo: "r", revision: "1", file: "a.yaml", line: 1 } };
}

const plain = (apiVersion: string, kind: string) => manifest({ apiVersion, kind, metadata: { name: "a" } });
const open = () => openCluster(sharedControlPlane().kubeconfigPath);

describeCluster("the kinds of a set of manifests", () => {
  test("are looked up once each, with their scope", async () => {
    const cluster = await open();
    const manifests = [plain("v1", "ConfigMap"), plain("v1", "ConfigMap"), plain("v1", "Namespace")];
    const kinds = await resolveKinds(manifests, { cluster });
    expect(kinds.resources.size).toBe(2);
    expect(manifests.map(({ ref }) => isNamespaced(kinds, ref))).toEqual([true, true, false]);
  });

  test("that a definition among them brings along are known before the server serves them, in all their versions", async () => {
    const cluster = await open();
    const made = definition("coming.example.com", "Widget");
    const [v1] = made.spec.versions;
    const versions = [v1, { ...v1, name: "v2" }, { ...v1, name: "v3", served: false }];
    const crd = JSON.parse(JSON.stringify({ ...made, spec: { ...made.spec, scope: "Cluster", versions } }));
    const widgets = ["v1", "v2"].map((version) => plain(`coming.example.com/${version}`, "Widget"));
    const kinds = await resolveKinds([...widgets, manifest(crd)], { cluster });
    expect(widgets.map(({ ref }) => [isNamespaced(kinds, ref), isServed(kinds, ref)])).toEqual([
      [false, false],
      [false, false],
    ]);
    expect(kinds.problems.size).toBe(0);
    const unserved = plain("coming.example.com/v3", "Widget");
    const { coming } = await resolveKinds([unserved, manifest(crd)], { cluster });
    expect([...coming.keys()]).not.toContain("coming.example.com/v3/Widget");
  });

  test("that nobody knows are problems of their own, and the others are known all the same", async () => {
    const cluster = await open();
    const [good, bad] = [plain("v1", "Secret"), plain("v1", "Secrte")];
    const kinds = await resolveKinds([bad, good], { cluster });
    expect(isNamespaced(kinds, good.ref)).toBe(true);
    expect(isNamespaced(kinds, bad.ref)).toMatchObject({ code: "PL-KIND-UNKNOWN" });
  });

  test("that were looked for in vain a moment ago are not asked for again", async () => {
    const cluster = await open();
    const noted = new Map();
    const vain = { recall: (key: string) => noted.get(key), note: noted.set.bind(noted) };
    const unknown = plain("none.example.com/v1", "None");
    await resolveKinds([unknown], { cluster, vain });
    const before = cluster.requests.length;
    const { problems } = await resolveKinds([unknown], { cluster, vain });
    expect([...problems.values()]).toEqual([...noted.values()]);
    expect(cluster.requests).toHaveLength(before);
  });

  test("a definition that is half a definition defines nothing and breaks nothing", async () => {
    const cluster = await open();
    const halves: readonly object[] = [
      {},
      { group: "g" },
      { group: "g", names: { kind: 1 }, versions: [] },
      { names: null },
    ];
    const manifests = halves.map((spec) =>
      manifest(
        JSON.parse(
          JSON.stringify({
            apiVersion: "apiextensions.k8s.io/v1",
            kind: "CustomResourceDefinition",
            metadata: { name: "a" },
            spec,
          }),
        ),
      ),
    );
    expect((await resolveKinds(manifests, { cluster })).coming.size).toBe(0);
  });
});
