import type { Cluster } from "../cluster/index.ts";
import { type Application, type LiveObject, type Problem, type Ref, refKey } from "../model/index.ts";
import { type Prepared, planNamespaces, planNamespacesEnd, recordedNamespaces } from "../plan/index.ts";
import { type Asking, unlessForbidden } from "./forbidden.ts";

interface Looking extends Asking {
  readonly application: Application;
  readonly name: string;
  readonly prepared: readonly Prepared[];
  /** What the ApplySet parent says. */
  readonly record: string | undefined;
  readonly cluster: Pick<Cluster, "resource" | "get" | "live">;
  readonly signal: AbortSignal;
}

type Plans = ReturnType<typeof planNamespaces>;

/** What is to become of namespaces that are no members, and what is to be said of them; nothing, and no request, where nobody wants anything of any. */
export async function destinationNamespaces(
  looking: Looking,
): Promise<{ readonly namespaces?: Plans; readonly warnings: readonly string[] }> {
  const { application, name, record } = looking;
  const { createNamespace } = application.spec.destination;
  const declared = wantedOf(application);
  const isInGit =
    declared !== undefined && looking.prepared.some(({ ref }) => refKey(ref) === refKey(refOf(declared.name)));
  const wanted = isInGit ? undefined : declared;
  const names = new Set([...(wanted === undefined ? [] : [wanted.name]), ...recordedNamespaces(record)]);
  if (names.size === 0) return { warnings: isInGit ? [inGitWarning(declared.name)] : [] };
  const { live, refusal } = await look([...names], looking);
  if (refusal !== undefined)
    return { warnings: [`spec.destination.namespaceMetadata is not seen to: ${refusal.message}`] };
  const wish = { application: name, createNamespace, live, record, ...(wanted === undefined ? {} : { wanted }) };
  const namespaces = planNamespaces(wish);
  const conflicts = namespaces.namespaces.flatMap(({ conflicts }) => conflicts);
  return { namespaces, warnings: [...conflicts, ...(isInGit ? [inGitWarning(declared.name)] : [])] };
}

interface Ending extends Asking, Pick<Looking, "cluster" | "name" | "record" | "signal"> {
  readonly how: "orphan" | "prune";
}

/** What becomes of them when the application is deleted; and no request where the record names none. One that may not be read is left as it is. */
export async function namespacesLeft({ name, record, how, cluster, signal, ...asking }: Ending): Promise<{
  readonly namespaces?: Plans;
  readonly refusal?: Problem;
}> {
  const live = new Map<string, LiveObject>();
  for (const one of recordedNamespaces(record)) {
    const asked = await unlessForbidden(`get namespace ${one}`, asking, () => cluster.get(refOf(one), signal));
    if ("refusal" in asked) return asked;
    if (asked.answer !== undefined) live.set(one, asked.answer);
  }
  return live.size === 0 ? {} : { namespaces: planNamespacesEnd({ application: name, live, record }, how) };
}

function wantedOf({
  spec: { destination },
}: Application): { name: string; labels: Texts; annotations: Texts } | undefined {
  const { namespace: name, namespaceMetadata } = destination;
  if (name === undefined || namespaceMetadata === undefined) return undefined;
  const { labels = {}, annotations = {} } = namespaceMetadata;
  return Object.keys({ ...labels, ...annotations }).length === 0 ? undefined : { name, labels, annotations };
}

type Texts = { readonly [name: string]: string };

function inGitWarning(name: string): string {
  return `Namespace ${name} is in Git, so that spec.destination.namespaceMetadata is not used: write its labels there`;
}

function refOf(name: string): Ref {
  return { group: "", version: "v1", kind: "Namespace", name };
}

/** By one watch of all namespaces, for all applications that want something of one; where that is forbidden, one by one. */
async function look(
  names: readonly string[],
  { cluster, signal, ...asking }: Looking,
): Promise<{ readonly live: ReadonlyMap<string, LiveObject>; readonly refusal?: Problem }> {
  const resource = await cluster.resource(refOf(""), signal);
  const followed = await unlessForbidden("list namespaces", asking, () =>
    cluster.live.follow(resource, "all", { signal }),
  );
  const live = new Map<string, LiveObject>();
  for (const name of names) {
    const asked =
      "answer" in followed
        ? { answer: cluster.live.get(refOf(name)) }
        : await unlessForbidden(`get namespace ${name}`, asking, () => cluster.get(refOf(name), signal));
    if ("refusal" in asked) return { live, refusal: asked.refusal };
    if (asked.answer !== undefined) live.set(name, asked.answer);
  }
  return { live };
}
