import { isJsonObject, type Json, type JsonObject } from "../../../model/index.ts";
import { age, at, list, text } from "./read.ts";

interface Summary {
  readonly ready: number;
  readonly all: number;
  readonly reason: string;
  readonly restarts: number;
  /** When the last of them was; empty: nobody knows. */
  readonly lastRestart: string;
}

/** "1/2": as many of a Pod's containers are ready. Containers that only prepare the Pod do not count. */
export function readyCount(pod: JsonObject): string {
  const { ready, all } = summary(pod);
  return `${ready}/${all}`;
}

/** One word on a Pod, as kubectl shows it: why a container waits or has ended, else the phase. Source: kubernetes, printers (printPod). */
export function podStatus(pod: JsonObject): string {
  const { reason } = summary(pod);
  if (at(pod, "metadata.deletionTimestamp") === undefined) return reason;
  if (at(pod, "status.reason") === "NodeLost") return "Unknown";
  return ["Failed", "Succeeded"].includes(text(pod, "status.phase")) ? reason : "Terminating";
}

/** "0", or "3 (5s ago)". */
export function restarts(pod: JsonObject, now: Date): string {
  const { restarts: count, lastRestart } = summary(pod);
  return count === 0 || lastRestart === "" ? String(count) : `${count} (${age(lastRestart, now)} ago)`;
}

function summary(pod: JsonObject): Summary {
  const sidecars = new Set(
    list(pod, "spec.initContainers")
      .filter(isSidecar)
      .map(({ name }) => name),
  );
  const all = list(pod, "spec.containers").length + sidecars.size;
  const first = preparation(pod, sidecars);
  const started = first.reason === undefined || isTrue(pod, "Initialized");
  const counted = started ? list(pod, "status.containerStatuses") : [];
  const reason = started ? running(pod, counted) : first.reason;
  const restarted = started ? [...counted, ...first.seen.filter(({ name }) => sidecars.has(name ?? null))] : first.seen;
  return {
    all,
    ready:
      first.ready + counted.filter((one) => one["ready"] === true && at(one, "state.running") !== undefined).length,
    reason: reason ?? phase(pod),
    restarts: restarted.reduce((sum, { restartCount }) => sum + Number(restartCount ?? 0), 0),
    lastRestart: restarted.map((one) => text(one, "lastState.terminated.finishedAt", "")).reduce(later, ""),
  };
}

const later = (one: string, other: string): string => (other > one ? other : one);
const isSidecar = ({ restartPolicy }: JsonObject): boolean => restartPolicy === "Always";

function phase(pod: JsonObject): string {
  const gated = list(pod, "status.conditions").some(
    ({ type, reason }) => type === "PodScheduled" && reason === "SchedulingGated",
  );
  return gated ? "SchedulingGated" : text(pod, "status.reason", text(pod, "status.phase", ""));
}

interface Preparation {
  readonly seen: readonly JsonObject[];
  readonly ready: number;
  /** Why the Pod is still being prepared; undefined: it is not. */
  readonly reason: string | undefined;
}

/** The containers that run before the others, up to the first that is not through. */
function preparation(pod: JsonObject, sidecars: ReadonlySet<Json | undefined>): Preparation {
  const statuses = list(pod, "status.initContainerStatuses");
  let ready = 0;
  for (const [index, status] of statuses.entries()) {
    const sidecar = sidecars.has(status["name"]) && status["started"] === true;
    if (sidecar && status["ready"] === true) ready++;
    if (sidecar || at(status, "state.terminated.exitCode") === 0) continue;
    const waits = text(status, "state.waiting.reason", "PodInitializing");
    const plain = waits === "PodInitializing" ? `${index}/${list(pod, "spec.initContainers").length}` : waits;
    return { seen: statuses.slice(0, index + 1), ready, reason: `Init:${endOf(status) ?? plain}` };
  }
  return { seen: statuses, ready, reason: undefined };
}

/** The first container that has something to say speaks for the Pod. */
function running(pod: JsonObject, statuses: readonly JsonObject[]): string | undefined {
  const said = statuses.flatMap((status) => {
    const waits = text(status, "state.waiting.reason", "");
    const reason = waits === "" ? endOf(status) : waits;
    const failed = waits === "" && reason !== undefined && at(status, "state.terminated.exitCode") !== 0;
    return reason === undefined ? [] : [{ reason, failed }];
  });
  const reason = said[0]?.reason ?? phase(pod);
  if (reason !== "Completed") return reason;
  const some = statuses.some((one) => one["ready"] === true && at(one, "state.running") !== undefined);
  if (some && isTrue(pod, "Ready")) return "Running";
  return said.find(({ failed }) => failed)?.reason ?? (some ? "NotReady" : reason);
}

function endOf(status: JsonObject): string | undefined {
  const end = at(status, "state.terminated");
  if (!isJsonObject(end)) return undefined;
  const { reason = "", signal = 0, exitCode = 0 } = end;
  if (reason !== "") return String(reason);
  return signal === 0 ? `ExitCode:${exitCode}` : `Signal:${signal}`;
}

function isTrue(pod: JsonObject, wanted: string): boolean {
  return list(pod, "status.conditions").some(({ type, status }) => type === wanted && status === "True");
}
