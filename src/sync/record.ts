import type { Application, ApplicationStatus, PassStatus, Problem, TriggerKind } from "../model/index.ts";
import type { PassResult } from "./pass-input.ts";
import { sourceStatus } from "./status.ts";

export interface EndedPass {
  readonly id: number;
  readonly trigger: TriggerKind;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly result: PassResult;
}

export function passStatus({ id, trigger, startedAt, finishedAt, result }: EndedPass): PassStatus {
  const { revision } = result.status.source;
  return {
    id,
    trigger,
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(finishedAt).toISOString(),
    durationMs: finishedAt - startedAt,
    outcomes: result.outcomes.filter(({ outcome }) => outcome !== "unchanged"),
    ...(revision === undefined ? {} : { revision }),
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
  }: { readonly status: ApplicationStatus; readonly pass: PassStatus; readonly nextPassAt: number },
): ApplicationStatus {
  const lastSync = pass.outcomes.length > 0 ? pass : before?.lastSync;
  return {
    ...status,
    lastPass: pass,
    ...(lastSync === undefined ? {} : { lastSync }),
    nextPassAt: new Date(nextPassAt).toISOString(),
  };
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

export function resultOf(problem: Problem | undefined): "ok" | "failed" | "cancelled" {
  if (problem === undefined) return "ok";
  return problem.code === "PL-PASS-CANCELLED" ? "cancelled" : "failed";
}

/** Before the first pass: known, and nothing is known of it. */
export function firstStatus(application: Application): ApplicationStatus {
  const { namespace, name } = application.metadata;
  const message = application.spec.suspend ? "suspended by spec.suspend" : "not looked at yet";
  return {
    namespace,
    name,
    sync: { status: "Unknown", message },
    health: { status: "Unknown", message },
    source: sourceStatus(application, undefined, undefined),
    resources: [],
    problems: [],
    warnings: [],
  };
}
