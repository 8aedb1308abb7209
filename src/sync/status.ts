import type { Comparison } from "../diff/index.ts";
import { assess, worstOf } from "../health/index.ts";
import {
  type Application,
  type ApplicationIdentity,
  type ChangeClass,
  type Health,
  identityFrom,
  MADE_BY_ANNOTATION,
  type Plan,
  type PlanStep,
  type Problem,
  type ResourceStatus,
  refKey,
  type SourceStatus,
  type StepOutcome,
  type SyncStatus,
  syncStatusOf,
} from "../model/index.ts";
import { goingSentence, serviceAccountOf } from "../plan/index.ts";
import type { Desired } from "./desired.ts";
import { inOurWords } from "./kind-warnings.ts";
import type { ApplicationMemory } from "./memory.ts";
import type { Observed } from "./observe.ts";

const MISSING: Health = { status: "Missing", message: "not in the cluster" };
const NOT_JUDGED: Health = { status: "Unknown", message: "not looked at: see its problem" };

/** Of whom a status is. `project`: the one that it has without naming it, too. */
export function identityOf(application: Application, project = application.spec.project): ApplicationIdentity {
  const { namespace, name, annotations } = application.metadata;
  const { cluster } = application.spec.destination;
  const madeBy = annotations?.[MADE_BY_ANNOTATION];
  return identityFrom({ namespace, name, madeBy, project, cluster, serviceAccount: serviceAccountOf(application) });
}

export function sourceStatus(
  application: Application,
  { resolution, snapshot, ahead }: Partial<Pick<Desired, "resolution" | "snapshot" | "ahead">> = {},
): SourceStatus {
  const { repo, ref, path, chart } = application.spec.source;
  return {
    repo,
    ref,
    path,
    ...(chart === undefined ? {} : { chart }),
    ...(resolution === undefined ? {} : { revision: resolution.revision, checkedAt: resolution.checkedAt }),
    ...(ahead === undefined ? {} : { newest: ahead }),
    ...(snapshot === undefined ? {} : { author: snapshot.author, subject: snapshot.subject }),
    ...(resolution?.stale === undefined ? {} : { stale: resolution.stale }),
  };
}

/** One entry an object: those that Git wants in the order of the plan, then those that are to go. */
export function resourceStatuses(
  { plan, comparisons, unconfirmed, kindWarnings, live, members }: Observed,
  outcomes: readonly StepOutcome[],
  memory: ApplicationMemory,
): ResourceStatus[] {
  const failed = new Map(outcomes.filter(({ problem }) => problem !== undefined).map((one) => [refKey(one.ref), one]));
  const wanted = plan.steps.map((step): ResourceStatus => {
    const key = refKey(step.ref);
    const problem = step.problem ?? failed.get(key)?.problem;
    const object = live.get(key);
    const judged =
      object === undefined
        ? step.problem === undefined || step.action !== "none"
          ? missing(step)
          : NOT_JUDGED
        : assess(object, { below: memory.of(key).below?.reason, rules: memory.healthRules?.rules });
    return {
      ref: step.ref,
      stage: step.stage,
      sync:
        step.action === "none" && step.problem !== undefined ? "Unknown" : (comparisons.get(key)?.status ?? "Unknown"),
      health: judged,
      changes: step.changes,
      ...leftOf(comparisons.get(key)),
      ...unconfirmedOf(unconfirmed.get(key)),
      warnings: [
        ...new Set([...(kindWarnings.get(key) ?? []), ...inOurWords(step.ref, memory.of(key).warnings ?? [])]),
      ],
      ...evidenceOf(memory, key, judged),
      ...(step.origin === undefined ? {} : { origin: step.origin }),
      ...(problem === undefined ? {} : { problem }),
    };
  });
  const present = new Map(members.map((member) => [member.metadata.uid, member]));
  const leaving = plan.prunes.map((step): ResourceStatus => {
    const object = present.get(step.uid ?? "");
    return {
      ref: step.ref,
      stage: step.stage,
      sync: "Pending",
      health: object === undefined ? MISSING : assess(object, { rules: memory.healthRules?.rules }),
      changes: step.changes,
      warnings: [step.reason],
    };
  });
  const going = (plan.going ?? []).map((one): ResourceStatus => {
    const object = present.get(one.uid);
    const health = object === undefined ? MISSING : assess(object, { rules: memory.healthRules?.rules });
    const { ref, stage } = one;
    return { ref, stage, sync: "Pending", health, changes: [], warnings: [], waiting: goingSentence(one) };
  });
  return [...wanted, ...leaving, ...going];
}

function missing({ apply, reason }: PlanStep): Health {
  return apply === "never" ? { status: "Missing", message: reason } : MISSING;
}

