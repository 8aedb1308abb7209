import type { ApiResource, Cluster, Following } from "../cluster/index.ts";
import {
  apiVersionOf,
  type GroupVersionKind,
  groupKindKey,
  isJsonObject,
  type JsonObject,
  type Manifest,
  type Problem,
  parseGroupKind,
  toProblem,
} from "../model/index.ts";
import { awayProblem } from "./away-kinds.ts";
import { type Asking, unlessForbidden } from "./forbidden.ts";

/** What the server, or a definition in the same commit, says of each kind that the manifests use. Keys: `kindKey`. */
export interface Kinds {
  readonly resources: ReadonlyMap<string, ApiResource>;
  /** Kinds that no server serves yet but that a CustomResourceDefinition of the same set defines. */
  readonly coming: ReadonlyMap<string, { readonly namespaced: boolean }>;
  readonly problems: ReadonlyMap<string, Problem>;
}

function kindKey({ group, version, kind }: GroupVersionKind): string {
  return `${group}/${version}/${kind}`;
}

/** A kind that was looked for in vain a moment ago, and what was said of it. */
export interface VainLookups {
  recall(key: string): Problem | undefined;
  note(key: string, problem: Problem): void;
}

/** Looks every kind up once. A kind that is unknown is its own objects' problem; an API server that is away is everybody's and is thrown. */
export async function resolveKinds(
  manifests: readonly Manifest[],
  { cluster, signal, vain }: { readonly cluster: Cluster; readonly signal?: AbortSignal; readonly vain?: VainLookups },
): Promise<Kinds> {
  const coming = definedKinds(manifests);
  const wanted = new Map(manifests.map(({ ref }) => [kindKey(ref), ref]));
  const resources = new Map<string, ApiResource>();
  const problems = new Map<string, Problem>();
  await Promise.all(
    [...wanted].map(async ([key, gvk]) => {
      const recalled = coming.has(key) ? undefined : vain?.recall(key);
      if (recalled !== undefined) return problems.set(key, recalled);
      try {
        resources.set(key, await cluster.resource(gvk, signal));
      } catch (error) {
        const problem = toProblem(error);
        if (!problem.code.startsWith("PL-KIND-")) throw error;
        if (coming.has(key)) return;
        const told = (await awayProblem(gvk, { cluster, ...(signal === undefined ? {} : { signal }) })) ?? problem;
        problems.set(key, told);
        vain?.note(key, told);
      }
    }),
  );
  return { resources, coming, problems };
}

/** Kinds that CustomResourceDefinitions among the manifests define and serve, with their scope. */
function definedKinds(manifests: readonly Manifest[]): Map<string, { namespaced: boolean }> {
  const defined = new Map<string, { namespaced: boolean }>();
  for (const { ref, object } of manifests) {
    const spec = object["spec"];
    if (ref.kind !== "CustomResourceDefinition" || !isJsonObject(spec) || !isJsonObject(spec["names"])) continue;
    const { group, versions, scope }: JsonObject = spec;
    const names = spec["names"];
    if (typeof group !== "string" || typeof names["kind"] !== "string" || !Array.isArray(versions)) continue;
    for (const version of versions) {
      if (!isJsonObject(version) || typeof version["name"] !== "string" || version["served"] === false) continue;
      defined.set(kindKey({ group, version: version["name"], kind: names["kind"] }), {
        namespaced: scope === "Namespaced",
      });
    }
  }
  return defined;
}

interface ToFollow {
  /** Whose members are to be seen. */
  readonly applySetId: string;
  readonly resources: Iterable<ApiResource>;
  /** Of the inventory. */
  readonly groupKinds: readonly string[];
  /** Where members can be, for who may list there and not everywhere. Absent: wherever it may be. */
  readonly namespaces?: () => readonly string[];
}

/** What could not be followed, by whose want. */
export interface NotFollowed {
  /** Members of these kinds may be there and cannot be seen: nothing may be written. */
  readonly unlisted: readonly Problem[];
  /** By kindKey, of the manifests: the kind does not answer, which is a problem of its own objects. */
  readonly away: ReadonlyMap<string, Problem>;
}

