import type { ApplicationStatus, ChangeClass, DriftEpisode, HealthStatus, Ref, SyncStatus } from "../model/index.ts";

export interface Page<T> {
  readonly items: readonly T[];
  /** Give it back as `continue` to get the next page; absent on the last. */
  readonly next?: string;
  /** All that fit the filter, on this page and on the others. */
  readonly total: number;
}

export interface ApplicationFilter {
  readonly sync?: SyncStatus;
  readonly health?: HealthStatus;
  readonly namespace?: string;
  /** Which applications may be seen at all (a token limited to globs). */
  readonly visible?: (name: string) => boolean;
  readonly limit?: number;
  readonly continue?: string;
}

/** One drifted field of the fleet, now or lately. */
export interface DriftItem extends DriftEpisode {
  readonly application: string;
  /** open: it differs now. */
  readonly state: "open" | "ended";
}

export interface DriftFilter extends Pick<ApplicationFilter, "visible" | "limit" | "continue"> {
  readonly application?: string;
  readonly class?: ChangeClass;
  /** Default open. */
  readonly state?: DriftItem["state"] | "all";
}

export interface ReportEvent {
  /** Rises with each event: the time in microseconds, or one more than the event before has. */
  readonly id: number;
  readonly time: string;
  readonly application: string;
  readonly type: "Normal" | "Warning";
  /** One word: Synced, DriftFound, Healed, Applied, Pruned, Failed, SourceStale, ... */
  readonly reason: string;
  readonly message: string;
  readonly ref?: Ref;
  readonly code?: string;
}

export interface EventFilter {
  readonly application?: string;
  readonly limit?: number;
  readonly continue?: string;
}

/** The fleet in numbers, as the gauges show it. */
export interface FleetCounts {
  readonly applications: readonly {
    readonly sync: SyncStatus;
    readonly health: HealthStatus;
    readonly count: number;
  }[];
  /** Applications with at least one field of class drift or conflict. */
  readonly driftedApplications: number;
  readonly fields: Readonly<Record<"drift" | "conflict" | "foreign", number>>;
  /** Applications for which another revision is rendered than the ref leads to, since somebody said so. */
  readonly pinned: number;
  /** Applications that are not written, since somebody said so. */
  readonly suspended: number;
  /** Fields that somebody keeps changing back. */
  readonly fights: number;
  /** Applications whose plan waits for an approval. */
  readonly awaitingApproval: number;
  /** Applications whose repository does not answer. */
  readonly stale: number;
  /** Milliseconds since the pass that is waited for longest should have begun; 0 where none is late. */
  readonly latestMs: number;
}

/** What happened, kept in memory: the last status of each application, who drifted, the last events. */
export interface ReportStore {
  /** Replaces the status. Notes drift episodes and events that follow from the change. */
  put(status: ApplicationStatus): void;
  /** Puts what names an application's state in newer words, as the same state at a newer revision: listeners hear of it, and no event is made of it. */
  restate(status: ApplicationStatus): void;
  remove(application: string): void;
  get(application: string): ApplicationStatus | undefined;
  /** Sorted by namespace, then name. Errors: PL-API-BAD-REQUEST for a token that this store did not give; so do drift and events. */
  list(filter?: ApplicationFilter): Page<ApplicationStatus>;
  /** Fields of class drift, conflict and foreign, unless the filter names one: those that differ now by application, object and path, then those
   *  that ended, the newest first. */
  drift(filter?: DriftFilter): Page<DriftItem>;
  event(event: Omit<ReportEvent, "id" | "time">): void;
  /** The newest first. */
  events(filter?: EventFilter): Page<ReportEvent>;
  fleet(): FleetCounts;
  /** Called after each change of an application's status (undefined: removed). */
  onChange(listener: (application: string, status: ApplicationStatus | undefined) => void): () => void;
  onEvent(listener: (event: ReportEvent) => void): () => void;
}
