import type { DriftEpisode } from "./drift-episode.ts";
import type { Problem } from "./error.ts";
import type { FieldChange, LeftField, SyncStatus } from "./field-change.ts";
import type { ApplicationHealth, Health } from "./health.ts";
import type { Pin, Suspension } from "./instructions.ts";
import type { Origin } from "./manifest.ts";
import type { Plan, PlanSummary, StageName, StepOutcome } from "./plan.ts";
import type { Ref } from "./ref.ts";

/** A warning that Kubernetes keeps about an object, or about what it has made. */
export interface ObjectEvent {
  /** About what: the object itself, its Pod, its ReplicaSet. */
  readonly ref: Ref;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  /** RFC 3339. */
  readonly lastSeen?: string;
}

/** Where the last lines of a container's log are. What they say is never read: it may be anything, secrets too. */
export interface LogPlace {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Of the run before: this one has not begun. */
  readonly previous: boolean;
  /** The kubectl command that prints them. */
  readonly command: string;
}

/** What Kubernetes has to say of an object that is waited for in vain. */
export interface Evidence {
  /** RFC 3339: when it was looked for. */
  readonly at: string;
  /** The newest first. */
  readonly events: readonly ObjectEvent[];
  readonly logs: readonly LogPlace[];
}

/** One object of an application, as the last look found it. */
export interface ResourceStatus {
  readonly ref: Ref;
  readonly stage: StageName;
  readonly sync: SyncStatus;
  readonly health: Health;
  readonly changes: readonly FieldChange[];
  /** Sorted by path. Absent where nothing is left to anybody. */
  readonly left?: readonly LeftField[];
  /** Why the verdict stands on ownership and values alone, and which fields may be the server's own spelling: a dry run was forbidden or refused. */
  readonly unconfirmed?: string;
  readonly origin?: Origin;
  readonly problem?: Problem;
  readonly warnings: readonly string[];
  /** What it waits for, before it is sent, after, or before it is healed, in a sentence without the time that has passed. */
  readonly waiting?: string;
  /** RFC 3339: since when; absent where the sentence itself says how long. */
  readonly waitingSince?: string;
  /** Of an object that is waited for longer than most. */
  readonly evidence?: Evidence;
}

/** What Git says, and how old that knowledge is. */
export interface SourceStatus {
  readonly repo: string;
  readonly ref: string;
  readonly path: string;
  /** Of a Helm repository or registry; then the revision is its version. */
  readonly chart?: string;
  /** What is rendered: what the ref leads to, or what is pinned. */
  readonly revision?: string;
  /** What the ref leads to, while something is pinned. */
  readonly newest?: string;
  readonly author?: string;
  readonly subject?: string;
  /** RFC 3339: when the repository last answered. */
  readonly checkedAt?: string;
  /** The repository does not answer: since when (RFC 3339), and why. The revision above stays in force. */
  readonly stale?: { readonly since: string; readonly problem: Problem };
}

export type TriggerKind = "start" | "interval" | "commit" | "webhook" | "manual" | "drift" | "retry" | "config";

export interface PassStatus {
  readonly id: number;
  readonly trigger: TriggerKind;
  /** Who asked for it, where a person did: the name of his token, "local" where there are none. */
  readonly by?: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly durationMs: number;
  readonly revision?: string;
  /** Only steps that did something or failed. */
  readonly outcomes: readonly StepOutcome[];
  /** Of a pass that wrote: what it was about to do. */
  readonly plan?: PlanSummary;
  readonly problem?: Problem;
}

/** Of whom a status is, and under whose rules. */
export interface ApplicationIdentity {
  readonly namespace: string;
  readonly name: string;
  /** The declaration of many that makes it, `<namespace>/<name>`. */
  readonly madeBy?: string;
  /** Its Project, whether it names it or has the one named `default`. Absent: it has none. */
  readonly project?: string;
  /** Name of the cluster that it names. Absent: home. */
  readonly cluster?: string;
  /** `<namespace>/<name>` of whom it is read and written as. Absent: Plumbline itself. */
  readonly serviceAccount?: string;
}

type MayLack = Omit<ApplicationIdentity, "namespace" | "name">;
type IdentityParts = Omit<ApplicationIdentity, keyof MayLack> & {
  readonly [K in keyof MayLack]: MayLack[K] | undefined;
};

/** Exactly the identity out of something that has it, without what is not there. */
export function identityFrom(parts: IdentityParts): ApplicationIdentity {
  const { namespace, name, madeBy, project, cluster, serviceAccount } = parts;
  return {
    ...{ namespace, name },
    ...(madeBy === undefined ? {} : { madeBy }),
    ...(project === undefined ? {} : { project }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(serviceAccount === undefined ? {} : { serviceAccount }),
  };
}

/** Everything that is known of one application. A value: replaced whole, never changed. */
export interface ApplicationStatus extends ApplicationIdentity {
  readonly sync: { readonly status: SyncStatus; readonly message: string };
  readonly health: ApplicationHealth;
  readonly source: SourceStatus;
  /** Rendered in place of what the ref leads to, since somebody said so. */
  readonly pin?: Pin;
  /** Looked at and not written, since somebody said so. */
  readonly suspended?: Suspension;
  readonly resources: readonly ResourceStatus[];
  /** Fields that drift now, foreign ones among them, and those that did within the last five minutes: at most 50 an object. */
  readonly drift: readonly DriftEpisode[];
  readonly plan?: Plan;
  readonly lastPass?: PassStatus;
  /** The last pass that wrote something or failed to. */
  readonly lastSync?: PassStatus;
  /** What is wrong now. Empty when nothing is. */
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
  /** What it waits for, in a sentence without the time that has passed, while it waits. */
  readonly waiting?: string;
  /** RFC 3339: since when; absent where the sentence itself says how long. */
  readonly waitingSince?: string;
  /** Hash of the plan that waits for somebody's approval. */
  readonly awaitsApproval?: string;
  /** RFC 3339: the next pass at the latest. */
  readonly nextPassAt?: string;
}
