import type { ApplicationStatus, PassStatus, Problem, Ref } from "../model/index.ts";
import { driftBegun, driftEnded } from "./drift-events.ts";
import { describePass, shortRevision } from "./event-text.ts";
import { instructionEvents } from "./instruction-events.ts";
import { short } from "./instruction-text.ts";
import type { ReportEvent } from "./types.ts";

/** What an event says; who it is about and when is added by the store. */
export type EventDraft = Pick<ReportEvent, "type" | "reason" | "message" | "ref" | "code">;

export interface Change {
  /** Absent for the first status of an application. */
  readonly before: ApplicationStatus | undefined;
  readonly after: ApplicationStatus;
}

/** Of one reason in one change: a namespace deleted by hand must not fill the log alone. */
const MOST_ALIKE = 20;

const normal = (reason: string, message: string, ref?: Ref): EventDraft =>
  ref === undefined ? { type: "Normal", reason, message } : { type: "Normal", reason, message, ref };

const failed = ({ code, message, where }: Problem, ref?: Ref): EventDraft => ({
  type: "Warning",
  reason: "Failed",
  message: where === undefined || ref !== undefined ? message : `${where}: ${message}`,
  code,
  ...(ref === undefined ? {} : { ref }),
});

/** The events that follow from one status taking another's place, in the order in which a reader would tell them. */
export function eventsOf(change: Change): EventDraft[] {
  const { drift: driftBefore = [] } = change.before ?? {};
  const { drift: driftAfter } = change.after;
  return [
    ...instructionEvents(change),
    ...sourceEvents(change),
    ...driftBegun(driftBefore, driftAfter).flatMap(bounded),
    ...supersededEvents(change),
    ...passEvents(change),
    ...problemEvents(change),
    ...driftEnded(driftBefore, driftAfter).flatMap(bounded),
    ...syncEvents(change),
    ...approvalEvents(change),
    ...healthEvents(change),
  ];
}

/** The pass that wrote last, where it is another than before. */
function newSync({ before, after }: Change): PassStatus | undefined {
  return after.lastSync !== undefined && after.lastSync.id !== before?.lastSync?.id ? after.lastSync : undefined;
}

/** The first of them, and one that says how many more there were. */
function bounded(drafts: readonly EventDraft[]): readonly EventDraft[] {
  const first = drafts[0];
  if (first === undefined || drafts.length <= MOST_ALIKE) return drafts;
  const { type, reason } = first;
  const rest = { type, reason, message: `and ${drafts.length - MOST_ALIKE} more of the same kind` };
  return [...drafts.slice(0, MOST_ALIKE), rest];
}

function sourceEvents({ before, after }: Change): EventDraft[] {
  const events: EventDraft[] = [];
  const { revision, newest, stale, ref, subject, author } = after.source;
  const was = before?.source;
  if (stale !== undefined && was?.stale === undefined) {
    const message = `${stale.problem.message}; ${shortRevision(revision)} stays in force`;
    events.push({ type: "Warning", reason: "SourceStale", message, code: stale.problem.code });
  }
  if (stale === undefined && was?.stale !== undefined) {
    events.push(normal("SourceBack", `the repository answers again; it was away since ${was.stale.since}`));
  }
  if (after.pin !== undefined && newest !== undefined && was?.newest !== undefined && newest !== was.newest) {
    events.push(normal("Revision", `${ref} is at ${short(newest)}, and ${short(after.pin.revision)} stays pinned`));
  }
  const pinMoved = after.pin?.revision !== before?.pin?.revision;
  if (revision !== undefined && was?.revision !== undefined && revision !== was.revision && !pinMoved) {
    const what = subject === undefined ? "" : `: ${subject}`;
    const who = author === undefined ? "" : ` (${author})`;
    events.push(normal("Revision", `${ref} is at ${shortRevision(revision)}${what}${who}`));
  }
  return events;
}

/** It made way for what is newer: no failure, and the next pass tells of the rest. */
function isSuperseded({ problem }: PassStatus): boolean {
  return problem?.code === "PL-PASS-SUPERSEDED";
}

function supersededEvents({ before, after: { lastPass } }: Change): EventDraft[] {
  const isNew = lastPass !== undefined && lastPass.id !== before?.lastPass?.id && isSuperseded(lastPass);
  return isNew ? [{ ...normal("Superseded", lastPass.problem?.message ?? ""), code: "PL-PASS-SUPERSEDED" }] : [];
}

function passEvents(change: Change): EventDraft[] {
  const pass = newSync(change);
  if (pass === undefined) return [];
  const pruned = pass.outcomes.filter(({ outcome }) => outcome === "pruned");
  const failures = pass.outcomes.filter(({ outcome }) => outcome === "failed");
  const whole = failures.length === 0 && pass.problem === undefined;
  return [
    ...bounded(pruned.map(({ ref, message }) => normal("Pruned", message ?? "removed in Git", ref))),
    ...bounded(failures.flatMap(({ ref, problem }) => (problem === undefined ? [] : [failed(problem, ref)]))),
    {
      ...normal(whole ? "Applied" : "PartlyApplied", describePass(pass)),
      type: whole || isSuperseded(pass) ? "Normal" : "Warning",
    },
  ];
}

/** One problem is the same while its code and place stay; its sentence may hold numbers that move. */
function problemKey({ code, where }: Problem): string {
  return `${code} ${where ?? ""}`;
}

/** Problems of single objects are told by the pass that met them. */
function problemEvents(change: Change): EventDraft[] {
  const { before, after } = change;
  const told = new Set(before?.problems.map(problemKey));
  for (const { problem } of newSync(change)?.outcomes ?? []) if (problem !== undefined) told.add(problemKey(problem));
  const fresh = after.problems.filter((problem) => !told.has(problemKey(problem)));
  const first = before?.problems[0];
  if (after.problems.length > 0 || first === undefined) return [...bounded(fresh.map((problem) => failed(problem)))];
  return [normal("Recovered", `nothing is wrong any more; it was ${first.code}`)];
}

function syncEvents({ before, after }: Change): EventDraft[] {
  const { status, message } = after.sync;
  if (before === undefined || before.sync.status === status) return [];
  // Drifted and Diverged were told field by field, and what Unknown hides stands among the problems.
  return status === "Synced" || status === "Pending" ? [normal(status, message)] : [];
}

function approvalEvents({ before, after }: Change): EventDraft[] {
  if (after.awaitsApproval === undefined || after.awaitsApproval === before?.awaitsApproval) return [];
  return [normal("ApprovalNeeded", after.waiting ?? `waits for approval of plan ${after.awaitsApproval}`)];
}

function healthEvents({ before, after }: Change): EventDraft[] {
  const { status, message, decidedBy } = after.health;
  if (before === undefined || before.health.status === status) return [];
  const draft = normal("HealthChanged", `${before.health.status} -> ${status}: ${message}`, decidedBy);
  return [status === "Degraded" || status === "Missing" ? { ...draft, type: "Warning" } : draft];
}
