import type { Cluster } from "../cluster/index.ts";
import { type JsonObject, PlumblineError, parseApiVersion } from "../model/index.ts";
import { judgeLookup, type ProjectRules } from "../plan/index.ts";
import type { Lookup, RenderInput } from "../render/index.ts";

/** Objects in a list that a template looks up. */
const MAX_LISTED = 5000;

interface Limits {
  /** Nothing may be looked up. */
  readonly refuse?: boolean | undefined;
  /** Only what the Project lets the application have. */
  readonly rules?: ProjectRules | undefined;
}

/** Errors: PL-PROJECT-*. */
function requireLookup({ apiVersion, kind, namespace }: Lookup, rules: ProjectRules): void {
  const { group } = parseApiVersion(apiVersion);
  const problem = judgeLookup(namespace === "" ? { group, kind } : { group, kind, namespace }, rules);
  if (problem !== undefined)
    throw new PlumblineError(problem.code, { ...problem, message: `a template looks up ${kind}: ${problem.message}` });
}

/** What templates may know of the destination. Secrets of other namespaces are none of their business. */
export function liveAnswers(
  cluster: Cluster,
  namespace: string,
  { refuse = false, rules }: Limits = {},
): NonNullable<RenderInput["cluster"]> {
  return {
    capabilities: async () => ({ kubeVersion: await cluster.version(), apiVersions: await cluster.apiVersions() }),
    lookup: async (wanted) => {
      if (refuse) refuseLookup(wanted);
      if (rules !== undefined) requireLookup(wanted, rules);
      return await lookUp(cluster, wanted, namespace);
    },
  };
}

/** Whoever may push a branch would else be shown by a preview what Plumbline alone may read. */
function refuseLookup({ kind }: Lookup): never {
  const message = `a template of the preview looks up objects of kind ${kind}, which would show them to you`;
  throw new PlumblineError("PL-RENDER-LOOKUP", { message, next: "ask with a token that has the role operator" });
}

async function lookUp(cluster: Cluster, wanted: Lookup, own: string): Promise<JsonObject | undefined> {
  const { apiVersion, kind, namespace, name } = wanted;
  if (kind === "Secret" && namespace !== own) {
    const message = `a template looks up Secrets of ${namespace === "" ? "all namespaces" : `namespace ${namespace}`}`;
    const next = `look up Secrets of the destination's own namespace (${own}) only`;
    throw new PlumblineError("PL-RENDER-LOOKUP", { message, next });
  }
  const resource = await cluster.resource({ ...parseApiVersion(apiVersion), kind });
  const scope = resource.namespaced && namespace !== "" ? { namespace } : {};
  if (name !== "") return asJson(await cluster.get({ ...resource, ...scope, name }));
  const items: JsonObject[] = [];
  for await (const object of cluster.list(resource, scope)) {
    if (items.length >= MAX_LISTED) {
      throw new PlumblineError("PL-RENDER-LOOKUP", {
        message: `a template looks up more than ${MAX_LISTED} objects of kind ${kind}`,
      });
    }
    items.push(asJson(object) ?? {});
  }
  return { apiVersion, kind: `${kind}List`, items };
}

function asJson(object: object | undefined): JsonObject | undefined {
  return object === undefined ? undefined : JSON.parse(JSON.stringify(object));
}
