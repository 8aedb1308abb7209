import {
  type ApplicationIdentity,
  type ApplicationStatus,
  type ChangeClass,
  type FieldChange,
  type HealthStatus,
  identityFrom,
  type LeftField,
  type Origin,
  type Pin,
  type Problem,
  type Ref,
  type ResourceStatus,
  type Suspension,
  type SyncStatus,
} from "../model/index.ts";
import { timedSentence } from "./waiting.ts";

/** Fields by class. */
type ChangeCounts = Readonly<Record<ChangeClass, number>>;

/** An application in a list: about half a kilobyte of JSON, however large the application is. */
interface ApplicationSummary extends ApplicationIdentity {
  readonly sync: { readonly status: SyncStatus; readonly message: string };
  readonly health: { readonly status: HealthStatus; readonly message: string };
  readonly source: Pick<ApplicationStatus["source"], "repo" | "ref" | "path" | "chart" | "revision" | "newest">;
  readonly pin?: Pin;
  readonly suspended?: Suspension;
  /** The repository does not answer: the revision above is the last good one. */
  readonly stale: boolean;
  readonly objects: number;
  readonly changes: ChangeCounts;
  /** RFC 3339: the end of the last pass that wrote something or failed to. */
  readonly lastSyncAt?: string;
  /** The first of what is wrong now. */
  readonly problem?: Pick<Problem, "code" | "message" | "where">;
  /** With the time that has passed. */
  readonly waiting?: string;
  readonly waitingSince?: string;
}

/** All of an application but its objects, its drift and its plan, which have pages of their own. */
type ApplicationDetail = Omit<ApplicationStatus, "resources" | "drift" | "plan"> & {
  readonly objects: number;
  readonly changes: ChangeCounts;
};

/** An object in a list: its field changes counted. */
type ResourceView = Omit<ResourceStatus, "changes"> & { readonly changes: ChangeCounts };

/** An object that is not as Git wants it, that has fields of others, or in which a field is left to somebody. */
interface ResourceChanges {
  readonly ref: Ref;
  readonly sync: SyncStatus;
  readonly origin?: Origin;
  readonly changes: readonly FieldChange[];
  readonly left?: readonly LeftField[];
  readonly unconfirmed?: string;
}

function countChanges(resources: readonly Pick<ResourceStatus, "changes">[]): ChangeCounts {
  const counts: Record<ChangeClass, number> = { drift: 0, pending: 0, conflict: 0, foreign: 0 };
  for (const { changes } of resources) for (const change of changes) counts[change.class]++;
  return counts;
}

/** What waits, with the time that has passed by `now` (milliseconds since the epoch). */
function waitOf({ waiting, waitingSince }: Waits, now: number): Waits {
  if (waiting === undefined) return {};
  const sentence = timedSentence(waiting, waitingSince, now);
  return { waiting: sentence, ...(waitingSince === undefined ? {} : { waitingSince }) };
}

type Waits = Pick<ApplicationStatus, "waiting" | "waitingSince">;

export function summaryView(status: ApplicationStatus, now: number): ApplicationSummary {
  const { sync, health, resources, lastSync, pin, suspended } = status;
  const { repo, ref, path, chart, revision, newest, stale } = status.source;
  const problem = status.problems[0];
  return {
    ...identityFrom(status),
    sync,
    health: { status: health.status, message: health.message },
    source: {
      repo,
      ref,
      path,
      ...(chart === undefined ? {} : { chart }),
      ...(revision === undefined ? {} : { revision }),
      ...(newest === undefined ? {} : { newest }),
    },
    ...(pin === undefined ? {} : { pin }),
    ...(suspended === undefined ? {} : { suspended }),
    stale: stale !== undefined,
    objects: resources.length,
    changes: countChanges(resources),
    ...(lastSync === undefined ? {} : { lastSyncAt: lastSync.finishedAt }),
    ...(problem === undefined ? {} : { problem }),
    ...waitOf(status, now),
  };
}

export function detailView(status: ApplicationStatus, now: number): ApplicationDetail {
  const { resources, drift: _drift, plan: _plan, ...rest } = status;
  return { ...rest, ...waitOf(status, now), objects: resources.length, changes: countChanges(resources) };
}

export function resourceView(resource: ResourceStatus, now: number): ResourceView {
  return { ...resource, ...waitOf(resource, now), changes: countChanges([resource]) };
}

/** undefined for an object without a change, without a field that is left, and without a doubt. */
export function changedView(resource: ResourceStatus): ResourceChanges | undefined {
  const { ref, sync, origin, changes, left, unconfirmed } = resource;
  if (changes.length === 0 && left === undefined && unconfirmed === undefined) return undefined;
  return {
    ref,
    sync,
    changes,
    ...(origin === undefined ? {} : { origin }),
    ...(left === undefined ? {} : { left }),
    ...(unconfirmed === undefined ? {} : { unconfirmed }),
  };
}
