import type { Cluster } from "../cluster/index.ts";
import {
  isJsonObject,
  type KubeObject,
  type LiveObject,
  parseApiVersion,
  refKey,
  refOf,
  toProblem,
} from "../model/index.ts";
import type { Prepared } from "../plan/index.ts";
import type { Autoscalers, NamespaceAutoscalers } from "./memory.ts";

interface Looking {
  readonly prepared: readonly Prepared[];
  readonly live: ReadonlyMap<string, LiveObject>;
  /** Objects of the application beside those in `live`. */
  readonly members: readonly LiveObject[];
  /** What was asked for before, by namespace; what is asked for now is added. */
  readonly known: Map<string, NamespaceAutoscalers>;
  /** Milliseconds for which an answer is good. */
  readonly keepMs: number;
  readonly cluster: Pick<Cluster, "preferred" | "list">;
  readonly signal?: AbortSignal;
  /** Asks anew whatever is known. */
  readonly manual: boolean;
  readonly now: () => number;
}

const AUTOSCALER = { group: "autoscaling", kind: "HorizontalPodAutoscaler" } as const;
/** Of one namespace. */
const MOST_LISTED = 2000;

/**
 * Which live autoscaler scales what. The application's own are known from the watch. Those of others are asked for only where the number of
 * replicas is not Git's, with one list of that namespace, and not again for a while: autoscalers that scale nothing of ours cost nothing.
 */
export async function findAutoscalers(
  looking: Looking,
): Promise<{ targets: Autoscalers; warnings: readonly string[] }> {
  const { prepared, live, members, known: answers, manual, now } = looking;
  const targets = new Map([...live.values(), ...members].flatMap(targetOf));
  const warnings: string[] = [];
  const namespaces = new Set(prepared.flatMap(({ ref }) => ref.namespace ?? []));
  for (const namespace of namespaces) {
    const known = answers.get(namespace);
    const isFresh = known !== undefined && now() < known.until && !manual;
    if (!isFresh && !prepared.some((one) => one.ref.namespace === namespace && isScaled(one, looking, targets)))
      continue;
    const found = isFresh ? known : await listTargets(namespace, looking);
    answers.set(namespace, found);
    for (const [key, name] of found.targets) targets.set(key, name);
    if (found.warning !== undefined) warnings.push(found.warning);
  }
  return { targets, warnings };
}

/** The cluster has another number of replicas than Git, and nobody is known to have set it. */
function isScaled({ ref, object }: Prepared, { live }: Looking, known: Autoscalers): boolean {
  const there = live.get(refKey(ref));
  const wanted = replicasOf(object);
  return wanted !== undefined && there !== undefined && wanted !== replicasOf(there) && !known.has(refKey(ref));
}

function replicasOf({ spec }: KubeObject): unknown {
  return isJsonObject(spec) ? spec["replicas"] : undefined;
}

async function listTargets(
  namespace: string,
  { cluster, signal, keepMs, now }: Looking,
): Promise<NamespaceAutoscalers> {
  const until = now() + keepMs;
  const targets = new Map<string, string>();
  try {
    const resource = await cluster.preferred(AUTOSCALER, signal);
    if (resource === undefined) return { until, targets };
    let listed = 0;
    for await (const object of cluster.list(resource, { namespace, ...(signal && { signal }) })) {
      if (++listed > MOST_LISTED) break;
      for (const [key, name] of targetOf(object)) targets.set(key, name);
    }
    if (listed <= MOST_LISTED) return { until, targets };
    return {
      until,
      targets,
      warning: `only ${MOST_LISTED} HorizontalPodAutoscalers of namespace ${namespace} were looked at`,
    };
  } catch (error) {
    const { code, message } = toProblem(error);
    if (code !== "PL-KUBE-FORBIDDEN") throw error;
    const warning = `whether autoscalers of others set replicas in namespace ${namespace} cannot be seen: ${message}`;
    return { until, targets, warning };
  }
}

function targetOf(object: LiveObject): [string, string][] {
  const { group, kind } = refOf(object);
  if (group !== AUTOSCALER.group || kind !== AUTOSCALER.kind) return [];
  const { spec, metadata } = object;
  const target = isJsonObject(spec) ? spec["scaleTargetRef"] : undefined;
  if (!isJsonObject(target) || metadata.namespace === undefined) return [];
  const { apiVersion, kind: scaled, name } = target;
  if (typeof apiVersion !== "string" || typeof scaled !== "string" || typeof name !== "string") return [];
  const key = refKey({ ...parseApiVersion(apiVersion), kind: scaled, namespace: metadata.namespace, name });
  return [[key, metadata.name]];
}
