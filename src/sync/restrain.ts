import { type Plan, PlumblineError, type Problem, toProblem } from "../model/index.ts";
import { sendsAnything, summarise } from "../plan/index.ts";
import type { Desired } from "./desired.ts";
import { type Holds, heldWhole, NO_HOLDS } from "./holds.ts";
import { suspendedSentence } from "./instructions.ts";
import type { Observed } from "./observe.ts";
import type { PassInput } from "./pass-input.ts";
import { hasWork, type Permission, permissionOf, permittedPlan } from "./policy.ts";
import { judgeWindows } from "./windows.ts";

/** What a pass may do of its plan. */
export interface Restraint {
  readonly permission: Permission;
  /** Where healing must wait. */
  readonly holds: Holds;
  /** Why nothing may be done, in a sentence, and milliseconds after which to look again. */
  readonly waiting?: string;
  /** Since when (RFC 3339), where that is written somewhere. */
  readonly since?: string;
  readonly again?: number;
  /** Why what a person asked for is not done. */
  readonly problem?: readonly [Problem];
  /** The plan's hash, where somebody must approve it. */
  readonly awaitsApproval?: string;
  /** Exactly this plan was approved. */
  readonly approved?: boolean;
}

const NOTHING: Permission = { follow: false, heal: false };

interface Sight {
  readonly observed: Pick<Observed, "plan" | "comparisons">;
  readonly holds: Holds;
}

/** Everything that may keep a pass from writing, the first of them in this order: a person, a broken revision, dependencies, windows, an approval that is missing. */
export async function restrain(
  input: PassInput,
  desired: Pick<Desired, "told" | "problems">,
  sight: Sight,
): Promise<Restraint> {
  const { application, manual, onlyPlan } = input;
  const { observed, holds } = sight;
  const { windows, approve, observe } = application.spec.sync;
  const { suspended } = desired.told.inForce;
  if (suspended !== undefined)
    return { permission: NOTHING, holds, waiting: suspendedSentence(suspended), since: suspended.at };
  if (desired.problems.length > 0) return { permission: NOTHING, holds };
  if (onlyPlan !== undefined && onlyPlan !== observed.plan.hash)
    return { permission: NOTHING, holds, problem: [anotherPlan(onlyPlan, observed.plan)] };
  // Those that it depends on are asked about only where there is something to do: whoever gets ready wakes it.
  const blocked = hasWork(observed.plan) ? await input.blockedBy() : undefined;
  if (blocked !== undefined) return { permission: NOTHING, holds, waiting: blocked };
  const permission: Permission = { ...permissionOf(application.spec.sync, manual), held: heldWhole(holds) };
  const { waiting: closed, ...again } = judgeWindows(windows, { now: input.now(), manual });
  const asksApproval = approve && !observe && changesObjects(observed.plan);
  const wants = asksApproval || hasWork(permittedPlan(observed.plan, permission, observed.comparisons));
  if (closed !== undefined && !observe)
    return { permission: NOTHING, holds, ...again, ...(wants ? { waiting: closed } : {}) };
  // Who asks for a sync of exactly this plan has approved it.
  if (asksApproval && onlyPlan === undefined) return { ...approvalOf(observed.plan, desired.told, holds), ...again };
  return { permission, holds, ...again };
}

/** An approved plan is done whole, or not at all: who approved it has seen what it heals, too. */
function approvalOf(plan: Plan, { inForce }: Desired["told"], holds: Holds): Restraint {
  const { approved } = inForce;
  if (approved?.plan === plan.hash)
    return { permission: { follow: true, heal: true }, holds: NO_HOLDS, approved: true };
  const other = approved === undefined ? "" : `; ${approved.by} approved another one, ${shortHash(approved.plan)}`;
  const waiting = `waits for approval of plan ${shortHash(plan.hash)}: ${workOf(plan)}${other}`;
  return { permission: NOTHING, holds, waiting, awaitsApproval: plan.hash };
}

function anotherPlan(asked: string, { hash, application }: Plan): Problem {
  const message = `plan ${shortHash(asked)} was asked for, and the plan is ${shortHash(hash)} now: nothing was done`;
  return toProblem(new PlumblineError("PL-PLAN-CHANGED", { message, where: application }));
}

/** Does the plan say anything of an object: what is only the parent's own record needs nobody's approval. */
export function changesObjects(plan: Plan): boolean {
  return sendsAnything(plan) || plan.namespaces?.some(({ action }) => action !== "none") === true;
}

/** "2 to create, 1 to prune" */
function workOf(plan: Plan): string {
  const { none: _none, ...counts } = summarise(plan);
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([action, count]) => (action === "failing" ? `${count} failing` : `${count} to ${action}`))
    .join(", ");
}

export function shortHash(hash: string): string {
  return hash.slice(0, 12);
}