/** Follows every kind in which members may be: those of the manifests, in each version that these use, and those the inventory names.
 *  Resolves when all are listed, with what is wrong where one cannot be. Errors: those of all kinds at once, for then the server is away. */
export async function followKinds(
  { resources, groupKinds, ...whose }: ToFollow,
  { cluster, signal, ...asking }: Asking & { readonly cluster: Cluster; readonly signal: AbortSignal },
): Promise<NotFollowed> {
  const own = [...resources];
  const known = new Set(own.map(groupKindKey));
  const kept = groupKinds.filter((key) => !known.has(key)).map((key) => parseGroupKind(key));
  const found = await Promise.all(
    kept.map(async (kind) => {
      const resource = await cluster.preferred(kind, signal);
      return { resource, problem: resource === undefined ? await awayProblem(kind, { cluster, signal }) : undefined };
    }),
  );
  const wanted = [...own, ...found.flatMap(({ resource }) => resource ?? [])];
  const followable = wanted.filter(({ verbs }) => verbs.includes("list") && verbs.includes("watch"));
  const told = await Promise.allSettled(
    followable.map((resource) => followMembers(resource, whose, { cluster, signal, ...asking })),
  );
  const failed = told.filter((one) => one.status === "rejected");
  if (failed[0] !== undefined && (signal.aborted || failed.length === told.length)) throw failed[0].reason;
  const unlisted = found.flatMap(({ problem }) => problem ?? []);
  const away = new Map<string, Problem>();
  for (const [i, one] of told.entries()) {
    const resource = followable[i];
    if (one.status === "fulfilled" && "refusal" in one.value) unlisted.push(one.value.refusal);
    if (one.status === "fulfilled" || resource === undefined) continue;
    const problem = toProblem(one.reason);
    if (own.includes(resource)) away.set(kindKey(resource), problem);
    else unlisted.push(problem);
  }
  return { unlisted, away };
}

type Answer = Awaited<ReturnType<typeof unlessForbidden<void>>>;

/** Everywhere; where that is forbidden, in each namespace that matters. */
async function followMembers(
  resource: ApiResource,
  { applySetId, namespaces }: Pick<ToFollow, "applySetId" | "namespaces">,
  { cluster, signal, ...asking }: Asking & { readonly cluster: Cluster; readonly signal: AbortSignal },
): Promise<Answer> {
  const right = `list ${apiVersionOf(resource)} ${resource.kind}`;
  const follow = (what: Following) => () => cluster.live.follow(resource, what, { applySetId, signal });
  const everywhere = await unlessForbidden(right, asking, follow("members"));
  if ("answer" in everywhere || namespaces === undefined || !resource.namespaced) return everywhere;
  for (const namespace of namespaces()) {
    const here = await unlessForbidden(`${right} in ${namespace}`, asking, follow(`members in ${namespace}`));
    if ("refusal" in here) return here;
  }
  return { answer: undefined };
}

/** Without those that do not answer. */
export function withoutAway(kinds: Kinds, away: ReadonlyMap<string, Problem>): Kinds {
  if (away.size === 0) return kinds;
  const resources = new Map([...kinds.resources].filter(([key]) => !away.has(key)));
  return { ...kinds, resources, problems: new Map([...kinds.problems, ...away]) };
}

/** The scope of a kind that was looked up, or what was wrong with it. */
export function isNamespaced({ resources, coming, problems }: Kinds, kind: GroupVersionKind): boolean | Problem {
  const key = kindKey(kind);
  const known = resources.get(key) ?? coming.get(key);
  if (known !== undefined) return known.namespaced;
  const problem = problems.get(key);
  if (problem === undefined) throw new Error(`kind ${key} was not looked up`);
  return problem;
}

/** Does the server serve it already. */
export function isServed({ resources }: Kinds, kind: GroupVersionKind): boolean {
  return resources.has(kindKey(kind));
}
