import {
  type ApplicationStatus,
  formatRef,
  isDifference,
  type PassStatus,
  type Problem,
  type Ref,
} from "../model/index.ts";
import type { DriftEpisode } from "./drift-episodes.ts";
import { describeChange, describePass, fieldName, shortRevision } from "./event-text.ts";
import type { ReportEvent } from "./types.ts";

/** What an event says; who it is about and when is added by the store. */
export type EventDraft = Pick<ReportEvent, "type" | "reason" | "message" | "ref" | "code">;

export interface Change {
  /** Absent for the first status of an application. */
  readonly before: ApplicationStatus | undefined;
  readonly after: ApplicationStatus;
  readonly driftBefore: readonly DriftEpisode[];
  readonly driftAfter: readonly DriftEpisode[];
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
  return [
    ...sourceEvents(change),
    ...driftFound(change),
    ...passEvents(change),
    ...problemEvents(change),
    ...driftGone(change),
    ...syncEvents(change),
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
  const { revision, stale, ref, subject, author } = after.source;
  const was = before?.source;
  if (stale !== undefined && was?.stale === undefined) {
    const message = `${stale.problem.message}; ${shortRevision(revision)} stays in force`;
    events.push({ type: "Warning", reason: "SourceStale", message, code: stale.problem.code });
  }
  if (stale === undefined && was?.stale !== undefined) {
    events.push(normal("SourceBack", `the repository answers again; it was away since ${was.stale.since}`));
  }
  if (revision !== undefined && was?.revision !== undefined && revision !== was.revision) {
    const what = subject === undefined ? "" : `: ${subject}`;
    const who = author === undefined ? "" : ` (${author})`;
    events.push(normal("Revision", `${ref} is at ${shortRevision(revision)}${what}${who}`));
  }
  return events;
}

function driftFound({ driftBefore, driftAfter }: Change): EventDraft[] {
  const known = new Set(driftBefore.map(({ key }) => key));
  const found = driftAfter.filter(({ key }) => !known.has(key));
  const drift = found.filter(({ item }) => isDifference(item.change));
  const foreign = found.filter(({ item }) => !isDifference(item.change));
  return [
    ...bounded(
      drift.map(({ item: { ref, change } }) => ({
        ...normal("DriftFound", describeChange(change), ref),
        type: "Warning",
      })),
    ),
    ...bounded(foreign.map(({ item: { ref, change } }) => normal("ForeignField", describeChange(change), ref))),
  ];
}

/** A field that no longer drifts was healed where our last pass wrote its object; otherwise somebody else put it right, or Git took it over. */
function driftGone(change: Change): EventDraft[] {
  const { driftBefore, driftAfter } = change;
  const still = new Set(driftAfter.map(({ key }) => key));
  const written = new Set(
    newSync(change)
      ?.outcomes.filter(({ outcome }) => outcome === "created" || outcome === "configured" || outcome === "adopted")
      .map(({ ref }) => formatRef(ref)),
  );
  const gone = driftBefore.filter(({ item, key }) => isDifference(item.change) && !still.has(key));
  return [
    ...bounded(
      gone
        .filter(({ item }) => written.has(formatRef(item.ref)))
        .map(({ item: { ref, change: field } }) =>
          normal("Healed", `${fieldName(field)} is as Git wants it again`, ref),
        ),
    ),
    ...bounded(
      gone
        .filter(({ item }) => !written.has(formatRef(item.ref)))
        .map(({ item: { ref, change: field } }) =>
          normal("DriftGone", `${fieldName(field)} differs no more, and not by our hand`, ref),
        ),
    ),
  ];
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
    { ...normal(whole ? "Applied" : "PartlyApplied", describePass(pass)), type: whole ? "Normal" : "Warning" },
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

function healthEvents({ before, after }: Change): EventDraft[] {
  const { status, message, decidedBy } = after.health;
  if (before === undefined || before.health.status === status) return [];
  const draft = normal("HealthChanged", `${before.health.status} -> ${status}: ${message}`, decidedBy);
  return [status === "Degraded" || status === "Missing" ? { ...draft, type: "Warning" } : draft];
}
