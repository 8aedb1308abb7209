import type { Operation } from "fast-json-patch";
import type { Clusters } from "../cluster/index.ts";
import type { Sides } from "../diff/index.ts";
import type {
  Application,
  ApplicationStatus,
  ClusterStatus,
  FleetStatus,
  IgnoreRule,
  Log,
  Manifest,
  PassStatus,
  Plan,
  Problem,
  ResourceStatus,
  TriggerKind,
} from "../model/index.ts";
import type { QueueFactory } from "../queue/index.ts";
import type { Renderer } from "../render/index.ts";
import type { Division } from "../replicas/index.ts";
import type { History, Metrics, ReportStore } from "../report/index.ts";
import type { SourceStore } from "../source/index.ts";
import type { Declarer } from "./declarers.ts";
import type { InstructionControl, RolledBack } from "./instruction-control.ts";
import type { KeptApplications } from "./kept-applications.ts";
import type { Neighbour, Neighbours } from "./neighbours.ts";
import type { Preview, PreviewRequest } from "./proposed.ts";
import type { SourceName } from "./source-names.ts";
import type { KnownProjects, ProjectStatus } from "./tenancy.ts";
import type { SyncRequest } from "./triggers.ts";

export interface SyncSettings {
  readonly clusters: Clusters;
  readonly source: SourceStore;
  readonly renderer: Renderer;
  readonly report: ReportStore;
  /** Absent: in memory, for as long as the process lives. */
  readonly history?: History;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Rules of what is left to others that hold for every application. */
  readonly ignore?: readonly IgnoreRule[];
  /** Where the ApplySet parents live. Default "plumbline-system". */
  readonly inventoryNamespace?: string;
  /** Applications without a Project do nothing. Default: they may do everything. */
  readonly requireProjects?: boolean;
  /** Which applications are this process's to work on. Default: all of them. */
  readonly division?: Division;
  /** What of the clusters is kept, where there is a division: the one that their clients were given. Default: everything. */
  readonly kept?: KeptApplications;
  /** The other processes that work on applications. Default: none. */
  readonly neighbours?: Neighbours;
  /** Passes at once. Default 64. */
  readonly concurrency?: number;
  /** Default: in this process. */
  readonly queue?: QueueFactory;
  /** What is waited for longer than this, in milliseconds, is looked at more closely. Default 30,000. */
  readonly longWaitMs?: number;
  /** Share of the interval by which it is moved at random, 0 to 1. Default 0.1. */
  readonly jitter?: number;
  readonly now?: () => number;
  readonly random?: () => number;
}

/** What a delivery says: a repository under any of its URLs, and perhaps which ref and revision. */
export interface Delivery {
  readonly urls: readonly string[];
  readonly ref?: string;
  readonly revision?: string;
}

/** Repositories of Git and charts that are followed. */
export interface PolledCounts {
  /** This process asks them itself, with replicas for all. */
  readonly own: number;
  /** Another replica asks them. */
  readonly others: number;
}

/** What Git wants of the cluster, fit to be shown: values of Secrets are masked, in the notes too. */
export interface Rendered {
  /** Of the manifests: the newest, or the last whole one while the newest is broken. */
  readonly revision: string;
  /** As the files say it: namespaces that the destination gives are not filled in. */
  readonly manifests: readonly Manifest[];
  /** What is wrong with the newest revision, where these are those of an older one. */
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
  /** A chart's NOTES.txt. */
  readonly notes?: string;
}

/** An object that differs from Git, or in which a field is left to somebody, with both sides of what a sync would do to it. */
export interface Difference {
  readonly resource: ResourceStatus;
  /** Worked out when asked; fit to be shown: values of Secrets are masked. */
  sides(): Sides;
  /** RFC 6902, of the one side to the other. */
  patch(): readonly Operation[];
}

export interface PlanLook {
  readonly signal?: AbortSignal;
  /** As it is for a sync with allowPrune. */
  readonly allowPrune?: boolean;
}

/** All that the API may ask of the loop. */
export interface SyncControl {
  applications(): readonly Application[];
  application(name: string): Application | undefined;
  /** Declarations of many, and what they make. */
  readonly fleets: { statuses(): readonly FleetStatus[] };
  /** What applications may do, and which of them may not do what they say. */
  projects(): readonly ProjectStatus[];
  /** Asks for a pass that writes even where sync.auto or selfHeal is off; polls the repository first. Resolves with the id of the pass that will do it, or undefined for an unknown name. */
  sync(name: string, request?: SyncRequest): Promise<number | undefined>;
  /** What people say of an application beside its declaration. */
  readonly instructions: InstructionControl;
  /** Resolves when a pass with this id or a later one has ended. Errors: the signal's reason. */
  passEnded(name: string, id: number, signal: AbortSignal): Promise<ApplicationStatus>;
  /** Computes the plan now, writing nothing. Errors: PlumblineError of the step that failed. */
  plan(name: string, looking?: PlanLook): Promise<Plan>;
  /** The plan of a branch, tag, commit or version that is not in force. Errors: as `plan`, PL-GIT-REF-MISSING. */
  preview(name: string, request: PreviewRequest, signal?: AbortSignal): Promise<Preview>;
  /** Compares now, writing nothing. Errors: as `rendered`. */
  differences(name: string, signal?: AbortSignal): Promise<readonly Difference[]>;
  /** Renders what is in force now; no pass, and nothing is written. Errors: PlumblineError of the step that failed, or of the newest revision where no whole one is known. */
  rendered(name: string, signal?: AbortSignal): Promise<Rendered>;
  /** Polls the repositories that are meant. Answers at once with the names of the applications that use them. */
  delivered(delivery: Delivery): readonly string[];
  /** Another replica, which asks a repository for all, was told something new: whatever is made of it here looks at it. */
  moved(source: SourceName): void;
  /** Deletes an application that nobody declares any more; asked once, it goes on across restarts. Errors: PL-API-NOT-FOUND, PL-DECLARED, PL-KUBE-*. */
  remove(name: string, how: "prune" | "orphan"): Promise<void>;
  /** Every cluster there is, home first. */
  clusters(): readonly ClusterStatus[];
  readiness(): { readonly ready: boolean; readonly problems: readonly Problem[] };
}

export interface Sync extends SyncControl {
  /** `onChange`: called when one of them may make something else, or when something else is wrong with it. */
  readonly fleets: SyncControl["fleets"] & { onChange(listen: () => void): void };
  /** The same with one who could not take any of them back: missing ones are forgotten, and nothing becomes of their objects. */
  setApplications(applications: readonly Application[]): void;
  /**
   * Replaces the whole set: new ones start, changed ones pass again. This is also how an application ends that nobody wants any more: say so by no longer
   * naming it. What becomes of its objects follows from its parent in the cluster, under the guards of decision 0027.
   */
  setDeclarers(declarers: readonly Declarer[]): void;
  /** Replaces all Projects; whoever may do something else now passes again. Never called: there are none. */
  setProjects(known: KnownProjects): void;
  /** Called with the name of each application that was deleted, or declaration of many, when nothing of it is left. */
  onEnded(listen: (name: string) => void): void;
  trigger(name: string, kind: TriggerKind): void;
  /** Who polls what is followed. */
  repositories(): PolledCounts;
  /** What other processes may ask of this one. */
  readonly neighbour: Neighbour;
  start(): Promise<void>;
  /** Ends running passes at their next safe point and resolves when none runs. */
  stop(): Promise<void>;
}

export type { ApplicationStatus, InstructionControl, PassStatus, RolledBack, SyncRequest };
