import {
  formatOrigin,
  HOOK_ANNOTATION,
  type LiveObject,
  type PlanStep,
  type Problem,
  type Ref,
  refKey,
  refOf,
} from "../model/index.ts";
import { circleProblem, circlesAmong } from "./circles.ts";
import { dependsOnOf, settleDependsOn } from "./depends-on.ts";
import type { PlanInput } from "./types.ts";

/** Steps with what they depend on, and with what is wrong with that: something that is nowhere, or a circle. Hooks that no sync runs wait for nothing. */
export function withDependencies(
  steps: readonly PlanStep[],
  hooks: readonly PlanStep[],
  input: PlanInput,
): { readonly steps: readonly PlanStep[]; readonly hooks: readonly PlanStep[] } {
  const objects = new Map([...input.prepared, ...(input.hooks ?? [])].map(({ ref, object }) => [refKey(ref), object]));
  const asked = new Map([...objects].map(([key, object]) => [key, dependsOnOf(object)]));
  if ([...asked.values()].every((refs) => refs.length === 0)) return { steps, hooks };
  const facts = {
    wanted: new Set(objects.keys()),
    leaving: leavingOf(input, objects),
    outside: input.outside ?? new Map(),
  };
  const settled = [...steps, ...hooks].map((step): PlanStep => {
    const dependsOn = asked.get(refKey(step.ref)) ?? [];
    if (dependsOn.length === 0) return step;
    const told = settleDependsOn({ ref: step.ref, dependsOn }, facts, whereOf(step));
    return refused({ ...step, dependsOn: told.dependsOn }, told.problem);
  });
  const circles = circlesAmong(settled.filter(({ hook }) => hook === undefined || RUN_BY_SYNC.has(hook.phase)));
  const ordered = settled.map((step) => {
    const circle = circles.get(step);
    return circle === undefined ? step : refused(step, circleProblem(step, circle, whereOf(step)));
  });
  return { steps: ordered.slice(0, steps.length), hooks: ordered.slice(steps.length) };
}

const RUN_BY_SYNC: ReadonlySet<string> = new Set(["PreSync", "Sync", "PostSync", "SyncFail"]);

function leavingOf(input: PlanInput, wanted: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  if (!input.policy.prune) return new Set();
  const keys = input.members
    .filter(({ metadata }) => metadata.annotations?.[HOOK_ANNOTATION] === undefined)
    .map((member: LiveObject) => refKey(refOf(member)));
  return new Set(keys.filter((key) => !wanted.has(key)));
}

/** What was wrong with it before stays what is wrong with it. */
function refused(step: PlanStep, problem: Problem | undefined): PlanStep {
  if (problem === undefined || step.problem !== undefined) return step;
  return { ...step, action: "none", reason: problem.message, problem };
}

function whereOf({ origin, ref }: { readonly origin?: PlanStep["origin"]; readonly ref: Ref }): string {
  return origin === undefined ? ref.name : formatOrigin(origin);
}
