import type { Cluster } from "../cluster/index.ts";
import type { Comparison } from "../diff/index.ts";
import { forEachLimited } from "../kit/pool.ts";
import { groupKindKey, type Ref, refKey } from "../model/index.ts";
import { dependsOnOf, type Prepared } from "../plan/index.ts";
import { type Asking, unlessForbidden } from "./forbidden.ts";

const AT_ONCE = 8;

interface Looking extends Asking {
  readonly prepared: readonly Prepared[];
  readonly comparisons: ReadonlyMap<string, Comparison>;
  readonly cluster: Cluster;
  readonly signal: AbortSignal;
}

/**
 * By refKey: the objects of others that something to be written depends on, as the server has them; undefined for those that are not there. What may
 * not be looked at counts as there: waiting for it fails, and only what depends on it with that.
 */
export async function lookOutside({
  prepared,
  comparisons,
  cluster,
  signal,
  ...asking
}: Looking): Promise<ReadonlyMap<string, Ref | undefined>> {
  const writing = prepared.filter(({ ref }) => comparisons.get(refKey(ref))?.status !== "Synced");
  const asked = new Map(writing.flatMap(({ object }) => dependsOnOf(object)).map((ref) => [refKey(ref), ref]));
  if (asked.size === 0) return asked;
  for (const { ref } of prepared) asked.delete(refKey(ref));
  const found = new Map<string, Ref | undefined>();
  await forEachLimited(asked, AT_ONCE, async ([key, ref]) => {
    const served = await inItsVersion(ref, cluster, signal);
    const place = `get ${groupKindKey(ref)} ${ref.namespace ?? ""}`;
    const told = served && (await unlessForbidden(place, asking, () => cluster.get(served, signal)));
    found.set(key, told === undefined || ("answer" in told && told.answer === undefined) ? undefined : served);
  });
  return found;
}

/** No version stands in a dependency: that which the server prefers will do. undefined: it serves no such kind. */
async function inItsVersion(ref: Ref, cluster: Cluster, signal: AbortSignal): Promise<Ref | undefined> {
  const resource = await cluster.preferred(ref, signal);
  return resource && { ...ref, version: resource.version };
}
