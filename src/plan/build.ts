import type { Comparison } from "../diff/index.ts";
import { formatField } from "../kit/format-field.ts";
import { hashJson } from "../kit/hash.ts";
import {
  type Action,
  type Adoption,
  APPLICATION_ANNOTATION,
  APPLYSET_ID_LABEL,
  type FieldChange,
  formatOrigin,
  formatRef,
  ID_ANNOTATION,
  type KubeObject,
  type LiveObject,
  PART_OF_LABEL,
  type Plan,
  type PlanStep,
  PlumblineError,
  type Problem,
  type Ref,
  refKey,
  toProblem,
} from "../model/index.ts";
import { adoptionOf, adoptionProblem, adoptionReason, isForAdoption } from "./adoption.ts";
import { applyModeOf, isLeftAsItIs, leftReason } from "./apply-wishes.ts";
import { deletionHooks, planHooks, standingHooks } from "./hooks.ts";
import { applicationOfId, applySetId, scopeOf } from "./inventory.ts";
import { byOrder, byPlace } from "./order.ts";
import { withDependencies } from "./ordered.ts";
import { inventoryOf } from "./planned-inventory.ts";
import { setHashOf } from "./prepare.ts";
import { planPrunes } from "./prunes.ts";
import { replacementOf, replacementReason } from "./replace.ts";
import { stageOf, waveOf } from "./stages.ts";
import type { PlanInput, Prepared } from "./types.ts";

/** What must happen, in which order, and what is held back. The same input in any order gives the same plan. */
export function buildPlan(input: PlanInput): Plan {
  const planned = input.prepared.map((prepared) => ({ prepared, step: stepOf(prepared, input) }));
  planned.sort((a, b) => byOrder(a.step, b.step) || byPlace(a.prepared, b.prepared));
  const current = input.parent === undefined ? undefined : scopeOf(input.parent);
  const setHash = setHashOf(withHooks(input));
  const { steps, hooks: ordered } = withDependencies(
    planned.map(({ step }) => step),
    input.deleting === "orphan" ? [] : planHooks(input, setHash, current),
    input,
  );
  const prunes = planPrunes(input, steps, standingHooks(input, setHash));
  const hooks = input.deleting === "prune" ? deletionHooks(ordered, prunes) : ordered;
  return {
    application: input.application,
    revision: input.revision,
    hash: planHash(
      planned.map(({ prepared }, i) => ({ prepared, step: steps[i] as PlanStep })),
      { prunes: prunes.steps, hooks, input },
    ),
    setHash,
    steps,
    ...(hooks.length === 0 ? {} : { hooks }),
    prunes: prunes.steps,
    withheld: prunes.withheld,
    ...(prunes.going.length === 0 ? {} : { going: prunes.going }),
    ...(input.deleting === undefined ? {} : { releases: prunes.releases }),
    inventory: inventoryOf(input, { steps, hooks, prunes, setHash }),
    ...(input.ensureNamespace === undefined ? {} : { ensureNamespace: input.ensureNamespace }),
    ...(input.namespaces === undefined ? {} : { namespaces: input.namespaces.namespaces }),
  };
}

/** Without hooks the very list, so that its hash is known already. */
function withHooks({ prepared, hooks = [] }: PlanInput): readonly Prepared[] {
  return hooks.length === 0 ? prepared : [...prepared, ...hooks];
}

interface Planned {
  readonly prepared: Prepared;
  readonly step: PlanStep;
}

/**
 * What an approval is for: equal for equal work, whenever it is planned and in whatever order the facts come. A Secret's hash counts like any other, though
 * its step does not show it: another Secret is another plan. So is another field that is put back or taken out, though the manifest is the same.
 */
function planHash(
  planned: readonly Planned[],
  { prunes, hooks, input }: Pick<Plan, "prunes"> & { readonly hooks: readonly PlanStep[]; readonly input: PlanInput },
): string {
  const made = planned
    .filter(({ step: { action, problem } }) => action !== "none" || problem !== undefined)
    .map(({ prepared, step }) => [refKey(step.ref), step.action, prepared.hash, ...lackOf(step), ...fieldsOf(step)]);
  const deleted = prunes.map(({ ref, action, uid }) => [refKey(ref), action, uid]);
  const hashes = new Map((input.hooks ?? []).map(({ ref, hash }) => [refKey(ref), hash]));
  const run = hooks
    .filter(({ action }) => action === "run")
    .map(({ ref, hook }) => [refKey(ref), hook?.phase, hashes.get(refKey(ref))]);
  const parts = [made, deleted, namespaceWork(input)];
  return hashJson(run.length === 0 ? parts : [...parts, run]);
}

