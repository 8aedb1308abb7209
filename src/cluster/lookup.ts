import { abortable } from "../kit/abortable.ts";
import { forEachLimited } from "../kit/pool.ts";
import { apiVersionOf, type LiveObject, PlumblineError, type Ref, refKey, refOf } from "../model/index.ts";
import { nameIn } from "./elsewhere.ts";
import { listObjects } from "./listing.ts";
import { getObject } from "./object-requests.ts";
import type { Strangers } from "./strangers.ts";
import type { Transport } from "./transport.ts";
import type { ApiResource } from "./types.ts";

/** More of one kind and namespace than this are listed: a list costs the server about as much as so many single gets. */
const MOST_GETS = 6;
const AT_ONCE = 16;

interface Group {
  readonly resource: ApiResource;
  readonly namespace: string | undefined;
  readonly refs: Ref[];
}

interface LookupContext {
  readonly transport: Transport;
  readonly resourceOf: (ref: Ref) => Promise<ApiResource>;
  readonly signal: AbortSignal | undefined;
  /** Of a kind whose members are watched, when the members among the refs are known already. */
  readonly strangers?: (resource: ApiResource) => Strangers | undefined;
}

/** Which of the refs exist, by refKey. Errors: the first one, of kinds or requests. */
export async function lookupObjects(refs: readonly Ref[], context: LookupContext): Promise<Map<string, LiveObject>> {
  const groups = await groupRefs(refs, context.resourceOf);
  const crowds = groups.map(({ resource }) => context.strangers?.(resource));
  for (const crowd of crowds) crowd?.enter();
  // Before the list, too: what loses its label while the list is read is in neither afterwards.
  const elsewhere = groups.map((group, i) => elsewhereOf(group, crowds[i]));
  try {
    const names = await abortable(Promise.all(crowds.map((crowd) => crowd?.names())), context.signal);
    return await askFor(
      groups.map((group, i) => withoutAbsent(group, { there: names[i], before: elsewhere[i], crowd: crowds[i] })),
      context,
    );
  } finally {
    for (const crowd of crowds) crowd?.leave();
  }
}

/** Names of those that are known to be there, as another process's. */
function elsewhereOf({ namespace, refs }: Group, crowd: Strangers | undefined): readonly string[] {
  if (crowd === undefined) return [];
  return refs.map(({ name }) => nameIn({ namespace, name })).filter((name) => crowd.isElsewhere(name));
}

interface Crowd {
  /** What a list has told. */
  readonly there: ReadonlySet<string> | undefined;
  readonly before: readonly string[] | undefined;
  readonly crowd: Strangers | undefined;
}

/** Many applications that begin at once ask for one kind together: see strangers.ts. */
function withoutAbsent(group: Group, { there, before = [], crowd }: Crowd): Group {
  if (there === undefined) return group;
  const { namespace, refs } = group;
  const mayBeThere = (name: string): boolean =>
    there.has(name) || before.includes(name) || crowd?.isElsewhere(name) === true;
  return { ...group, refs: refs.filter(({ name }) => mayBeThere(nameIn({ namespace, name }))) };
}

async function askFor(
  groups: readonly Group[],
  { transport, signal }: LookupContext,
): Promise<Map<string, LiveObject>> {
  const found = new Map<string, LiveObject>();
  const work: (() => Promise<void>)[] = [];
  for (const group of groups) {
    const get = (ref: Ref) => async (): Promise<void> => {
      const object = await getObject(transport, { resource: group.resource, ref }, signal);
      if (object !== undefined) found.set(refKey(ref), object);
    };
    if (group.refs.length <= MOST_GETS) work.push(...group.refs.map(get));
    else work.push(() => listGroup(group, { transport, signal, found, get }));
  }
  await forEachLimited(work, AT_ONCE, (step) => step());
  return found;
}

async function groupRefs(refs: readonly Ref[], resourceOf: LookupContext["resourceOf"]): Promise<Group[]> {
  const groups = new Map<string, Group>();
  for (const ref of refs) {
    const resource = await resourceOf(ref);
    const namespace = resource.namespaced ? ref.namespace : undefined;
    const key = `${apiVersionOf(ref)} ${ref.kind} ${namespace ?? ""}`;
    const group = groups.get(key) ?? { resource, namespace, refs: [] };
    groups.set(key, group);
    group.refs.push(ref);
  }
  return [...groups.values()];
}

interface ListContext extends Pick<LookupContext, "transport" | "signal"> {
  readonly found: Map<string, LiveObject>;
  readonly get: (ref: Ref) => () => Promise<void>;
}

/** Who may get but not list is served by single gets. */
async function listGroup(
  { resource, namespace, refs }: Group,
  { transport, signal, found, get }: ListContext,
): Promise<void> {
  const wanted = new Set(refs.map(refKey));
  try {
    const { items } = await listObjects(transport, resource, { namespace, signal });
    for (const object of items) {
      const key = refKey(refOf(object));
      if (wanted.has(key)) found.set(key, object);
    }
  } catch (error) {
    if (!(error instanceof PlumblineError) || error.code !== "PL-KUBE-FORBIDDEN") throw error;
    await forEachLimited(refs, AT_ONCE, (ref) => get(ref)());
  }
}
