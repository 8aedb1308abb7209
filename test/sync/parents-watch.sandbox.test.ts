import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Cluster, type Clusters, createCluster } from "../../src/cluster/index.ts";
import { APPLICATION_ANNOTATION, APPLYSET_ID_LABEL, SILENT } from "../../src/model/index.ts";
import { applySetId, parentRef } from "../../src/plan/index.ts";
import { startSandbox } from "../../src/sandbox/index.ts";
import { KeptApplications } from "../../src/sync/index.ts";
import { ParentsWatch } from "../../src/sync/parents-watch.ts";
import { until } from "../e2e/until.ts";

const NS = "plumbline-system";

/** The clusters `home` and `far`, of which far has parents of these applications; who has a lease of far stands in `leases`. */
async function world(inFar: readonly string[], { shared = true } = {}) {
  const kept = shared ? new KeptApplications(NS) : undefined;
  const open = async (name: string) => {
    const sandbox = await startSandbox({ controllers: false });
    onTestFinished(() => sandbox.stop());
    const kubeconfig = join(mkdtempSync(join(tmpdir(), "plumb-parents-")), name);
    writeFileSync(kubeconfig, sandbox.kubeconfig);
    const cluster = await createCluster({ kubeconfig, log: SILENT, kept });
    onTestFinished(() => cluster.close());
    return cluster;
  };
  const [home, far] = [await open("home"), await open("far")];
  const declared = new Map(inFar.map((name) => [name, "far"]));
  const leases = { count: 0, ever: 0 };
  const clusters: Clusters = {
    home,
    names: () => [home.name, "far"],
    of: ({ cluster }) => (cluster === "far" ? far : home),
    lease: ({ cluster }) => {
      const counts = cluster === "far" ? 1 : 0;
      leases.count += counts;
      leases.ever += counts;
      const release = (): void => {
        leases.count -= counts;
      };
      return { cluster: cluster === "far" ? far : home, release };
    },
    onLive: (listener) => far.live.onChange((change) => listener(change, "far")),
    onChange: () => () => {},
    onTurn: () => () => {},
    statuses: () => [],
  };
  await far.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: NS } });
  for (const name of inFar) await far.apply(parentOf(name));
  const stopping = new AbortController();
  const watch: ParentsWatch = new ParentsWatch({
    settings: { clusters, log: SILENT, ...(kept === undefined ? {} : { kept }) },
    ...{ inventoryNamespace: NS, stopping: stopping.signal, letGoAfterMs: 100, onChange: () => {} },
    isNeeded: (cluster) => [...declared].some(([name, at]) => at === cluster && (kept?.keeps(name) ?? true)),
    isOthers: (name) => declared.has(name) && kept?.keeps(name) !== true,
  });
  onTestFinished(() => {
    stopping.abort();
    watch.stop();
  });
  const known = () =>
    watch
      .known()
      .map(({ application, cluster }) => `${application} in ${cluster}`)
      .toSorted();
  watch.start();
  await until("all clusters looked at", () => watch.isFollowed);
  return { watch, kept, far, declared, leases, known };
}

function parentOf(name: string): Parameters<Cluster["apply"]>[0] {
  const { name: parent } = parentRef(name, NS);
  const labels = { [APPLYSET_ID_LABEL]: applySetId(name, NS) };
  const metadata = { namespace: NS, name: parent, labels, annotations: { [APPLICATION_ANNOTATION]: name } };
  return { apiVersion: "v1", kind: "ConfigMap", metadata };
}

test("where all are declared and none is this replica's, a cluster is let go of, and what was seen there stays known", async () => {
  const { leases, known, watch } = await world(["team/a", "team/b"]);
  await until("far let go of", () => leases.count === 0);
  expect(known()).toEqual(["team/a in far", "team/b in far"]);
  expect(watch.isFollowed).toBe(true);
});

test("a cluster is followed as long as this replica works on an application there, and again from when it does", async () => {
  const { kept, leases, known } = await world(["team/a", "team/b"]);
  kept?.keep("team/a");
  await until("far let go of, or not", () => leases.count === 1);
  kept?.drop(["team/a"]);
  await until("far let go of", () => leases.count === 0);
  const { ever } = leases;
  kept?.keep("team/b");
  await until("far followed again", () => leases.count === 1 && leases.ever === ever + 1);
  expect(known(), "meanwhile what was seen before").toEqual(["team/a in far", "team/b in far"]);
});

test("an application that is declared no more is looked for in a cluster that was let go of, together with those that are not known to be there", async () => {
  const { watch, declared, leases, known, far } = await world(["team/a", "team/b"]);
  await until("far let go of", () => leases.count === 0);
  declared.delete("team/a");
  const presumed = { cluster: "far", declaration: undefined, asked: undefined };
  watch.undeclared([
    { application: "team/a", ...presumed },
    { application: "team/unseen", ...presumed },
  ]);
  watch.settle();
  expect(leases.count).toBe(1);
  expect(known(), "too many at once must be seen to be many").toEqual([
    "team/a in far",
    "team/b in far",
    "team/unseen in far",
  ]);
  await until("what is there", () => !known().includes("team/unseen in far"));
  expect(known()).toEqual(["team/a in far", "team/b in far"]);
  await far.delete(parentRef("team/a", NS));
  await until("far let go of, as nobody leaves any more", () => leases.count === 0);
  expect(known()).toEqual(["team/b in far"]);
});

test("alone, a cluster in which there is anything of ours is followed, and an empty one that nobody needs is not", async () => {
  const full = await world(["team/a"], { shared: false });
  full.watch.settle();
  expect(full.leases.count).toBe(1);
  const empty = await world([], { shared: false });
  expect(empty.leases.count).toBe(0);
});
