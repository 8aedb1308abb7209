import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cluster, createCluster } from "../../src/cluster/index.ts";
import { type Manifest, PlumblineError, SILENT, toProblem } from "../../src/model/index.ts";
import { prepare } from "../../src/plan/index.ts";
import { DEFAULT_LIMITS, decode } from "../../src/render/index.ts";
import { type ControlPlane, describeCluster, startControlPlane } from "../controlplane/index.ts";

const FOLDER = join(
  process.env["PLUMB_CONFORMANCE"] ?? join(import.meta.dirname, "../../../shared/conformance"),
  "seeds",
);

type Verdict = "valid" | "rejected" | "invalid-yaml" | "removed-api" | "not-a-cluster-object";
/** From bad to worse, as the index counts a file of several documents. */
const WORSE: readonly Verdict[] = ["valid", "rejected", "removed-api", "not-a-cluster-object", "invalid-yaml"];

const EXPORTED = "an exported object: its uid and resourceVersion are left out with a warning, and the rest is sound";

/** Where Plumbline says something else on purpose, and why. */
const OTHERWISE: { readonly [file: string]: { readonly verdict: Verdict; readonly why: string } } = {
  "000-19-secret-example.yaml": {
    verdict: "invalid-yaml",
    why: "keys given twice are refused before the server can refuse the rest",
  },
  "003-23-node-node01.yaml": { verdict: "valid", why: EXPORTED },
  "003-26-list.yaml": { verdict: "valid", why: EXPORTED },
  "003-29-configmap-coredns.yaml": { verdict: "valid", why: EXPORTED },
};

interface Block {
  readonly file: string;
  readonly verdict: Verdict;
  readonly strictYaml?: unknown;
  readonly docs: readonly {
    readonly apiVersion: string | null;
    readonly kind: string | null;
    readonly name: string | null;
  }[];
}

interface Index {
  readonly namespacesCreatedFirst: readonly string[];
  readonly blocks: readonly Block[];
}

/** What Plumbline says to a file: the code of what it refuses, as one of the index's words. */
async function verdictOf({ file, docs }: Block, cluster: Cluster): Promise<Verdict> {
  const decoded = decode({
    bytes: readFileSync(join(FOLDER, file)),
    file,
    repo: "seeds",
    revision: "0",
    limits: DEFAULT_LIMITS,
  });
  const verdicts = await Promise.all(decoded.manifests.map((manifest) => verdictOfManifest(manifest, cluster)));
  for (const { code } of decoded.problems)
    verdicts.push(code === "PL-MANIFEST-INCOMPLETE" ? await verdictOfNameless(docs, cluster) : yamlVerdict(code));
  return WORSE.findLast((one) => verdicts.includes(one)) ?? "valid";
}

function yamlVerdict(code: string): Verdict {
  return code.startsWith("PL-YAML-") ? "invalid-yaml" : "rejected";
}

/** A document without a name is refused before any server is asked; the index also says what a server would say of its kind. */
async function verdictOfNameless(docs: Block["docs"], cluster: Cluster): Promise<Verdict> {
  const nameless = docs.filter(({ name, kind }) => name === null || kind === null);
  const verdicts = await Promise.all(
    nameless.map(async ({ apiVersion, kind }): Promise<Verdict> => {
      if (apiVersion === null || kind === null) return "not-a-cluster-object";
      const [version = "", group = ""] = apiVersion.split("/").reverse();
      return await kindVerdict(() => cluster.resource({ group, version, kind }));
    }),
  );
  return WORSE.findLast((one) => verdicts.includes(one)) ?? "rejected";
}

async function kindVerdict(ask: () => Promise<unknown>): Promise<Verdict> {
  try {
    await ask();
    return "rejected";
  } catch (error) {
    return toProblem(error).code === "PL-KIND-REMOVED" ? "removed-api" : "not-a-cluster-object";
  }
}

async function verdictOfManifest(manifest: Manifest, cluster: Cluster): Promise<Verdict> {
  try {
    const { namespaced } = await cluster.resource(manifest.ref);
    const [ready] = prepare([manifest], {
      application: "default/seeds",
      inventoryNamespace: "default",
      destinationNamespace: "default",
      namespaced: () => namespaced,
    });
    if (ready === undefined || ready.problem !== undefined) return "rejected";
    await cluster.apply(ready.object, { dryRun: true });
    return "valid";
  } catch (error) {
    if (!(error instanceof PlumblineError)) throw error;
    if (error.code === "PL-KIND-REMOVED") return "removed-api";
    return error.code === "PL-KIND-UNKNOWN" ? "not-a-cluster-object" : "rejected";
  }
}

describeCluster("manifests as people write them", () => {
  const index = existsSync(FOLDER)
    ? (JSON.parse(readFileSync(join(FOLDER, "index.json"), "utf8")) as Index)
    : undefined;
  let controlPlane: ControlPlane;
  let cluster: Cluster;

  beforeAll(async () => {
    controlPlane = await startControlPlane();
    cluster = await createCluster({ kubeconfig: controlPlane.kubeconfigPath, log: SILENT });
    for (const name of index?.namespacesCreatedFirst ?? []) await controlPlane.kubectl(["create", "namespace", name]);
  });
  afterAll(async () => {
    await cluster.close();
    await controlPlane.stop();
  });

  test.skipIf(index === undefined)(
    "get from Plumbline the verdict that the server gives them, all 94 files (needs the conformance folder)",
    async () => {
      const wrong: string[] = [];
      for (const block of index?.blocks ?? []) {
        const verdict = await verdictOf(block, cluster);
        if (verdict !== (OTHERWISE[block.file]?.verdict ?? block.verdict))
          wrong.push(`${block.file}: ${verdict}, the server: ${block.verdict}`);
      }
      expect(index?.blocks).toHaveLength(94);
      expect(wrong).toEqual([]);
    },
  );
});
