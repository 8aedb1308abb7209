import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "../../src/cluster/index.ts";
import { type Manifest, PlumblineError, parseApiVersion, toProblem } from "../../src/model/index.ts";
import { prepare } from "../../src/plan/index.ts";
import { DEFAULT_LIMITS, decode } from "../../src/render/index.ts";

export type SeedVerdict = "valid" | "rejected" | "invalid-yaml" | "removed-api" | "not-a-cluster-object";

/** From bad to worse, as the index counts a file of several documents. */
const WORSE: readonly SeedVerdict[] = ["valid", "rejected", "removed-api", "not-a-cluster-object", "invalid-yaml"];

/** One file of manifests, with what a real server said to it: shared/conformance/seeds has the format. */
export interface Block {
  readonly file: string;
  readonly verdict: SeedVerdict;
  readonly docs: readonly {
    readonly apiVersion: string | null;
    readonly kind: string | null;
    readonly name: string | null;
  }[];
}

/** What Plumbline says to a file, with the server behind it: the code of what it refuses, as one of the index's words. */
export async function verdictOf({ file, docs }: Block, root: string, cluster: Cluster): Promise<SeedVerdict> {
  const bytes = readFileSync(join(root, file));
  const { manifests, problems } = decode({ bytes, file, repo: "seeds", revision: "0", limits: DEFAULT_LIMITS });
  const verdicts = await Promise.all(manifests.map((manifest) => verdictOfManifest(manifest, cluster)));
  for (const { code } of problems) {
    if (code === "PL-MANIFEST-INCOMPLETE") verdicts.push(await verdictOfNameless(docs, cluster));
    else verdicts.push(code.startsWith("PL-YAML-") ? "invalid-yaml" : "rejected");
  }
  return worst(verdicts) ?? "valid";
}

function worst(verdicts: readonly SeedVerdict[]): SeedVerdict | undefined {
  return WORSE.findLast((one) => verdicts.includes(one));
}

/** A document without a name is refused before any server is asked; the index also says what a server would say of its kind. */
async function verdictOfNameless(docs: Block["docs"], cluster: Cluster): Promise<SeedVerdict> {
  const nameless = docs.filter(({ name, kind }) => name === null || kind === null);
  const verdicts = nameless.map(async ({ apiVersion, kind }): Promise<SeedVerdict> => {
    if (apiVersion === null || kind === null) return "not-a-cluster-object";
    return await verdictOfKind(() => cluster.resource({ ...parseApiVersion(apiVersion), kind }));
  });
  return worst(await Promise.all(verdicts)) ?? "rejected";
}

async function verdictOfKind(ask: () => Promise<unknown>): Promise<SeedVerdict> {
  try {
    await ask();
    return "rejected";
  } catch (error) {
    return toProblem(error).code === "PL-KIND-REMOVED" ? "removed-api" : "not-a-cluster-object";
  }
}

async function verdictOfManifest(manifest: Manifest, cluster: Cluster): Promise<SeedVerdict> {
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
