import type { Cluster } from "../cluster/index.ts";
import { assess, type HealthRules } from "../health/index.ts";
import { HOOK_ANNOTATION, type LiveObject, refKey } from "../model/index.ts";
import { type HookState, isRunByDeletion, isRunBySync, type PlanInput, type Prepared } from "../plan/index.ts";
import { type Asking, unlessForbidden } from "./forbidden.ts";

interface Looking extends Asking {
  readonly hooks: readonly Prepared[];
  readonly cluster: Cluster;
  readonly signal: AbortSignal;
  readonly rules: HealthRules | undefined;
  /** Those of a deletion, not of a sync. */
  readonly deleting?: boolean;
}

/**
 * By refKey: hooks that are there, and how far they are. Of the watch, and where that has nothing of the server, since a hook that is thought not to
 * have run is run. Nobody is asked where no sync is due.
 */
export async function lookAtHooks({
  hooks,
  deleting = false,
  cluster,
  signal,
  rules,
  ...asking
}: Looking): Promise<ReadonlyMap<string, HookState>> {
  const found = new Map<string, HookState>();
  const due = hooks.filter(
    ({ hook, problem }) =>
      problem === undefined && hook?.due.some(({ phase }) => (deleting ? isRunByDeletion(phase) : isRunBySync(phase))),
  );
  for (const { ref } of due) {
    const told = await unlessForbidden(`get hook ${refKey(ref)}`, asking, async () => {
      return cluster.live.get(ref) ?? (await cluster.get(ref, signal));
    });
    const live = "answer" in told ? told.answer : undefined;
    if (live?.metadata.annotations?.[HOOK_ANNOTATION] !== undefined) found.set(refKey(ref), stateOf(live, rules));
  }
  return found;
}

function stateOf(live: LiveObject, rules: HealthRules | undefined): HookState {
  const { status, message } = assess(live, { rules });
  if (status === "Degraded") return { live, state: "failed", message };
  return { live, state: status === "Healthy" ? "succeeded" : "running", message };
}

/** What a plan must know of hooks. */
export async function hooksIn(
  looking: Looking,
  setApplied: boolean,
): Promise<Pick<PlanInput, "hooks" | "rerunHooks" | "hookStates">> {
  const { hooks, manual: rerunHooks } = looking;
  if (setApplied || hooks.length === 0) return { hooks, rerunHooks };
  return { hooks, rerunHooks, hookStates: await lookAtHooks(looking) };
}
