import { type ApplyEvent, type ApplySummary, applyPlan, type Waiting } from "../apply/index.ts";
import type { Cluster } from "../cluster/index.ts";
import {
  type ApplicationStatus,
  type Declaration,
  type Guard,
  type LiveObject,
  type Plan,
  type PlanStep,
  PlumblineError,
  type Problem,
  type Ref,
  type ResourceStatus,
  refKey,
  refOf,
  type StepOutcome,
  toProblem,
} from "../model/index.ts";
import {
  applySetId,
  buildPlan,
  goingSentence,
  type Moving,
  parentRef,
  scopeOf,
  withheldSentences,
} from "../plan/index.ts";
import type { Departure } from "./departure.ts";
import { type FoundHooks, findDeletionHooks, type HookMemory } from "./departure-hooks.ts";
import { namespacesLeft } from "./destination-namespaces.ts";
import { lookAtHooks } from "./hook-states.ts";
import { followKinds } from "./kinds.ts";
import type { Moves } from "./moves.ts";
import { sentenceOfWait } from "./pass-waits.ts";
import { deadlinesOf } from "./schedule.ts";
import { StandingProblems } from "./standing-problems.ts";
import { sourceStatus } from "./status.ts";
import type { Ruled, Tenancy } from "./tenancy.ts";
import type { SyncSettings } from "./types.ts";

export interface DepartureInput extends Omit<Departure, "cluster"> {
  /** Where its objects are. */
  /** As a service account, `namespace/name`, or as Plumbline itself. */
  readonly as: (serviceAccount: string | undefined) => Cluster;
  readonly settings: SyncSettings;
  /** As of a pass (pass-input.ts). */
  readonly token?: string | undefined;
  readonly inventoryNamespace: string;
  readonly moves: Moves;
  readonly tenancy: Tenancy;
  readonly hookMemory: HookMemory;
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** Called with what is known while the pass goes on. */
  readonly progress: (status: ApplicationStatus) => void;
}

export interface DepartureResult {
  readonly status: ApplicationStatus;
  readonly outcomes: readonly StepOutcome[];
  readonly problem?: Problem;
  /** Nothing is left of it: the parent is gone. */
  readonly done: boolean;
}

/** One pass of an application that is deleted: from what is left of it now to what is done about that. Any pass may be the first. */
export async function runDeparture(input: DepartureInput): Promise<DepartureResult> {
  try {
    const parent = await input.as(undefined).get(parentRef(input.name, input.inventoryNamespace), input.signal);
    if (parent === undefined) return { status: statusOf(input, undefined), outcomes: [], done: true };
    const deleting = { ...input, cluster: input.as(scopeOf(parent).declaration?.serviceAccount), parent };
    const plan = await departurePlan(deleting);
    input.progress(statusOf(input, plan));
    return ended(input, plan, await execute(deleting, plan));
  } catch (error) {
    const problem = input.signal.aborted ? toProblem(input.signal.reason) : toProblem(error);
    return { status: { ...statusOf(input, undefined), problems: [problem] }, outcomes: [], problem, done: false };
  }
}

interface Deleting extends DepartureInput {
  /** As whom the application was written. */
  readonly cluster: Cluster;
  readonly parent: LiveObject;
}

/** Errors: PL-KUBE-*, of a kind with members that may not be listed, too. */
async function departurePlan(input: Deleting): Promise<Plan> {
  const { name, how, inventoryNamespace, signal, now, cluster, parent } = input;
  const { groupKinds, appliedRevision, declaration, release, namespaceRecord: record, ...scope } = scopeOf(parent);
  const whose = { applySetId: applySetId(name, inventoryNamespace), namespaces: () => scope.namespaces };
  const asking = { memory: { forbidden: new StandingProblems() }, manual: true, now };
  const {
    unlisted: [unlisted],
  } = await followKinds({ resources: [], groupKinds, ...whose }, { ...asking, cluster, signal });
  if (unlisted !== undefined) throw new PlumblineError(unlisted.code, unlisted);
  const by = declaration?.by ?? "";
  const ruled = input.application === undefined ? FREE : input.tenancy.of({ application: input.application, by });
  const found = how === "prune" ? await findDeletionHooks({ ...input, ruled, appliedRevision }) : NO_HOOKS;
  const { namespaces, refusal } = await namespacesLeft({ ...asking, name, record, how, cluster, signal });
  if (refusal !== undefined)
    input.settings.log.warn({ application: name, ...refusal }, "what it put on its namespace is left there");
  const looking = { ...asking, hooks: found.hooks, cluster, signal, rules: undefined, deleting: true };
  const members = cluster.live.members(whose.applySetId);
  return buildPlan({
    ...{ application: name, revision: appliedRevision ?? "", inventoryNamespace, parent, members },
    ...{ prepared: [], comparisons: new Map(), live: new Map(), deleting: how },
    ...{ hooks: found.hooks, hookStates: await lookAtHooks(looking) },
    ...(declaration === undefined ? {} : { declaration }),
    ...(release === undefined ? {} : { release }),
    ...(namespaces === undefined ? {} : { namespaces }),
    policy: { prune: true, pruneLimit: 100, adopt: "never" },
    ...(how === "prune" ? { moving: await heldBack(input, declaration, members.map(refOf)) } : {}),
  });
}

