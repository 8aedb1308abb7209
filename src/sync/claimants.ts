import type { Cluster } from "../cluster/index.ts";
import { hashJson } from "../kit/hash.ts";
import { forEachLimited } from "../kit/pool.ts";
import { groupKindKey, isJsonObject, type LiveObject, type Problem, refKey, refOf, toProblem } from "../model/index.ts";
import { type Claim, type ClaimRecord, claimsOn, type JudgedClaim } from "../plan/index.ts";

const AT_ONCE = 8;

/** Who else says that an object is his, and whether he is still there; by refKey. Each claimant is looked for once, however many objects he claims. */
export async function judgeClaims(
  objects: readonly LiveObject[],
  { cluster, signal }: { readonly cluster: Cluster; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, readonly JudgedClaim[]>> {
  const claims = new Map(objects.map((live) => [refKey(refOf(live)), claimsOn(live)]));
  const claimants = new Map([...claims.values()].flat().map((claim) => [keyOf(claim), claim]));
  const judged = new Map<string, JudgedClaim>();
  await forEachLimited([...claimants], AT_ONCE, async ([key, claim]) => {
    judged.set(key, { claim, ...(await standing(claim, cluster, signal)) });
  });
  const judgedOf = (claim: Claim): JudgedClaim[] => {
    const found = judged.get(keyOf(claim));
    return found === undefined ? [] : [found];
  };
  return new Map([...claims].map(([key, own]) => [key, own.flatMap(judgedOf)]));
}

function keyOf({ tool, evidence, records }: Claim): string {
  return hashJson([tool, evidence, ...records.map((record) => Object.entries(record).flat())]);
}

type Standing = Omit<JudgedClaim, "claim">;

/** Errors: PL-KUBE-UNREACHABLE, the signal's reason. What else keeps it from being seen may be one tool's own trouble. */
async function standing({ records }: Claim, cluster: Cluster, signal: AbortSignal): Promise<Standing> {
  if (records.length === 0) return { living: "yes" };
  let unknown: Standing | undefined;
  for (const record of records) {
    try {
      if (await isThere(record, cluster, signal)) return { living: "yes" };
    } catch (error) {
      const problem = toProblem(error);
      if (signal.aborted || problem.code === "PL-KUBE-UNREACHABLE") throw error;
      unknown ??= { living: "unknown", why: whyUnknown(record, problem) };
    }
  }
  return unknown ?? { living: "no" };
}

/** What the server says of Secrets is left out of its errors, the permission that is missing too. */
function whyUnknown({ group, kind, namespace }: ClaimRecord, { code, message }: Problem): string {
  if (code !== "PL-KUBE-FORBIDDEN") return message;
  return `to list ${groupKindKey({ group, kind })} in ${namespace === undefined ? "all namespaces" : `namespace ${namespace}`} is forbidden`;
}

/** A kind that is not served has no objects: the tool was taken out of the cluster. */
async function isThere(record: ClaimRecord, cluster: Cluster, signal: AbortSignal): Promise<boolean> {
  const { namespace, name, labelSelector, says } = record;
  const resource = await cluster.preferred(record, signal);
  if (resource === undefined) return false;
  const found = cluster.list(resource, {
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { fieldSelector: `metadata.name=${name}` }),
    ...(labelSelector !== undefined && { labelSelector }),
    metadataOnly: says === undefined,
    signal,
  });
  for await (const object of found) if (says === undefined || specOf(object).includes(says)) return true;
  return false;
}

function specOf({ data }: LiveObject): string {
  return isJsonObject(data) && typeof data["spec"] === "string" ? data["spec"] : "";
}
