import type { Cluster } from "../cluster/index.ts";
import { type Comparison, compare, isUntouched, keptAfterApply } from "../diff/index.ts";
import {
  ANY_SCHEMA,
  type Application,
  type LiveObject,
  type Plan,
  type Problem,
  refKey,
  toProblem,
} from "../model/index.ts";
import { buildPlan, type Prepared, parentRef, scopeOf } from "../plan/index.ts";
import { isServed, type Kinds } from "./kinds.ts";
import type { ApplicationMemory, ObjectMemory } from "./memory.ts";

export interface Observed {
  readonly plan: Plan;
  readonly comparisons: ReadonlyMap<string, Comparison>;
  readonly live: ReadonlyMap<string, LiveObject>;
  /** Everything that carries the application's label. */
  readonly members: readonly LiveObject[];
}

export interface ObserveInput {
  readonly application: Application;
  readonly name: string;
  readonly revision: string;
  readonly inventoryNamespace: string;
  readonly prepared: readonly Prepared[];
  readonly kinds: Kinds;
  /** sha256 over the prepared manifests: what the parent says after a whole pass of exactly these. */
  readonly setHash: string;
  readonly applySetId: string;
  /** See Inventory.release. */
  readonly release?: string;
  readonly memory: ApplicationMemory;
  readonly cluster: Cluster;
  readonly signal: AbortSignal;
  /** A person asked. */
  readonly manual: boolean;
  readonly now: () => number;
}

/** What is, against what should be: live objects, a comparison each, and the plan that follows. Writes nothing. */
export async function observe(input: ObserveInput): Promise<Observed> {
  const { application, cluster, prepared, applySetId, memory, signal } = input;
  const parent = cluster.live.get(parentRef(input.name, input.inventoryNamespace));
  const setApplied = parent !== undefined && scopeOf(parent).appliedSet === input.setHash;
  const live = await readLive(input);
  signal.throwIfAborted();
  const comparisons = new Map<string, Comparison>();
  for (const one of prepared) {
    if (one.problem !== undefined) continue;
    const key = refKey(one.ref);
    comparisons.set(key, await compareOne(one, { ...input, live: live.get(key), setApplied, object: memory.of(key) }));
  }
  const refusals = standingRefusals(input, live);
  const members = cluster.live.members(applySetId);
  const { destination, sync } = application.spec;
  const plan = buildPlan({
    application: input.name,
    revision: input.revision,
    inventoryNamespace: input.inventoryNamespace,
    prepared,
    comparisons,
    live,
    members,
    refusals,
    parent,
    policy: { prune: sync.prune, pruneLimit: sync.pruneLimit },
    ...(input.release === undefined ? {} : { release: input.release }),
    ...(destination.createNamespace && destination.namespace !== undefined
      ? { ensureNamespace: destination.namespace }
      : {}),
  });
  return { plan, comparisons, live, members };
}

/** What would be refused again, since nothing of it has changed. A person who asks for a sync is not told so but served. */
function standingRefusals(
  { prepared, memory, manual, now }: ObserveInput,
  live: ReadonlyMap<string, LiveObject>,
): Map<string, Problem> {
  const standing = new Map<string, Problem>();
  for (const { ref, hash } of prepared) {
    const { refusal } = memory.of(refKey(ref));
    if (refusal === undefined || manual || refusal.manifestHash !== hash || now() >= refusal.until) continue;
    if (refusal.resourceVersion === versionOf(live.get(refKey(ref)))) standing.set(refKey(ref), refusal.problem);
  }
  return standing;
}

/** From the watch; what it does not have is asked for, since it may be there without our label. */
async function readLive({ prepared, kinds, cluster, signal }: ObserveInput): Promise<Map<string, LiveObject>> {
  const found = new Map<string, LiveObject>();
  const unseen = [];
  for (const { ref, problem } of prepared) {
    if (problem !== undefined || !isServed(kinds, ref)) continue;
    const object = cluster.live.get(ref);
    if (object === undefined) unseen.push(ref);
    else found.set(refKey(ref), object);
  }
  if (unseen.length > 0) for (const [key, object] of await cluster.lookup(unseen, signal)) found.set(key, object);
  return found;
}

interface CompareContext extends ObserveInput {
  readonly live: LiveObject | undefined;
  readonly setApplied: boolean;
  readonly object: ObjectMemory;
}

async function compareOne(prepared: Prepared, context: CompareContext): Promise<Comparison> {
  const { live, object, setApplied } = context;
  const { verdict } = object;
  const same =
    verdict?.resourceVersion === versionOf(live) &&
    verdict.manifestHash === prepared.hash &&
    verdict.setApplied === setApplied;
  if (same && verdict !== undefined && live !== undefined) return verdict.comparison;

  const comparison = await judge(prepared, context);
  object.verdict = {
    resourceVersion: versionOf(live),
    manifestHash: prepared.hash,
    setApplied,
    comparison,
  };
  if (comparison.kept !== undefined) object.kept = comparison.kept;
  return comparison;
}

/** Compares; where only the server can tell its own spelling from a change, asks it once by dry run. */
async function judge(
  prepared: Prepared,
  { live, object, setApplied, application, cluster, signal }: CompareContext,
): Promise<Comparison> {
  const input = {
    desired: prepared.object,
    manifestHash: prepared.hash,
    live,
    schema: live === undefined ? ANY_SCHEMA : await cluster.schema(prepared.ref, signal),
    setApplied,
    ignore: application.spec.ignore,
    foreign: application.spec.foreign,
    ...(object.base === undefined ? {} : { base: object.base }),
    ...(object.kept === undefined ? {} : { kept: object.kept }),
  };
  const first = compare(input);
  if (!first.doubtful || live === undefined) return first;
  const { answer } = object;
  const known = answer !== undefined && isUntouched(answer.about, prepared.hash, live) ? answer.dryRun : undefined;
  const dryRun = known ?? (await askServer(prepared, cluster, signal));
  if (dryRun === undefined) return first;
  if (known === undefined) object.answer = { about: keptAfterApply({ manifestHash: prepared.hash, live }), dryRun };
  return compare({ ...input, dryRun });
}

/** What a forced apply would make of the object; undefined where the server refuses it, which the apply will report. */
async function askServer(prepared: Prepared, cluster: Cluster, signal: AbortSignal): Promise<LiveObject | undefined> {
  try {
    return (await cluster.apply(prepared.object, { dryRun: true, signal })).object;
  } catch (error) {
    if (toProblem(error).retry === "soon") throw error;
    return undefined;
  }
}

/** "" for an object that is not there. */
export function versionOf(live: LiveObject | undefined): string {
  return live?.metadata.resourceVersion ?? "";
}
