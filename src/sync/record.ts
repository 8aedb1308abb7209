import type { Application, ApplicationStatus, PassStatus, Problem } from "../model/index.ts";
import type { PassResult } from "./pass-input.ts";
import { identityOf, sourceStatus } from "./status.ts";
import type { Trigger } from "./triggers.ts";

const SUSPENDED = "suspended by spec.suspend";

export interface EndedPass {
  readonly id: number;
  readonly trigger: Trigger;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly result: PassResult;
}

export function passStatus({ id, trigger, startedAt, finishedAt, result }: EndedPass): PassStatus {
  const { revision } = result.status.source;
  return {
    id,
    trigger: trigger.kind,
    ...(trigger.by === undefined ? {} : { by: trigger.by }),
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(finishedAt).toISOString(),
    durationMs: finishedAt - startedAt,
    outcomes: result.outcomes.filter(({ outcome }) => outcome !== "unchanged"),
    ...(revision === undefined ? {} : { revision }),
    ...(result.executed === undefined ? {} : { plan: result.executed }),
    ...(result.problem === undefined ? {} : { problem: result.problem }),
  };
}

/** The status that a pass leaves behind: its own findings, and of the passes before it only the last that wrote. */
export function withPass(
  before: ApplicationStatus | undefined,
  {
    status,
    pass,
    nextPassAt,
  }: { readonly status: ApplicationStatus; readonly pass: PassStatus; readonly nextPassAt: number | undefined },
): ApplicationStatus {
  const lastSync = pass.outcomes.length > 0 ? pass : before?.lastSync;
  return {
    ...status,
    lastPass: pass,
    ...(lastSync === undefined ? {} : { lastSync }),
    ...(nextPassAt === undefined ? {} : { nextPassAt: new Date(nextPassAt).toISOString() }),
  };
}

/** In place of a pass while spec.suspend is set: what was known stays, and says why nothing is added to it. */
export function suspendedStatus(application: Application, known: ApplicationStatus | undefined): ApplicationStatus {
  const { nextPassAt: _, ...status } = known ?? firstStatus(application);
  return { ...status, waiting: SUSPENDED };
}

/** What is found in the middle of a pass, with the passes that have ended as they were. */
export function whileRunning(before: ApplicationStatus | undefined, found: ApplicationStatus): ApplicationStatus {
  const { lastPass, lastSync, nextPassAt } = before ?? {};
  return {
    ...found,
    ...(lastPass === undefined ? {} : { lastPass }),
    ...(lastSync === undefined ? {} : { lastSync }),
    ...(nextPassAt === undefined ? {} : { nextPassAt }),
  };
}

export function resultOf(problem: Problem | undefined): "ok" | "failed" | "cancelled" | "superseded" {
  if (problem === undefined) return "ok";
  if (problem.code === "PL-PASS-SUPERSEDED") return "superseded";
  return problem.code === "PL-PASS-CANCELLED" || problem.code === "PL-FENCED" ? "cancelled" : "failed";
}

/** Before the first pass: known, and nothing is known of it. */
export function firstStatus(application: Application): ApplicationStatus {
  const message = application.spec.suspend ? SUSPENDED : "not looked at yet";
  return {
    ...identityOf(application),
    sync: { status: "Unknown", message },
    health: { status: "Unknown", message },
    source: sourceStatus(application),
    resources: [],
    drift: [],
    problems: [],
    warnings: [],
  };
}
