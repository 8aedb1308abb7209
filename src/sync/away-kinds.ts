import type { Cluster } from "../cluster/index.ts";
import {
  type GroupKind,
  isJsonObject,
  type LiveObject,
  PlumblineError,
  type Problem,
  toProblem,
} from "../model/index.ts";

const API_SERVICE = { group: "apiregistration.k8s.io", kind: "APIService" };

/**
 * Why a kind that the server does not serve may be there all the same: an API server of its own answers for the group, and does not answer now
 * (PL-KIND-AWAY). Undefined where that is not so, or cannot be seen.
 */
export async function awayProblem(
  { group, kind }: GroupKind,
  { cluster, signal }: { readonly cluster: Pick<Cluster, "preferred" | "list">; readonly signal?: AbortSignal },
): Promise<Problem | undefined> {
  if (!group.includes(".")) return undefined;
  const reading = signal === undefined ? {} : { signal };
  try {
    const resource = await cluster.preferred(API_SERVICE, signal);
    if (resource === undefined) return undefined;
    for await (const service of cluster.list(resource, reading)) {
      const why = whyAway(service, group);
      if (why !== undefined) return problemOf(kind, service.metadata.name, why);
    }
    return undefined;
  } catch (error) {
    if (signal?.aborted || toProblem(error).code === "PL-KUBE-UNREACHABLE") throw error;
    return undefined;
  }
}

function problemOf(kind: string, name: string, why: string): Problem {
  const message = `APIService ${name}, which serves ${kind}, does not answer: ${why}`;
  return toProblem(new PlumblineError("PL-KIND-AWAY", { message, where: `APIService ${name}` }));
}

/** Groups that the API server itself serves name no Service. */
function whyAway({ spec, status }: LiveObject, group: string): string | undefined {
  if (!isJsonObject(spec) || spec["group"] !== group || !isJsonObject(spec["service"])) return undefined;
  const conditions = isJsonObject(status) && Array.isArray(status["conditions"]) ? status["conditions"] : [];
  const available = conditions.filter(isJsonObject).find(({ type }) => type === "Available");
  if (available?.["status"] === "True") return undefined;
  return available === undefined ? "not looked at yet" : String(available["message"]);
}
