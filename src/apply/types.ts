import type { Cluster } from "../cluster/index.ts";
import type { Takeover, VersionedPatch } from "../diff/index.ts";
import type { BelowReason, HealthRules } from "../health/index.ts";
import type {
  HookRecord,
  KubeObject,
  LiveObject,
  Log,
  Plan,
  Problem,
  Ref,
  SchemaNode,
  StageName,
  StepOutcome,
} from "../model/index.ts";
import type { Fence } from "./fence.ts";

export interface ApplyInput {
  readonly plan: Plan;
  /** What is sent for each step that writes, by refKey. */
  readonly objects: ReadonlyMap<string, KubeObject>;
  /** Sent before the apply, by refKey: JSON patches that do what an apply cannot. */
  readonly patches?: ReadonlyMap<string, VersionedPatch>;
  /** How an object that is adopted becomes ours, as it is now; undefined where nobody's older manifest is on it. */
  readonly takeover?: (ref: Ref, live: LiveObject, schema: SchemaNode) => Takeover | undefined;
  readonly cluster: Cluster;
  /** Of this replica and its term, where more than one may write: then the parent is taken first, and read before each stage. */
  readonly token?: string | undefined;
  /** Cuts what is in flight; what was not done is `skipped`. */
  readonly signal: AbortSignal;
  /** Its reason a PlumblineError. Nothing new is started, what is in flight ends, what waits ends; the rest is `skipped` with that reason. */
  readonly ending?: AbortSignal;
  /** How long what others wait for may take to be healthy, and how long a hook may take from its creation. Neither: the signal alone. */
  readonly deadlines?: { readonly waveMs?: number; readonly hookMs?: number };
  /** At once. Default 32. */
  readonly concurrency?: number;
  readonly log: Log;
  /** The user's rules of health: waves wait for what they say. */
  readonly rules?: HealthRules | undefined;
  /** What keeps a workload's Pods, where somebody knows. Asked again and again while a wave waits. Errors: the signal's reason. */
  readonly reasonFor?: (live: LiveObject) => Promise<BelowReason | undefined>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** One object waits, before it is sent or after. Told again whenever the message changes. */
export interface Waiting {
  readonly type: "waiting";
  readonly ref: Ref;
  readonly stage: StageName;
  /** With numbers, and without the time that has passed: "waits for Deployment shop/db: 1/3 replicas available". */
  readonly message: string;
  /** Milliseconds since the epoch: since when what it waits for is waited for. */
  readonly since: number;
  /** The object that it waits for, where that is another one than itself: the one to look at when the wait gets long. */
  readonly on?: Ref;
}

/** Progress, in the order in which it happens. */
export type ApplyEvent =
  | {
      readonly type: "step";
      readonly outcome: StepOutcome /** The server's answer, for writes. */;
      readonly live?: LiveObject;
    }
  | Waiting
  /** What was told to wait waits no more: it was begun, is healthy, has ended, or was given up. */
  | { readonly type: "arrived"; readonly ref: Ref }
  | { readonly type: "inventory"; readonly phase: "before" | "after" };

export interface ApplySummary {
  readonly outcomes: readonly StepOutcome[];
  /** Every step done and every prune gone: the parent was narrowed and carries the set's hash; of a deleted application the parent is gone. */
  readonly whole: boolean;
  readonly problem?: Problem;
}

/** One execution of a plan: what was done so far, and whom to tell. */
export interface Run extends ApplyInput {
  readonly emit: (event: ApplyEvent) => void;
  readonly outcomes: StepOutcome[];
  /** Where there is a token. */
  readonly fence?: Fence;
  /** Which phases of hooks are over, as the parent says it by now. */
  readonly hooks: { record: HookRecord | undefined };
}
