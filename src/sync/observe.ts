import type { Cluster } from "../cluster/index.ts";
import { adoptionDryRun, type Comparison, compare, type RuleSet } from "../diff/index.ts";
import {
  ANY_SCHEMA,
  type Application,
  type Declaration,
  formatOrigin,
  formatRef,
  type LiveObject,
  type Log,
  type Plan,
  type Problem,
  refKey,
} from "../model/index.ts";
import {
  buildPlan,
  isForAdoption,
  isLeftAsItIs,
  type Prepared,
  type ProjectRules,
  parentRef,
  scopeOf,
} from "../plan/index.ts";
import { findAutoscalers } from "./autoscalers.ts";
import { judgeClaims } from "./claimants.ts";
import { confirm, unconfirmedForMs, unconfirmedSentence } from "./confirm.ts";
import type { Desired } from "./desired.ts";
import { destinationNamespaces } from "./destination-namespaces.ts";
import { hooksIn } from "./hook-states.ts";
import { kindWarnings, summedUp } from "./kind-warnings.ts";
import type { Kinds } from "./kinds.ts";
import type { ApplicationMemory, Leaving, ObjectMemory, Unconfirmed } from "./memory.ts";
import type { Moves } from "./moves.ts";
import { movesIn } from "./moves-in.ts";
import { lookOutside } from "./outside.ts";
import { unlessItsOwn } from "./own-trouble.ts";
import { readLive } from "./read-live.ts";
import { intervalOf } from "./schedule.ts";
import { findUnchangeable } from "./unchangeable.ts";

export interface Observed {
  readonly plan: Plan;
  readonly comparisons: ReadonlyMap<string, Comparison>;
  /** By refKey, a sentence: where the server was not asked, or did not say, what is its own spelling. */
  readonly unconfirmed: ReadonlyMap<string, string>;
  /** By refKey: what the server says of the kind and version as such. */
  readonly kindWarnings: ReadonlyMap<string, readonly string[]>;
  readonly live: ReadonlyMap<string, LiveObject>;
  /** Everything that carries the application's label. */
  readonly members: readonly LiveObject[];
  readonly warnings: readonly string[];
}

export interface ObserveInput extends Pick<Desired, "hooks" | "rollback"> {
  readonly application: Application;
  readonly declaration: Declaration | undefined;
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
  /** The ApplySet parent, where it may be got and not followed. */
  readonly unfollowedParent?: LiveObject;
  readonly memory: ApplicationMemory;
  readonly moves: Moves;
  readonly rules: ProjectRules | undefined;
  readonly cluster: Cluster;
  /** What the application and the settings leave to others. */
  readonly ignore: RuleSet;
  readonly signal: AbortSignal;
  /** A person asked. */
  readonly manual: boolean;
  /** See PlanInput. */
  readonly allowPrune: boolean;
  readonly now: () => number;
  readonly log: Log;
}

/** What is, against what should be: live objects, a comparison each, and the plan that follows. Writes nothing. */
export async function observe(input: ObserveInput): Promise<Observed> {
  const { application, cluster, applySetId, memory, signal } = input;
  const parent = cluster.live.get(parentRef(input.name, input.inventoryNamespace)) ?? input.unfollowedParent;
  const setApplied = parent !== undefined && scopeOf(parent).appliedSet === input.setHash;
  const { live, unreadable: unread } = await readLive(input);
  const unreadable = new Map(unread);
  const readable = withUnreadable(input.prepared, unreadable);
  signal.throwIfAborted();
  const members = cluster.live.members(applySetId);
  const { targets, warnings } = await findAutoscalers({
    ...{ prepared: readable, cluster, signal, manual: input.manual, now: input.now, live, members },
    ...{ known: memory.autoscalers, keepMs: intervalOf(application.spec) / 2 },
  });
  const { comparisons, unconfirmed } = await compareAll(readable, { ...input, live, setApplied, targets, unreadable });
  const prepared = withUnreadable(readable, unreadable);
  const refusals = standingRefusals(input, live);
  const { destination, sync } = application.spec;
  const record = parent === undefined ? undefined : scopeOf(parent).namespaceRecord;
  const settled = await destinationNamespaces({ ...input, prepared, record });
  const plan = buildPlan({
    application: input.name,
    revision: input.revision,
    inventoryNamespace: input.inventoryNamespace,
    prepared,
    comparisons,
    live,
    members,
    refusals,
    unchangeable: await findUnchangeable({ ...input, prepared, comparisons, live }),
    parent,
    policy: sync,
    ...(await movesIn(input, { live, members })),
    outside: await lookOutside({ ...input, prepared, comparisons }),
    ...{ allowPrune: input.allowPrune, rollback: input.rollback },
    ...(await hooksIn({ ...input, rules: memory.healthRules?.rules }, setApplied)),
    claims: await judgeClaims(
      [...live.values()].filter((one) => isForAdoption(one, setOf(input))),
      { cluster, signal },
    ),
    ...(input.release === undefined ? {} : { release: input.release }),
    ...(input.declaration === undefined ? {} : { declaration: input.declaration }),
    ...(settled.namespaces === undefined ? {} : { namespaces: settled.namespaces }),
    ...(destination.createNamespace && destination.namespace !== undefined
      ? { ensureNamespace: destination.namespace }
      : {}),
  });
  const aboutKinds = kindWarnings(prepared, cluster);
  return {
    ...{ plan, comparisons, unconfirmed, kindWarnings: aboutKinds, live, members },
    warnings: [...warnings, ...settled.warnings, ...summedUp(prepared, aboutKinds)],
  };
}

interface Comparing extends ObserveInput, Pick<Observed, "live"> {
  readonly setApplied: boolean;
  readonly targets: ReadonlyMap<string, string>;
  /** By refKey; those that cannot be judged are added. */
  readonly unreadable: Map<string, Problem>;
}

