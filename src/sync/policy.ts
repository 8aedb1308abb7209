import type { Comparison } from "../diff/index.ts";
import { type ApplicationSpec, type Plan, type PlanStep, refKey } from "../model/index.ts";
import { sameDeclaration, sendsAnything } from "../plan/index.ts";

export interface Permission {
  /** Git moved: may it be followed. */
  readonly follow: boolean;
  /** The cluster moved: may it be put back. */
  readonly heal: boolean;
  /** Objects, by refKey, of which nothing may be put back now, since somebody fights us for them. */
  readonly held?: ReadonlySet<string>;
}

/** What a pass may write: what the policy says, everything when a person asked for it, nothing in observe mode. */
export function permissionOf(
  { auto, selfHeal, observe }: Pick<ApplicationSpec["sync"], "auto" | "selfHeal" | "observe">,
  manual: boolean,
): Permission {
  if (observe) return { follow: false, heal: false };
  return { follow: auto || manual, heal: selfHeal || manual };
}

/**
 * The part of a plan that may be done. A restricted plan prunes only where Git may be followed and never narrows the inventory, and it keeps what the
 * parent says of the applied set: only a whole pass may claim to be one.
 */
export function permittedPlan(plan: Plan, permission: Permission, comparisons: ReadonlyMap<string, Comparison>): Plan {
  const { follow, heal, held } = permission;
  if (follow && heal && (held === undefined || held.size === 0)) return plan;
  const steps = plan.steps.map((step) =>
    isPermitted(step, permission, comparisons) ? step : { ...step, action: "none" as const },
  );
  const namespaces = plan.namespaces?.map((one) => {
    const isFree = one.action === "none" || (one.class === "drift" ? heal : follow);
    return isFree ? one : { ...one, action: "none" as const };
  });
  const settled = namespaces?.every((one, i) => one === plan.namespaces?.[i]) ?? true;
  const whole = settled && steps.every((step, i) => step === plan.steps[i]);
  const { inventory, hooks = [] } = plan;
  const idle = plan.prunes.length === 0 && hooks.every(({ action }) => action === "none");
  if (whole && (follow || idle)) return plan;
  return {
    ...plan,
    steps,
    ...(follow || hooks.length === 0 ? {} : { hooks: hooks.map((step) => ({ ...step, action: "none" as const })) }),
    ...(namespaces === undefined ? {} : { namespaces }),
    prunes: follow ? plan.prunes : [],
    setHash: inventory.current?.appliedSet ?? "",
    revision: inventory.current?.appliedRevision ?? plan.revision,
    inventory: { ...withRecord(inventory), after: inventory.before },
  };
}

/** Only a whole pass has done everything that the record is to say. */
function withRecord({ namespaceRecord: _, ...inventory }: Plan["inventory"]): Plan["inventory"] {
  const known = inventory.current?.namespaceRecord;
  return { ...inventory, ...(known === undefined ? {} : { namespaceRecord: known }) };
}

function isPermitted(
  step: PlanStep,
  { follow, heal, held }: Permission,
  comparisons: ReadonlyMap<string, Comparison>,
): boolean {
  if (step.action === "none" || step.problem !== undefined) return true;
  const key = refKey(step.ref);
  return comparisons.get(key)?.status === "Drifted" ? heal && held?.has(key) !== true : follow;
}

/** Would executing the plan send anything, the parent's own record included. Behind a step with a problem nothing is sent. */
export function hasWork(plan: Plan): boolean {
  if (sendsAnything(plan) || plan.namespaces?.some(({ action }) => action !== "none")) return true;
  if ([...plan.steps, ...(plan.hooks ?? [])].some(({ problem }) => problem !== undefined)) return false;
  return plan.steps.length > 0 && parentIsBehind(plan);
}

function parentIsBehind({ inventory, setHash }: Plan): boolean {
  const { current, after, declaration, namespaceRecord } = inventory;
  // Somebody deleted it. An empty hash claims nothing, so it is no reason to write.
  if (current === undefined) return setHash !== "";
  const same =
    sameItems(current.groupKinds, after.groupKinds) &&
    sameItems(current.namespaces, after.namespaces) &&
    current.namespaceRecord === namespaceRecord &&
    sameDeclaration(current.declaration, declaration);
  return !same || (current.appliedSet ?? "") !== setHash;
}

function sameItems(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
