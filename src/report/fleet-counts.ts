import { type ApplicationStatus, type HealthStatus, isDifference, type SyncStatus } from "../model/index.ts";
import type { DriftClass, ListedDrift } from "./drift-list.ts";
import type { FleetCounts } from "./types.ts";

/** An application as it is told now, with what differs. */
interface Counted {
  readonly status: ApplicationStatus;
  readonly drift: readonly ListedDrift[];
}

/** `now`: milliseconds since the epoch. */
export function countFleet(entries: Iterable<Counted>, now: number): FleetCounts {
  const all = [...entries];
  const those = (is: (status: ApplicationStatus) => boolean) => all.filter(({ status }) => is(status)).length;
  return {
    applications: byVerdict(all),
    driftedApplications: all.filter(({ drift }) => drift.some(({ item }) => isDifference(item.change))).length,
    fields: byClass(all),
    fights: all.reduce((sum, { status }) => sum + status.drift.filter(({ fight }) => fight !== undefined).length, 0),
    awaitingApproval: those(({ awaitsApproval }) => awaitsApproval !== undefined),
    pinned: those(({ pin }) => pin !== undefined),
    suspended: those(({ suspended }) => suspended !== undefined),
    stale: those(({ source }) => source.stale !== undefined),
    latestMs: all.reduce((latest, { status }) => Math.max(latest, lateness(status, now)), 0),
  };
}

function byVerdict(all: readonly Counted[]): FleetCounts["applications"] {
  const groups = new Map<string, { sync: SyncStatus; health: HealthStatus; count: number }>();
  for (const { status } of all) {
    const { sync, health } = { sync: status.sync.status, health: status.health.status };
    const group = groups.get(`${sync} ${health}`) ?? { sync, health, count: 0 };
    group.count++;
    groups.set(`${sync} ${health}`, group);
  }
  return [...groups.values()];
}

function byClass(all: readonly Counted[]): FleetCounts["fields"] {
  const fields: Record<DriftClass, number> = { drift: 0, conflict: 0, foreign: 0 };
  for (const { drift } of all) for (const one of drift) fields[one.class]++;
  return fields;
}

/** Milliseconds since its next pass should have begun; negative where that is still to come. */
function lateness({ nextPassAt }: ApplicationStatus, now: number): number {
  return nextPassAt === undefined ? 0 : now - Date.parse(nextPassAt);
}
