import type { Json } from "./json.ts";

/** drift: live moved, Git did not. pending: Git moved, live did not. conflict: both moved.
 *  foreign: another manager's field that Git does not mention. */
export type ChangeClass = "drift" | "pending" | "conflict" | "foreign";

/** One writer of an object, as managedFields has it. */
export interface FieldAuthor {
  /** At most 128 printable characters; absent where the server remembers nobody. */
  readonly manager?: string;
  readonly operation?: "Apply" | "Update";
  readonly subresource?: string;
  /** RFC 3339. Absent for what came through /scale: the server keeps no time for it. */
  readonly time?: string;
}

/**
 * One field that is not as Git wants it, or that Git knows nothing of, with the author: who took the field last. Nobody is named where the field
 * was removed (the server then forgets whose it was), where only the order of a list differs (nobody's field), and where the whole object is gone.
 * Values of Secrets are masked before they come here.
 */
export interface FieldChange extends FieldAuthor {
  /** For people: JSON pointer with list items by merge key, `/spec/template/spec/containers[name=web]/image`. "" is the whole object. */
  readonly path: string;
  /** RFC 6901, by position in live (in the manifest where live lacks the item). */
  readonly pointer: string;
  /** Absent: Git does not want the field. */
  readonly desired?: Json;
  /** Absent: the cluster does not have it. */
  readonly live?: Json;
  /** What we applied last, where that is known. */
  readonly base?: Json;
  readonly class: ChangeClass;
  /** Others that have the field too, with the same value; the newest first, at most eight. */
  readonly coOwners?: readonly FieldAuthor[];
  /** Where nobody is named: who wrote the object since our last apply, the newest first, at most eight. Likely, never certain. */
  readonly likely?: readonly FieldAuthor[];
  /** Of a foreign field: it counts as drift (spec.foreign), and with prune it is removed on heal. Absent: it is only reported. */
  readonly policy?: "count" | "prune";
}

/** A field that is left to somebody else: it counts as no difference, and no apply changes it. Values of Secrets are masked before they come here. */
export interface LeftField extends Pick<FieldChange, "path" | "pointer" | "desired" | "live"> {
  /** Who has it, or will: "HorizontalPodAutoscaler web", a field manager, "whoever takes it". */
  readonly to: string;
  readonly reason: string;
  /** Where the rule stands. */
  readonly source: LeftSource;
}

export type LeftSource = "application" | "settings" | "annotation" | "built-in";

/** Everything but a field of others that is only reported. */
export function isDifference({ class: kind, policy }: Pick<FieldChange, "class" | "policy">): boolean {
  return kind !== "foreign" || policy !== undefined;
}

export type SyncStatus = "Synced" | "Pending" | "Drifted" | "Diverged" | "Unknown";

/** What a set of field changes means for the object, or the application, that has them. */
export function syncStatusOf(changes: Iterable<Pick<FieldChange, "class" | "policy">>): SyncStatus {
  let pending = false;
  let drifted = false;
  for (const { class: one, policy } of changes) {
    if (one === "pending" || one === "conflict") pending = true;
    if (one === "drift" || one === "conflict" || policy !== undefined) drifted = true;
  }
  if (pending && drifted) return "Diverged";
  if (pending) return "Pending";
  return drifted ? "Drifted" : "Synced";
}
