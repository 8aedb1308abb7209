import {
  type Action,
  type ApplicationStatus,
  type ErrorCode,
  OUTCOMES,
  type Outcome,
  type PlanSummary,
  type Problem,
  type Ref,
  type StepOutcome,
  type TriggerKind,
} from "../model/index.ts";

/** What became of one object. */
export interface RecordedOutcome {
  readonly ref: Ref;
  readonly action: Action;
  readonly outcome: Outcome;
  readonly code?: ErrorCode;
  readonly message?: string;
}

/** One sync of an application: a pass that wrote something or failed to. */
export interface SyncRecord {
  /** Of the pass. */
  readonly id: number;
  readonly revision?: string;
  readonly author?: string;
  readonly subject?: string;
  readonly trigger: TriggerKind;
  /** The person who asked for it. */
  readonly by?: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly durationMs: number;
  /** Objects by outcome: all of them. */
  readonly outcomes: { readonly [outcome in Outcome]?: number };
  /** What failed first, and at most 100. */
  readonly objects: readonly RecordedOutcome[];
  readonly plan?: PlanSummary;
  readonly problem?: Pick<Problem, "code" | "message" | "where">;
  /** The application was Synced and Healthy with what this sync wrote, then or later. */
  readonly good: boolean;
}

const MOST_OBJECTS = 100;
const LONGEST_MESSAGE = 500;

/** The record of the pass that ended last; undefined where that wrote nothing. */
export function recordOf(status: ApplicationStatus): SyncRecord | undefined {
  const { lastPass: pass, lastSync, source } = status;
  if (pass === undefined || pass.id !== lastSync?.id) return undefined;
  const { id, trigger, by, startedAt, finishedAt, durationMs, revision, plan, problem } = pass;
  const { author, subject } = source;
  return {
    id,
    trigger,
    startedAt,
    finishedAt,
    durationMs,
    outcomes: countOutcomes(pass.outcomes),
    objects: failuresFirst(pass.outcomes).slice(0, MOST_OBJECTS).map(recorded),
    good: isGood(status),
    ...(by === undefined ? {} : { by }),
    ...(revision === undefined ? {} : { revision }),
    ...(author === undefined ? {} : { author }),
    ...(subject === undefined ? {} : { subject: cut(subject) }),
    ...(plan === undefined ? {} : { plan }),
    ...(problem === undefined ? {} : { problem: shortProblem(problem) }),
  };
}

/** Synced and Healthy as a whole. */
export function isGood({ sync, health, problems }: ApplicationStatus): boolean {
  return sync.status === "Synced" && health.status === "Healthy" && problems.length === 0;
}

function countOutcomes(outcomes: readonly StepOutcome[]): SyncRecord["outcomes"] {
  const counted = OUTCOMES.map((outcome) => [outcome, outcomes.filter((one) => one.outcome === outcome).length]);
  return Object.fromEntries(counted.filter(([, count]) => count !== 0));
}

function failuresFirst(outcomes: readonly StepOutcome[]): readonly StepOutcome[] {
  const failed = (one: StepOutcome) => one.problem !== undefined && one.outcome === "failed";
  return [...outcomes.filter(failed), ...outcomes.filter((one) => !failed(one))];
}

function recorded({ ref, action, outcome, problem, message }: StepOutcome): RecordedOutcome {
  const words = problem?.message ?? message;
  return {
    ref,
    action,
    outcome,
    ...(problem === undefined ? {} : { code: problem.code }),
    ...(words === undefined ? {} : { message: cut(words) }),
  };
}

function shortProblem({ code, message, where }: Problem): Pick<Problem, "code" | "message" | "where"> {
  return { code, message: cut(message), ...(where === undefined ? {} : { where }) };
}

function cut(text: string): string {
  return text.length <= LONGEST_MESSAGE ? text : `${text.slice(0, LONGEST_MESSAGE)}...`;
}
