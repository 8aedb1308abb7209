import {
  formatOrigin,
  formatRef,
  HOOK_ANNOTATION,
  type HookPhase,
  type HookRecord,
  type Inventory,
  type Plan,
  type PlanStep,
  PlumblineError,
  type Problem,
  refKey,
  type StepHook,
  toProblem,
} from "../model/index.ts";
import { staysForGood } from "./guards.ts";
import { hookMark, shortSet } from "./hook-record.ts";
import type { HookWish, Occasion } from "./hook-wish.ts";
import { scopeOf } from "./inventory.ts";
import { compareSteps } from "./slots.ts";
import { stageOf } from "./stages.ts";
import type { PlanInput, Prepared } from "./types.ts";

type Current = Inventory["current"];

/** Set of the hooks, and what of it is over: what the parent says, where it speaks of these very manifests. */
export function hookRecordOf(setHash: string, current: Current): HookRecord {
  const set = shortSet(setHash);
  return current?.hooks?.set === set ? current.hooks : { set, ended: [], failed: [] };
}

/** Whatever was once applied whole is upgraded. */
function occasionOf({ rollback }: Pick<PlanInput, "rollback">, current: Current): Occasion {
  if (current?.appliedSet === undefined && current?.appliedRevision === undefined) return "install";
  return rollback === true ? "rollback" : "upgrade";
}

/** One step for each phase in which a hook is due; action run where the set changed and the cluster does not say that it has run for it. */
export function planHooks(input: PlanInput, setHash: string, current: Current): PlanStep[] {
  const occasion = occasionOf(input, current);
  const context = {
    input,
    record: hookRecordOf(setHash, current),
    changed: isChanged(input, setHash, current),
    occasion,
  };
  const steps = (input.hooks ?? []).flatMap((prepared) =>
    phasesOf(prepared).map(({ phase, on }) => hookStep({ prepared, phase, on }, context)),
  );
  return steps.sort(compareSteps);
}

/** A deletion has its own hooks, and runs them whatever was applied last. */
function isChanged({ deleting }: PlanInput, setHash: string, current: Current): boolean {
  return deleting === "prune" || current?.appliedSet !== setHash;
}

/** What is only there for another occasion stands in the plan once. */
function phasesOf({ hook }: Prepared): HookWish["due"] {
  const due = hook?.due ?? [];
  return due
    .filter(({ phase }, i) => due.findIndex((one) => one.phase === phase) === i)
    .map((one) => ({ ...one, ...onAll(due, one.phase) }));
}

function onAll(due: HookWish["due"], phase: HookPhase): { readonly on?: Occasion } {
  const [only, ...more] = due.filter((one) => one.phase === phase);
  return more.length === 0 && only?.on !== undefined ? { on: only.on } : {};
}

interface HookContext {
  readonly input: PlanInput;
  readonly record: HookRecord;
  readonly changed: boolean;
  readonly occasion: Occasion;
}

function hookStep(
  {
    prepared,
    phase,
    on,
  }: { readonly prepared: Prepared; readonly phase: HookPhase; readonly on: Occasion | undefined },
  context: HookContext,
): PlanStep {
  const { ref, object, origin, hook, problem } = prepared;
  const { form = "argo", deletePolicies = [], wave = 0 } = hook ?? {};
  const base = { ref, stage: stageOf(ref, object), wave, changes: [], origin };
  const told = isDue(hook, phase, context) ? dueNow(prepared, phase, context) : notDue(phase, on, context);
  const step: StepHook = { phase, form, deletePolicies, ...(told.state === undefined ? {} : { state: told.state }) };
  const wrong = problem ?? told.problem;
  if (wrong === undefined) return { ...base, action: told.action, reason: told.reason, hook: step };
  const runs = context.changed && isRunNow(phase, context.input);
  return { ...base, action: "none", reason: wrong.message, hook: step, ...(runs ? { problem: wrong } : {}) };
}

interface Told {
  readonly action: "run" | "none";
  readonly reason: string;
  readonly state?: NonNullable<StepHook["state"]>;
  readonly problem?: Problem;
}

export function isRunBySync(phase: HookPhase): boolean {
  return !isRunByDeletion(phase) && phase !== "Skip";
}

export function isRunByDeletion(phase: HookPhase): boolean {
  return phase === "PreDelete" || phase === "PostDelete";
}

