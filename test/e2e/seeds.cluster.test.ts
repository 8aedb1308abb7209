import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cluster, createCluster } from "../../src/cluster/index.ts";
import { SILENT } from "../../src/model/index.ts";
import { answersTo, conformanceFolder, readCaseFolder, reasonFor, SEEDS, seedsIn } from "../conformance/index.ts";
import { type ControlPlane, describeCluster, startControlPlane } from "../controlplane/index.ts";

describeCluster("manifests as people write them", () => {
  const all = conformanceFolder === undefined ? [] : seedsIn(readCaseFolder(conformanceFolder));
  let controlPlane: ControlPlane;
  let cluster: Cluster;

  beforeAll(async () => {
    controlPlane = await startControlPlane();
    cluster = await createCluster({ kubeconfig: controlPlane.kubeconfigPath, log: SILENT });
  });
  afterAll(async () => {
    await cluster.close();
    await controlPlane.stop();
  });

  test.skipIf(all.length === 0)(
    "get from Plumbline the verdict that the server gives them (needs the conformance folder)",
    async () => {
      for (const seeds of all) {
        const cases = await answersTo(seeds, cluster);
        const wrong = cases.filter((one) => one.wrong !== undefined && reasonFor(SEEDS.name, one) === undefined);
        expect(cases.length).toBeGreaterThan(0);
        expect(wrong).toEqual([]);
      }
    },
  );
});
