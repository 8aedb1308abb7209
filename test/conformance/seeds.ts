import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Cluster, createCluster } from "../../src/cluster/index.ts";
import { isJsonObject, type JsonObject, SILENT } from "../../src/model/index.ts";
import { startSandbox } from "../../src/sandbox/index.ts";
import { filesWithList } from "./case-folder.ts";
import { answersToCharts } from "./seeds-chart.ts";
import { type Block, verdictOf } from "./seeds-verdict.ts";
import type { CaseFolder, CaseSet, Judged } from "./types.ts";

/** Manifests as people write them, with what a real server said to each. Here the sandbox is the server; a test of the cluster kind asks
 *  the real one. */
export const SEEDS: CaseSet = {
  name: "seeds",
  isIn: (folder) => seedsIn(folder).length > 0,
  judge: async (folder) => {
    const all = await Promise.all(
      seedsIn(folder).flatMap((seeds) => [
        withSandbox(async (cluster) => ({ cases: await answersTo(seeds, cluster), leftOut: [] })),
        answersToCharts(seeds.root),
      ]),
    );
    return { cases: all.flatMap(({ cases }) => cases), leftOut: all.flatMap(({ leftOut }) => leftOut) };
  },
};

/** An index of manifests, and the folder that their paths start from. */
export interface Seeds {
  readonly root: string;
  readonly namespaces: readonly string[];
  readonly blocks: readonly Block[];
}

export function seedsIn(folder: CaseFolder): Seeds[] {
  return filesWithList(folder, "blocks").map(({ file, value }) => ({
    root: join(folder.root, file.path, ".."),
    namespaces: listIn(value, "namespacesCreatedFirst"),
    blocks: [...listIn<Block>(value, "blocks"), ...blocksOfApps(value)],
  }));
}

function blocksOfApps({ apps }: JsonObject): Block[] {
  return isJsonObject(apps) ? Object.keys(apps).flatMap((name) => listIn<Block>(apps, name)) : [];
}

function listIn<T>(object: JsonObject, name: string): readonly T[] {
  const list: unknown = object[name];
  return Array.isArray(list) ? list : [];
}

export async function answersTo({ root, namespaces, blocks }: Seeds, cluster: Cluster): Promise<Judged[]> {
  for (const name of namespaces) await cluster.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  const judged = async (block: Block): Promise<Judged> => {
    const answer = await verdictOf(block, root, cluster);
    const isRight = answer === block.verdict;
    return { name: block.file, answer, ...(!isRight && { wrong: `${answer}, and the server: ${block.verdict}` }) };
  };
  // At once: a kind that is not there is looked for again for some time, at most once a second.
  return await Promise.all(blocks.map(judged));
}

async function withSandbox<T>(use: (cluster: Cluster) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "plumb-conformance-"));
  const sandbox = await startSandbox({ controllers: false });
  try {
    const kubeconfig = join(folder, "kubeconfig");
    await sandbox.writeKubeconfig(kubeconfig);
    const cluster = await createCluster({ kubeconfig, log: SILENT });
    return await use(cluster).finally(() => cluster.close());
  } finally {
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
