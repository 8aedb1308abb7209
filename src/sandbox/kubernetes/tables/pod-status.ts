import { isJsonObject, type JsonObject } from "../../../model/index.ts";
import { age, at, list, text } from "./read.ts";

/** One word on a Pod, as kubectl shows it: why a container waits or has ended, else the phase. Source: kubernetes, printers (printPod). */
export function podStatus(pod: JsonObject): string {
  if (at(pod, "metadata.deletionTimestamp") !== undefined) return "Terminating";
  for (const { state } of list(pod, "status.containerStatuses").toReversed()) {
    if (!isJsonObject(state)) continue;
    const waiting = at(state, "waiting.reason");
    if (typeof waiting === "string" && waiting !== "") return waiting;
    const ended = at(state, "terminated.reason");
    if (typeof ended === "string" && ended !== "") return ended;
  }
  return text(pod, "status.reason", text(pod, "status.phase", "Unknown"));
}

/** "0", or "3 (5s ago)". */
export function restarts(pod: JsonObject, now: Date): string {
  const statuses = list(pod, "status.containerStatuses");
  const sum = statuses.reduce((all, { restartCount }) => all + Number(restartCount ?? 0), 0);
  const last = statuses
    .map((one) => at(one, "lastState.terminated.finishedAt"))
    .filter((time) => typeof time === "string")
    .sort()
    .at(-1);
  return sum === 0 || last === undefined ? String(sum) : `${sum} (${age(last, now)} ago)`;
}