/** What another application wants, and what the Project does not let this one delete: its rules hold to the end. */
async function heldBack(
  { name, moves, tenancy, application }: DepartureInput,
  declaration: Declaration | undefined,
  refs: readonly Ref[],
): Promise<ReadonlyMap<string, Moving>> {
  const [namespace = ""] = name.split("/");
  const { by = "", project } = declaration ?? {};
  const cluster = application?.spec.destination.cluster;
  const forbidden = refs.flatMap((ref): [string, Moving][] => {
    const why = tenancy.whyKept(ref, { namespace, by, project, cluster });
    return why === undefined ? [] : [[refKey(ref), { guard: "project", why }]];
  });
  return new Map([...(await moves.heldBack(refs.map(refKey))), ...forbidden]);
}

const FREE: Ruled = { problems: [] };
const NO_HOOKS: FoundHooks = { hooks: [], warnings: [] };

async function execute(input: Deleting, plan: Plan): Promise<ApplySummary> {
  const { cluster, settings, signal, now, application, hookMemory } = input;
  const { log, metrics } = settings;
  const objects = new Map(hookMemory.found?.hooks.map(({ ref, object }) => [refKey(ref), object]));
  const deadlines = application === undefined ? {} : deadlinesOf(application.spec);
  const events = applyPlan({ plan, objects, cluster, token: input.token, signal, log, now, deadlines });
  const gone = new Set<string>();
  const waits = new Map<string, Waiting>();
  for (;;) {
    const next = await events.next();
    if (next.done === true) return next.value;
    heedWait(waits, next.value);
    const [first] = waits.values();
    if (next.value.type === "waiting" && first !== undefined)
      input.progress({ ...statusOf(input, plan, gone), waiting: sentenceOfWait(first) });
    if (next.value.type !== "step") continue;
    metrics.outcome(next.value.outcome.outcome);
    if (next.value.outcome.outcome === "pruned") gone.add(refKey(next.value.outcome.ref));
  }
}

function heedWait(waits: Map<string, Waiting>, event: ApplyEvent): void {
  if (event.type === "waiting") waits.set(refKey(event.ref), event);
  else if (event.type !== "inventory") waits.delete(refKey(event.type === "step" ? event.outcome.ref : event.ref));
}

function ended(input: DepartureInput, plan: Plan, { outcomes, problem, whole }: ApplySummary): DepartureResult {
  const failed = outcomes.flatMap((one) =>
    one.outcome === "failed" && one.problem !== undefined ? [one.problem] : [],
  );
  const problems = problem === undefined ? failed : [problem, ...failed];
  const gone = new Set(outcomes.filter(({ outcome }) => outcome === "pruned").map(({ ref }) => refKey(ref)));
  const [first] = problems;
  const result = { outcomes, done: whole, ...(first === undefined ? {} : { problem: first }) };
  return { ...result, status: { ...statusOf(input, plan, gone), problems } };
}

const NOT_JUDGED = { status: "Unknown", message: "its application is being deleted" } as const;

/** What passes by itself. */
const PASSING: ReadonlySet<Guard> = new Set(["moving", "unseen", "project", "order"]);

/** What the report has of it meanwhile. */
function statusOf(
  { name: full, how, application, hookMemory }: DepartureInput,
  plan: Plan | undefined,
  gone: ReadonlySet<string> = new Set(),
): ApplicationStatus {
  const [namespace = "", name = ""] = full.split("/");
  const left = [...(plan?.prunes ?? []), ...(plan?.going ?? [])].filter(({ ref }) => !gone.has(refKey(ref)));
  const held = (plan?.withheld ?? []).filter(({ guard }) => PASSING.has(guard)).map(({ reason }) => reason);
  const [waiting] = [...(plan?.going ?? []).map(goingSentence), ...held];
  return {
    namespace,
    name,
    sync: { status: "Pending", message: sentence(how, plan, left.length) },
    health: NOT_JUDGED,
    source: application === undefined ? { repo: "", ref: "", path: "" } : sourceStatus(application),
    resources: left.map(resourceOf),
    drift: [],
    ...(plan === undefined ? {} : { plan }),
    problems: [],
    warnings: [...(hookMemory.found?.warnings ?? []), ...(plan === undefined ? [] : withheldSentences(plan))],
    ...(waiting === undefined ? {} : { waiting }),
  };
}

function sentence(how: Departure["how"], plan: Plan | undefined, left: number): string {
  if (how === "orphan") return "it is being deleted without its objects: they are let go of";
  if (plan === undefined) return "it is being deleted with its objects";
  return `it is being deleted with its objects: ${left} ${left === 1 ? "is" : "are"} still there`;
}

function resourceOf({ ref, stage }: Pick<PlanStep, "ref" | "stage">): ResourceStatus {
  return {
    ref,
    stage,
    sync: "Pending",
    health: NOT_JUDGED,
    changes: [],
    warnings: ["it is deleted with its application"],
  };
}
