import type { ApplicationStatus, FleetStatus, HealthStatus, JsonObject, SyncStatus } from "../../model/index.ts";
import { frame, type StatusInput, sentence } from "./cluster-status.ts";

/** An application that a declaration makes; without a status where none is known yet. */
export interface Member {
  readonly name: string;
  readonly status: ApplicationStatus | undefined;
}

/** The worst comes first. */
const SYNC: readonly SyncStatus[] = ["Unknown", "Diverged", "Drifted", "Pending", "Synced"];
const HEALTH: readonly HealthStatus[] = ["Degraded", "Missing", "Unknown", "Progressing", "Suspended", "Healthy"];

const UNSEEN = { status: "Unknown", message: "not looked at yet" } as const;

/** What is written into `.status` of a declaration of many: Ready when all that it makes is, and nothing is wrong with it. */
export function fleetStatus(fleet: FleetStatus, members: readonly Member[], input: StatusInput): JsonObject {
  const sync = worst(
    "Synced",
    SYNC,
    members.map(({ name, status }) => ({ name, ...(status?.sync ?? UNSEEN) })),
  );
  const health = worst(
    "Healthy",
    HEALTH,
    members.map(({ name, status }) => ({ name, ...(status?.health ?? UNSEEN) })),
  );
  const { revision = null, unsure, problems, ending } = fleet;
  const isWell = sync.status === "Synced" && ["Healthy", "Suspended"].includes(health.status);
  const isWhole = unsure === undefined && problems.length === 0 && !members.some(isFailing);
  const reason = isWhole ? (sync.status === "Synced" ? health.status : sync.status) : "Failed";
  const verdict = ending === undefined ? { ready: isWell && isWhole, reason } : { ready: false, reason: "Deleting" };
  return {
    ...frame(input, { ...verdict, message: messageOf(fleet, members, [sync.message, health.message]) }),
    ...{ sync, health, source: { revision } },
  };
}

function isFailing({ status }: Member): boolean {
  return (status?.problems.length ?? 0) > 0;
}

function messageOf(
  { unsure, problems, ending, waiting }: FleetStatus,
  members: readonly Member[],
  usual: string[],
): string {
  if (ending !== undefined) return [endingSentence(members), ...(waiting === undefined ? [] : [waiting])].join("; ");
  const [wrong] = problems;
  const failing = members.find(isFailing);
  const [problem] = failing?.status?.problems ?? [];
  return [
    `makes ${count(members.length)}`,
    ...(wrong === undefined
      ? []
      : [`${problems.length} cannot be made or read: ${wrong.where ?? ""} ${sentence(wrong)}`]),
    ...(unsure === undefined ? [] : [`nothing is removed: ${unsure}`]),
    ...(failing === undefined || problem === undefined ? usual : [`${failing.name}: ${sentence(problem)}`]),
  ].join("; ");
}

function endingSentence(members: readonly Member[]): string {
  const left = members.filter(({ status }) => status !== undefined);
  const [first] = [...left].sort((a, b) => Number(isHeld(b)) - Number(isHeld(a)));
  const why = first?.status?.waiting ?? first?.status?.problems[0]?.message ?? first?.status?.sync.message;
  const said = first === undefined || why === undefined ? "" : `, ${first.name}: ${why}`;
  return `is being deleted; ${left.length} of ${count(members.length)} are not gone yet${said}`;
}

function isHeld({ status }: Member): boolean {
  return status?.waiting !== undefined || (status?.problems.length ?? 0) > 0;
}

interface Said<S extends string> {
  readonly name: string;
  readonly status: S;
  readonly message: string;
}

/** "3 of 4 applications are Synced; shop/web is Drifted: 1 field was changed in the cluster" */
function worst<S extends string>(
  best: S,
  order: readonly S[],
  all: readonly Said<S>[],
): { status: S; message: string } {
  const [first] = [...all].sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  const well = all.filter(({ status }) => status === best).length;
  const said = `${well} of ${count(all.length)} are ${best}`;
  if (first === undefined || first.status === best) return { status: first?.status ?? best, message: said };
  return { status: first.status, message: `${said}; ${first.name} is ${first.status}: ${first.message}` };
}

function count(members: number): string {
  return members === 1 ? "1 application" : `${members} applications`;
}