function namespaceWork({ ensureNamespace = "", namespaces }: PlanInput): readonly unknown[] {
  const written = namespaces?.namespaces.filter(({ action }) => action !== "none") ?? [];
  return [ensureNamespace, written.map(({ name, labels, annotations }) => [name, labels, annotations])];
}

/** Of a step that cannot be done. What the server refused a moment ago is known to one process alone, and is tried again. */
function lackOf({ action, problem }: PlanStep): string[] {
  return action === "none" && problem !== undefined ? [problem.code] : [];
}

/** What others have added since is not in the manifest, and is another plan all the same. */
function fieldsOf({ action, changes }: PlanStep): string[] {
  return action === "none" ? [] : changes.filter(isMendable).map(({ path }) => path);
}

function stepOf(prepared: Prepared, input: PlanInput): PlanStep {
  const { ref, object, origin } = prepared;
  const live = input.live.get(refKey(ref));
  if (prepared.problem === undefined && isLeftAsItIs(object, live)) return leftStep(prepared, live);
  const comparison = input.comparisons.get(refKey(ref));
  const found = live !== undefined && isForAdoption(live, input) ? live : undefined;
  const problem =
    prepared.problem ?? claim(ref, live, input, formatOrigin(origin)) ?? refusalOf(prepared, found, input);
  const action = problem === undefined ? actionOf(comparison, live, input) : "none";
  const adoption = found && adoptionOf(found, comparison, input.claims?.get(refKey(ref)) ?? []);
  const step: PlanStep = {
    ...placeOf(prepared),
    action,
    reason: reasonOf(action, comparison, adoption),
    changes: comparison?.changes ?? [],
    ...applyOf(object),
    ...(adoption === undefined ? {} : { adoption }),
  };
  if (action === "none") return problem === undefined ? step : refusing(step, problem);
  const refusal = input.refusals?.get(refKey(ref));
  const replaced = replacing(step, prepared, input);
  return refusal === undefined || isAnswered(refusal, replaced) ? replaced : refusing(step, refusal);
}

function placeOf({
  ref,
  object,
  origin,
  hash,
}: Prepared): Pick<PlanStep, "ref" | "stage" | "wave" | "origin" | "hash"> {
  const isSecret = ref.group === "" && ref.kind === "Secret";
  return { ref, stage: stageOf(ref, object), wave: waveOf(object), origin, ...(isSecret ? {} : { hash }) };
}

function applyOf(object: KubeObject): Pick<PlanStep, "apply"> {
  const apply = applyModeOf(object);
  return apply === undefined ? {} : { apply };
}

/** The author says that it is not written, or not any more. */
function leftStep(prepared: Prepared, live: LiveObject | undefined): PlanStep {
  const { apply = "never" } = applyOf(prepared.object);
  return { ...placeOf(prepared), action: "none", reason: leftReason(apply, live), changes: [], apply };
}

function refusing(step: PlanStep, problem: Problem): PlanStep {
  return { ...step, reason: problem.message, problem };
}

/** What could not be changed is replaced now, so that its refusal is past. */
function isAnswered({ code }: Problem, { action }: PlanStep): boolean {
  return code === "PL-KUBE-IMMUTABLE" && action === "replace";
}

/** An object that the server does not change is deleted and made anew, where that is allowed; else the step says what is in the way. */
function replacing(step: PlanStep, { ref, object, origin }: Prepared, input: PlanInput): PlanStep {
  const live = input.live.get(refKey(ref));
  const unchangeable = input.unchangeable?.get(refKey(ref));
  if (step.action === "none" || live === undefined || unchangeable === undefined) return step;
  const found = replacementOf({ ref, object, live, unchangeable, where: formatOrigin(origin) });
  if ("problem" in found) return refusing(step, found.problem);
  const { replacement } = found;
  return { ...step, action: "replace", reason: replacementReason(replacement), replacement, uid: live.metadata.uid };
}