function leftOf(comparison: Comparison | undefined): Pick<ResourceStatus, "left"> {
  return comparison?.left === undefined ? {} : { left: comparison.left };
}

/** For as long as the object is not well. */
function evidenceOf(memory: ApplicationMemory, key: string, { status }: Health): Pick<ResourceStatus, "evidence"> {
  const { evidence } = memory.objects.get(key) ?? {};
  if (evidence === undefined) return {};
  if (status !== "Healthy" && status !== "Suspended") return { evidence };
  delete memory.of(key).evidence;
  return {};
}

function unconfirmedOf(sentence: string | undefined): Pick<ResourceStatus, "unconfirmed"> {
  return sentence === undefined ? {} : { unconfirmed: sentence };
}

/** Deletions that are held back and are nothing that is still to do here: what moves is in Git, and the other application's to take. */
const SETTLED: ReadonlySet<string> = new Set(["policy", "disabled", "moving"]);

/** The application's verdict out of its objects' and what is left to delete, with the sentence for it. */
export function syncVerdict(
  { plan, comparisons, unconfirmed }: Pick<Observed, "plan" | "comparisons" | "unconfirmed">,
  problems: readonly Problem[],
): { status: SyncStatus; message: string } {
  const classes: ChangeClass[] = [];
  for (const { status } of comparisons.values()) {
    if (status === "Pending" || status === "Diverged") classes.push("pending");
    if (status === "Drifted" || status === "Diverged") classes.push("drift");
  }
  for (const { class: kind } of plan.namespaces ?? []) if (kind !== undefined) classes.push(kind);
  if (hooksToRun(plan) > 0) classes.push("pending");
  const leaving = plan.prunes.length + (plan.going?.length ?? 0);
  if (leaving > 0 || plan.withheld.some(({ guard }) => !SETTLED.has(guard))) classes.push("pending");
  const status = syncStatusOf(classes.map((one) => ({ class: one })));
  const [first] = problems;
  if (first !== undefined && status === "Synced") return { status: "Unknown", message: sentenceOf(first) };
  if (first !== undefined) return { status, message: sentenceOf(first) };
  const doubted = unconfirmed.size === 0 ? "" : `; ${unconfirmed.size} not confirmed by the server`;
  return { status, message: describe(status, plan, comparisons) + doubted };
}

/** Hooks that a sync would run, or that keep it from going on. */
function hooksToRun({ hooks = [] }: Plan): number {
  return hooks.filter(
    ({ action, hook, problem }) => problem !== undefined || (action === "run" && hook?.phase !== "SyncFail"),
  ).length;
}

/** What is wrong with hooks: those that failed for these manifests, and what the last pass could not do with others. */
export function hookProblems({ hooks = [] }: Plan, outcomes: readonly StepOutcome[]): Problem[] {
  const standing = hooks.flatMap(({ problem }) => problem ?? []);
  if (standing.length > 0) return standing;
  return outcomes.flatMap(({ action, outcome, problem }) =>
    action === "run" && outcome === "failed" && problem !== undefined ? [problem] : [],
  );
}

function sentenceOf({ where, message }: Problem): string {
  return where === undefined ? message : `${where}: ${message}`;
}

function describe(status: SyncStatus, plan: Plan, comparisons: ReadonlyMap<string, Comparison>): string {
  const count = (wanted: SyncStatus) => [...comparisons.values()].filter((one) => one.status === wanted).length;
  const total = plan.steps.length;
  const pending = count("Pending") + count("Diverged");
  const drifted = count("Drifted") + count("Diverged");
  const parts = [
    pending > 0 ? `Git is ahead in ${pending} of ${total} objects` : "",
    drifted > 0 ? `the cluster moved in ${drifted} of ${total} objects` : "",
    ...(plan.namespaces ?? []).map((one) => (one.class === undefined ? "" : `Namespace ${one.name}: ${one.reason}`)),
    hooksToRun(plan) > 0 ? `${hooksToRun(plan)} hooks to run` : "",
    plan.prunes.length > 0 ? `${plan.prunes.length} to delete` : "",
    ...(plan.going ?? []).map(goingSentence).slice(0, 1),
    plan.withheld.length > 0 ? `${plan.withheld.length} deletions held back: ${plan.withheld[0]?.reason ?? ""}` : "",
  ].filter((part) => part !== "");
  if (parts.length > 0) return parts.join("; ");
  return status === "Synced" ? `${total} objects are as Git has them` : status;
}

export function healthVerdict(resources: readonly ResourceStatus[]) {
  return worstOf(resources.map(({ ref, health }) => ({ ref, health })));
}
