import type { Cluster } from "../cluster/index.ts";
import { forEachLimited } from "../kit/pool.ts";
import {
  apiVersionOf,
  groupKindKey,
  type LiveObject,
  type Problem,
  type Ref,
  refKey,
  toProblem,
} from "../model/index.ts";
import type { Prepared } from "../plan/index.ts";
import { type Asking, unlessForbidden } from "./forbidden.ts";
import { isServed, type Kinds } from "./kinds.ts";

export interface LiveRead {
  /** By refKey. */
  readonly live: ReadonlyMap<string, LiveObject>;
  /** By refKey: objects that we may not look at, and why. */
  readonly unreadable: ReadonlyMap<string, Problem>;
}

interface Reading extends Asking {
  readonly prepared: readonly Prepared[];
  readonly kinds: Kinds;
  readonly cluster: Cluster;
  readonly signal: AbortSignal;
}

const AT_ONCE = 8;

/** From the watch; what it does not have is asked for, since it may be there without our label. Each in its manifest's own version:
 *  the server converts, and what it converts is no difference. */
export async function readLive(reading: Reading): Promise<LiveRead> {
  const { prepared, kinds, cluster } = reading;
  const found = new Map<string, LiveObject>();
  const unseen: Ref[] = [];
  for (const { ref, problem } of prepared) {
    if (problem !== undefined || !isServed(kinds, ref)) continue;
    const object = cluster.live.get(ref);
    if (object === undefined || object.apiVersion !== apiVersionOf(ref)) unseen.push(ref);
    else found.set(refKey(ref), object);
  }
  return { live: found, unreadable: await lookUp(unseen, found, reading) };
}

/** By kind and namespace, for there a right holds or is missing. Returns what may not be looked at. */
async function lookUp(
  refs: readonly Ref[],
  found: Map<string, LiveObject>,
  { cluster, signal, ...asking }: Reading,
): Promise<Map<string, Problem>> {
  const unreadable = new Map<string, Problem>();
  let answered = 0;
  let failure: unknown;
  const places = Map.groupBy(refs, (ref) => `get ${apiVersionOf(ref)} ${groupKindKey(ref)} ${ref.namespace ?? ""}`);
  await forEachLimited([...places], AT_ONCE, async ([place, inside]) => {
    try {
      const told = await unlessForbidden(place, asking, () => cluster.lookup(inside, signal));
      answered++;
      if ("answer" in told) for (const [key, object] of told.answer) found.set(key, object);
      else for (const ref of inside) unreadable.set(refKey(ref), told.refusal);
    } catch (error) {
      signal.throwIfAborted();
      failure = error;
      for (const ref of inside) unreadable.set(refKey(ref), toProblem(error));
    }
  });
  // One kind's trouble is its objects' own; where nothing is known of any, the server is away, and that is everybody's.
  if (failure !== undefined && answered === 0 && found.size === 0) throw failure;
  return unreadable;
}