/** What keeps an object that is there already from becoming ours. */
function refusalOf(
  { ref, object, origin }: Prepared,
  live: LiveObject | undefined,
  input: PlanInput,
): Problem | undefined {
  if (live === undefined) return undefined;
  const claims = input.claims?.get(refKey(ref)) ?? [];
  return adoptionProblem({ ref, object, claims, policy: input.policy.adopt, where: formatOrigin(origin) });
}

function actionOf(comparison: Comparison | undefined, live: LiveObject | undefined, input: PlanInput): Action {
  if (live === undefined) return "create";
  if (comparison === undefined) return "none";
  if (isForAdoption(live, input)) return "adopt";
  if (isElsewhere(live, input)) return "update";
  if (comparison.status === "Synced") return "none";
  return comparison.changes.length > 0 && !comparison.changes.some(isMendable) ? "none" : "update";
}

/** What an apply, or a removal before it, puts right: a field of somebody else's that is only counted stays. */
function isMendable({ class: kind, policy }: FieldChange): boolean {
  return kind !== "foreign" || policy === "prune";
}

function reasonOf(action: Action, comparison: Comparison | undefined, adoption: Adoption | undefined): string {
  switch (action) {
    case "create":
      return createReason(comparison);
    case "adopt":
      return adoption === undefined ? "it exists, and becomes Plumbline's" : adoptionReason(adoption);
    case "update":
      return updateReason(comparison);
    default:
      return comparison === undefined || comparison.status === "Synced"
        ? "it is as Git has it"
        : countedReason(comparison);
  }
}

function createReason(comparison: Comparison | undefined): string {
  if (comparison?.status === "Drifted") return "it was deleted in the cluster";
  return comparison?.status === "Diverged"
    ? "it was deleted in the cluster, and Git moved"
    : "it is not in the cluster yet";
}

function updateReason(comparison: Comparison | undefined): string {
  const which = fieldsIn((comparison?.changes ?? []).filter(isMendable));
  if (comparison?.status === "Drifted") return `it moved in the cluster${which}`;
  return comparison?.status === "Diverged" ? `Git and the cluster both moved${which}` : `Git moved${which}`;
}

/** Counted, and nothing that is ours to put right. */
function countedReason({ changes }: Comparison): string {
  return `others added what Git does not mention${fieldsIn(changes.filter(({ policy }) => policy !== undefined))}`;
}

function fieldsIn([first, ...rest]: readonly FieldChange[]): string {
  const more = rest.length === 0 ? "" : ` and ${rest.length} more`;
  return first === undefined ? "" : `: ${formatField(first)}${more}`;
}

/** An object with another application's label is that application's until it lets go, and its inventory is its own for ever. */
function claim(ref: Ref, live: LiveObject | undefined, input: PlanInput, where: string): Problem | undefined {
  const kept = live === undefined ? undefined : inventoryKept(live, input);
  if (kept !== undefined) {
    const message = `${formatRef(ref)} is where the inventory of ${kept} is kept`;
    return toProblem(new PlumblineError("PL-OBJECT-CLAIMED", { message, where }));
  }
  if (live === undefined || !isElsewhere(live, input) || input.letGo?.has(refKey(ref)) === true) return undefined;
  const owner = applicationOfId(live?.metadata.annotations?.[ID_ANNOTATION]);
  // Of another tool that keeps ApplySets: see claims.ts.
  if (owner === undefined) return undefined;
  const message = `${formatRef(ref)} belongs to application ${owner}`;
  return toProblem(new PlumblineError("PL-OBJECT-CLAIMED", { message, where }));
}

/** Does it carry the label of another application. */
function isElsewhere({ metadata }: LiveObject, { application, inventoryNamespace }: PlanInput): boolean {
  const label = metadata.labels?.[PART_OF_LABEL];
  return label !== undefined && label !== applySetId(application, inventoryNamespace);
}

/** Whose ApplySet parent this is: the application that it names, else the id of the set. */
function inventoryKept({ kind, metadata }: LiveObject, { inventoryNamespace }: PlanInput): string | undefined {
  const id = metadata.labels?.[APPLYSET_ID_LABEL];
  if (kind !== "ConfigMap" || metadata.namespace !== inventoryNamespace || id === undefined) return undefined;
  const application = metadata.annotations?.[APPLICATION_ANNOTATION];
  return application === undefined ? `the ApplySet ${id}` : `application ${application}`;
}
