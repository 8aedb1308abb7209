import { nameField } from "../kit/format-field.ts";
import { type FieldChange, formatAuthor, type Json, OUTCOMES, type PassStatus } from "../model/index.ts";

const LONGEST_VALUE = 80;

/** A value for a sentence: JSON, cut where it gets long. */
function shortJson(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}...`;
}

export function shortRevision(revision: string | undefined): string {
  return revision === undefined ? "an unknown revision" : revision.slice(0, 12);
}

/** "spec.replicas 2 -> 5, by kubectl-edit" */
export function describeChange(change: FieldChange): string {
  const { path, desired, live } = change;
  const author = formatAuthor(change);
  const by = author === undefined ? "" : `, ${author}`;
  if (path === "" && live === undefined) return `deleted${by}`;
  return `${nameField(change)} ${shortJson(desired)} -> ${shortJson(live)}${by}`;
}

/** "3 created, 1 pruned at 1a2b3c (webhook, 230 ms)" */
export function describePass({ outcomes, revision, trigger, durationMs }: PassStatus): string {
  const counts = OUTCOMES.map((outcome) => ({
    outcome,
    count: outcomes.filter((one) => one.outcome === outcome).length,
  }))
    .filter(({ count }) => count > 0)
    .map(({ outcome, count }) => `${count} ${outcome}`);
  const done = counts.length === 0 ? "nothing to write" : counts.join(", ");
  return `${done} at ${shortRevision(revision)} (${trigger}, ${Math.round(durationMs)} ms)`;
}
