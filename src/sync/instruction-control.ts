import type { Pin } from "../model/index.ts";
import type { SyncRecord } from "../report/index.ts";

/** What a person says with an instruction. */
export interface Saying {
  readonly reason: string;
  /** Who says it, as the API knows him. */
  readonly by: string;
  /** Milliseconds after which it is over; absent: when somebody takes it back. */
  readonly forMs?: number;
}

export interface RollbackRequest extends Saying {
  /** A commit (all of its id, or the beginning where the history knows the rest), a branch or a tag; of a chart a version. Absent: the last one
   *  before the current one with which the application was Synced and Healthy. */
  readonly revision?: string;
  /** What other processes know of its syncs. */
  readonly elsewhere?: RecordsElsewhere;
}

export interface RecordsElsewhere {
  readonly records: readonly SyncRecord[];
  /** Who may know more and does not answer. */
  readonly away: readonly string[];
}

export interface RolledBack {
  /** The pass that does it. */
  readonly pass: number;
  readonly pin: Pin;
}

/**
 * What people may tell Plumbline of one application: it is written onto the ApplySet parent, and looked at with the next pass, whose
 * id is the answer. Errors: PL-API-NOT-FOUND, PL-OBSERVE-ONLY, PL-INSTRUCTION-ABSENT, PL-KUBE-* (PL-KUBE-FORBIDDEN where the parent may not be written).
 */
export interface InstructionControl {
  /** No pass writes from now on. */
  suspend(name: string, saying: Saying): Promise<number>;
  resume(name: string, by: string): Promise<number>;
  /** Exactly the plan with this hash may be done. Errors: also PL-APPROVE-MOVED, PL-APPROVE-UNASKED, and those of a plan. */
  approve(name: string, plan: string, by: string): Promise<number>;
  /** Pins to a revision, and syncs. Errors beside those above: PL-ROLLBACK-TARGET; PL-GIT-*, PL-CHART-* and PL-PATH-MISSING where that revision cannot be had. */
  rollback(name: string, request: RollbackRequest): Promise<RolledBack>;
  unpin(name: string, by: string): Promise<number>;
}