function isRunNow(phase: HookPhase, { deleting }: PlanInput): boolean {
  return deleting === "prune" ? isRunByDeletion(phase) : isRunBySync(phase);
}

function isDue(hook: HookWish | undefined, phase: HookPhase, { input, changed, occasion }: HookContext): boolean {
  if (!changed || !isRunNow(phase, input)) return false;
  return hook?.due.some((one) => one.phase === phase && (one.on === undefined || one.on === occasion)) === true;
}

function notDue(phase: HookPhase, on: Occasion | undefined, { changed, occasion }: HookContext): Told {
  if (phase === "Skip") return { action: "none", reason: "it is never run by a sync" };
  if (!isRunBySync(phase))
    return { action: "none", reason: "it is due when the application is deleted with its objects" };
  if (!changed) return { action: "none", reason: "the manifests are those for which it was due last" };
  return {
    action: "none",
    reason: `it is due on ${on ?? "another occasion"}, and this is an ${occasion}`.replace("an rollback", "a rollback"),
  };
}

function dueNow({ ref, origin, hook }: Prepared, phase: HookPhase, { input, record }: HookContext): Told {
  const found = input.hookStates?.get(refKey(ref));
  const own = found?.live.metadata.annotations?.[HOOK_ANNOTATION] === hookMark(phase, record.set) ? found : undefined;
  const ran = { reason: "it has run for these manifests", state: "succeeded" } as const;
  if (record.ended.includes(phase)) {
    // What a deletion leaves of its hooks is pruned like any member.
    const left =
      input.deleting === undefined && own !== undefined && hook?.deletePolicies.includes("hook-succeeded") === true;
    return { action: left ? "run" : "none", ...ran };
  }
  // Nobody can ask a deletion to try again but by deleting what failed.
  const stopped = record.failed.includes(phase) && input.rerunHooks !== true && input.deleting === undefined;
  if (own?.state === "succeeded") return { action: stopped ? "none" : "run", ...ran };
  if (own?.state === "running")
    return { action: "run", reason: "it runs already for these manifests", state: "running" };
  if (!stopped && (own?.state !== "failed" || input.rerunHooks === true))
    return { action: "run", reason: WHEN[phase] ?? "Git moved" };
  const name = `the ${phase} hook ${formatRef(ref)}`;
  const reason =
    own === undefined
      ? `${name} is not run: a hook of ${phase} failed for these manifests`
      : `${name} failed for these manifests: ${own.message}`;
  const problem = toProblem(new PlumblineError("PL-HOOK-FAILED", { message: reason, where: formatOrigin(origin) }));
  return { action: "none", reason, state: "failed", problem };
}

const WHEN: { readonly [phase in HookPhase]?: string } = {
  PreSync: "Git moved: it runs before the objects",
  Sync: "Git moved: it runs with the objects",
  PostSync: "Git moved: it runs when the objects are healthy",
  SyncFail: "it runs if the sync fails",
  PreDelete: "the application is deleted with its objects: it runs before any of them goes",
  PostDelete: "the application is deleted with its objects: it runs when all of them have gone",
};

/** Of a deletion those that are its own. While anything is still to go that this pass does not delete, nothing comes behind it. */
export function deletionHooks(
  hooks: readonly PlanStep[],
  { going, withheld }: Pick<Plan, "withheld"> & { readonly going: readonly unknown[] },
): PlanStep[] {
  const isLast = going.length === 0 && withheld.every(({ guard }) => staysForGood(guard));
  const own = hooks.filter(({ hook }) => hook !== undefined && isRunByDeletion(hook.phase));
  return own.map(({ problem, ...step }) => {
    if (isLast || step.hook?.phase !== "PostDelete") return problem === undefined ? step : { ...step, problem };
    return { ...step, action: "none", reason: "it runs when all objects have gone" };
  });
}

/** By refKey: hooks of a deletion of which a phase is not over yet. They are not among what is deleted. */
export function standingHooks({ deleting, hooks = [], parent }: PlanInput, setHash: string): ReadonlySet<string> {
  if (deleting === undefined) return new Set(hooks.map(({ ref }) => refKey(ref)));
  const { ended } = hookRecordOf(setHash, parent && scopeOf(parent));
  const due = hooks.filter(({ hook }) =>
    hook?.due.some(({ phase }) => isRunByDeletion(phase) && !ended.includes(phase)),
  );
  return new Set(due.map(({ ref }) => refKey(ref)));
}
