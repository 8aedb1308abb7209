import type { TriggerKind } from "../model/index.ts";
import type { Rank } from "../queue/index.ts";

/** What a person asks for with a sync. */
export interface SyncRequest {
  /** Who asks, as the API knows him. */
  readonly by?: string;
  /** Lifts, for this one pass, the guards of deletion that a person may lift. */
  readonly allowPrune?: boolean;
  /** The plan's hash, as it was shown: where the plan is another one by then, nothing is done. */
  readonly plan?: string;
}

/** What asks for a pass. Lives until that pass begins. */
export interface Trigger extends SyncRequest {
  readonly kind: TriggerKind;
}

/** From the weakest to the strongest: of triggers that wait together the strongest names the pass. */
const STRENGTH: readonly TriggerKind[] = [
  "retry",
  "interval",
  "start",
  "drift",
  "config",
  "commit",
  "webhook",
  "manual",
];

/** One pass for both: named by the stronger (the later of two alike), allowed what either of them was. */
export function joined(waiting: Trigger, added: Trigger): Trigger {
  const stronger = STRENGTH.indexOf(added.kind) >= STRENGTH.indexOf(waiting.kind) ? added : waiting;
  const allowPrune = waiting.allowPrune === true || added.allowPrune === true;
  const plan = stronger.plan ?? waiting.plan ?? added.plan;
  return { ...stronger, ...(allowPrune && { allowPrune }), ...(plan !== undefined && { plan }) };
}

/** Somebody waits for it: a commit, a person; or the cluster has moved; or it is only looked at again, and stands behind, however long its line is. */
export function rankOf({ kind }: Trigger): Rank {
  if (kind === "drift") return 1;
  return STRENGTH.indexOf(kind) > STRENGTH.indexOf("drift") ? 0 : 2;
}

/** Of a pass that another process has asked for, nothing is known but how much it hurries. */
export function unasked(rank: Rank): Trigger {
  return { kind: (["webhook", "drift", "interval"] as const)[rank] };
}

/** Why a pass that only waits must not be waited for, in words that fit behind "since"; undefined where it need not end. */
export function newerThanAny({ kind, by }: Trigger): string | undefined {
  if (kind === "config") return "what is declared or told of the application has changed";
  return kind === "manual" ? `a sync was asked for${by === undefined ? "" : ` by ${by}`}` : undefined;
}
