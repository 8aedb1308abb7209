import { type ApplicationStatus, isJsonObject, type JsonObject, type Problem } from "../../model/index.ts";
import { saidSentences } from "../../report/index.ts";

export interface StatusInput {
  /** The status as the server has it now. */
  readonly current: unknown;
  /** Of the spec that `status` is about. */
  readonly generation: number;
  /** RFC 3339. */
  readonly now: string;
}

/** What is written into `.status` of an Application object: the verdicts, and the condition Ready that `kubectl wait` looks for. */
export function clusterStatus(status: ApplicationStatus, input: StatusInput): JsonObject {
  const { sync, health, source, problems, waiting } = status;
  const ready = sync.status === "Synced" && (health.status === "Healthy" || health.status === "Suspended");
  const [problem] = problems;
  const usual = waiting ?? [sync.message, health.message, ...saidSentences({ source, ...pinOf(status) })].join("; ");
  const message = problem === undefined ? usual : sentence(problem);
  const reason = problem === undefined ? (sync.status === "Synced" ? health.status : sync.status) : "Failed";
  return {
    ...frame(input, { ready, reason, message }),
    sync: { status: sync.status, message: sync.message },
    health: { status: health.status, message: health.message },
    // A merge patch: null takes away what an earlier pass knew.
    source: { revision: source.revision ?? null },
  };
}

/** That it is suspended is said by what it waits for. */
function pinOf({ pin }: ApplicationStatus): Pick<ApplicationStatus, "pin"> {
  return pin === undefined ? {} : { pin };
}

/** For an object that is not in force: it does not fit the schema, or a file declares the same application. */
export function refusedStatus(problem: Problem, input: StatusInput): JsonObject {
  const message = sentence(problem);
  return {
    ...frame(input, { ready: false, reason: "Invalid", message }),
    sync: { status: "Unknown", message },
    health: { status: "Unknown", message: "not looked at" },
    source: { revision: null },
  };
}

export function sentence({ code, message, next }: Problem): string {
  return `${code} ${message}; next: ${next}`;
}

interface Verdict {
  readonly ready: boolean;
  readonly reason: string;
  readonly message: string;
}

/** What every status has. Source: Kubernetes API conventions, "Typical status properties". */
export function frame({ current, generation, now }: StatusInput, { ready, reason, message }: Verdict): JsonObject {
  const status = ready ? "True" : "False";
  const before = readyCondition(current);
  const same = before?.["status"] === status && typeof before["lastTransitionTime"] === "string";
  const lastTransitionTime = same ? before["lastTransitionTime"] : now;
  const condition = { type: "Ready", status, reason, message, observedGeneration: generation, lastTransitionTime };
  return { observedGeneration: generation, message, conditions: [condition] };
}

function readyCondition(current: unknown): JsonObject | undefined {
  const conditions = isJsonObject(current) ? current["conditions"] : undefined;
  if (!Array.isArray(conditions)) return undefined;
  return conditions.find((one) => isJsonObject(one) && one["type"] === "Ready");
}

/** Whether a merge patch would change nothing. */
export function isApplied(patch: JsonObject, current: unknown): boolean {
  const have = isJsonObject(current) ? current : {};
  return Object.entries(patch).every(([key, want]) => {
    if (want === null) return have[key] === undefined;
    return isJsonObject(want) ? isApplied(want, have[key]) : sameJson(want, have[key]);
  });
}

function sameJson(want: unknown, have: unknown): boolean {
  if (Array.isArray(want)) {
    return Array.isArray(have) && want.length === have.length && want.every((one, index) => sameJson(one, have[index]));
  }
  if (!isJsonObject(want)) return want === have;
  return isJsonObject(have) && Object.keys({ ...want, ...have }).every((key) => sameJson(want[key], have[key]));
}