async function compareAll(
  prepared: readonly Prepared[],
  { live, setApplied, targets, unreadable, ...input }: Comparing,
): Promise<{ comparisons: Map<string, Comparison>; unconfirmed: Map<string, string> }> {
  const comparisons = new Map<string, Comparison>();
  const unconfirmed = new Map<string, string>();
  for (const one of prepared) {
    if (one.problem !== undefined) continue;
    const key = refKey(one.ref);
    const leaving = { ignore: input.ignore, autoscaler: targets.get(key) };
    const context = { ...input, live: live.get(key), setApplied, leaving, object: input.memory.of(key) };
    const judged = await unlessItsOwn(() => compareOne(one, context), input);
    if ("code" in judged) {
      unreadable.set(key, judged);
      continue;
    }
    comparisons.set(key, judged.comparison);
    if (judged.unconfirmed !== undefined) unconfirmed.set(key, judged.unconfirmed.sentence);
  }
  return { comparisons, unconfirmed };
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
    const { resourceVersion = versionOf(live.get(refKey(ref))), problem } = refusal;
    if (resourceVersion === versionOf(live.get(refKey(ref)))) standing.set(refKey(ref), problem);
  }
  return standing;
}

/** What may not be looked at is a problem of its own; its siblings are judged all the same. */
function withUnreadable(prepared: readonly Prepared[], unreadable: ReadonlyMap<string, Problem>): readonly Prepared[] {
  if (unreadable.size === 0) return prepared;
  return prepared.map((one) => {
    const problem = unreadable.get(refKey(one.ref));
    return problem === undefined ? one : { ...one, problem: { ...problem, where: whereOf(one) } };
  });
}

function whereOf({ origin, ref }: Prepared): string {
  return `${formatOrigin(origin)} ${formatRef(ref)}`;
}

interface CompareContext extends ObserveInput {
  readonly live: LiveObject | undefined;
  readonly setApplied: boolean;
  readonly leaving: Leaving;
  readonly object: ObjectMemory;
}

interface Judged {
  readonly comparison: Comparison;
  readonly unconfirmed?: Unconfirmed;
}

async function compareOne(prepared: Prepared, context: CompareContext): Promise<Judged> {
  const { live, object, setApplied, leaving } = context;
  forgetUnder(object, leaving);
  const standing = object.verdict;
  if (live !== undefined && standing !== undefined && isStanding(standing, prepared, context)) return standing;

  const judged = await judge(prepared, context);
  object.verdict = { resourceVersion: versionOf(live), manifestHash: prepared.hash, setApplied, ...judged };
  if (judged.comparison.kept !== undefined) object.kept = judged.comparison.kept;
  return judged;
}

function isStanding(
  { resourceVersion, manifestHash, setApplied, unconfirmed }: NonNullable<ObjectMemory["verdict"]>,
  { hash }: Prepared,
  { live, manual, now, ...context }: CompareContext,
): boolean {
  const same = resourceVersion === versionOf(live) && manifestHash === hash && setApplied === context.setApplied;
  return same && (unconfirmed === undefined || (!manual && now() < unconfirmed.until));
}

/** Under other rules another part of the object is left, so that what was found clean, or was no change to the server, must be found anew. */
function forgetUnder(object: ObjectMemory, leaving: Leaving): void {
  const { ignore, autoscaler } = object.leaving ?? leaving;
  object.leaving = leaving;
  if (ignore === leaving.ignore && autoscaler === leaving.autoscaler) return;
  delete object.kept;
  delete object.answer;
  delete object.verdict;
}

/** Compares; where only the server can tell its own spelling from a change, asks it once by dry run. */
async function judge(prepared: Prepared, context: CompareContext): Promise<Judged> {
  if (isLeftAsItIs(prepared.object, context.live)) return { comparison: LEFT_AS_IT_IS };
  const { live, object, setApplied, leaving, application, cluster, signal, now } = context;
  const input = {
    desired: prepared.object,
    manifestHash: prepared.hash,
    live,
    schema: live === undefined ? ANY_SCHEMA : await cluster.schema(prepared.ref, signal),
    setApplied,
    ignore: leaving.ignore,
    ...(leaving.autoscaler === undefined ? {} : { autoscaler: leaving.autoscaler }),
    foreign: application.spec.foreign,
    ...(live !== undefined && isForAdoption(live, setOf(context)) && { adopt: true }),
    ...(object.base === undefined ? {} : { base: object.base }),
    ...(object.kept === undefined ? {} : { kept: object.kept }),
  };
  const first = compare(input);
  if (!first.doubtful || live === undefined) return { comparison: first };
  const then = (applied: LiveObject) => (input.adopt ? adoptionDryRun(input, applied) : []);
  const told = await confirm({ ...context, sent: first.sent ?? prepared.object, prepared, live, then });
  if ("dryRun" in told) return { comparison: compare({ ...input, dryRun: told.dryRun }) };
  const sentence = unconfirmedSentence(told.refusal, first.doubts ?? [], prepared.ref);
  return { comparison: first, unconfirmed: { sentence, until: now() + unconfirmedForMs(told.refusal) } };
}

/** Whatever differs is the author's wish. */
const LEFT_AS_IT_IS: Comparison = { status: "Synced", changes: [], doubtful: false, owned: false, kept: undefined };

function setOf({ name, inventoryNamespace }: ObserveInput): Parameters<typeof isForAdoption>[1] {
  return { application: name, inventoryNamespace };
}

/** "" for an object that is not there. */
export function versionOf(live: LiveObject | undefined): string {
  return live?.metadata.resourceVersion ?? "";
}
