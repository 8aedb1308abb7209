import { compareText } from "../kit/compare-text.ts";
import {
  formatRef,
  isJsonObject,
  type JsonObject,
  type LiveObject,
  type LogPlace,
  type ObjectEvent,
  parseApiVersion,
} from "../model/index.ts";
import { troubleOf } from "./pod.ts";
import { listIn, numberIn, partOf, textIn } from "./read.ts";

const MOST_EVENTS = 5;
const MOST_PLACES = 3;
/** Lines that the command prints. */
const TAIL = 20;

/** What Kubernetes' Events say, the newest first. What is said again and again stands once, with its count. */
export function eventsToldBy(events: readonly LiveObject[]): readonly ObjectEvent[] {
  const told = events.flatMap((event) => (isJsonObject(event) ? [toldBy(event)] : []));
  return told.sort((one, other) => compareText(other.lastSeen ?? "", one.lastSeen ?? "")).slice(0, MOST_EVENTS);
}

/** Source: Kubernetes, Event v1: `series` is of those that are told by the newer API, `count` and `lastTimestamp` of the others. */
function toldBy(event: JsonObject): ObjectEvent {
  const about = partOf(event, "involvedObject");
  const series = partOf(event, "series");
  const namespace = textIn(about, "namespace");
  const lastSeen = textIn(series, "lastObservedTime") ?? textIn(event, "lastTimestamp") ?? textIn(event, "eventTime");
  return {
    ref: {
      ...parseApiVersion(textIn(about, "apiVersion") ?? "v1"),
      kind: textIn(about, "kind") ?? "",
      ...(namespace === undefined ? {} : { namespace }),
      name: textIn(about, "name") ?? "",
    },
    reason: textIn(event, "reason") ?? "",
    message: textIn(event, "message") ?? "",
    count: numberIn(series, "count") ?? numberIn(event, "count") ?? 1,
    ...(lastSeen === undefined ? {} : { lastSeen }),
  };
}

/** "BackOff of Pod shop/db-0: Back-off restarting failed container (3 times)" */
export function eventSentence({ ref, reason, message, count }: ObjectEvent): string {
  return `${reason} of ${formatRef(ref)}: ${message}${count > 1 ? ` (${count} times)` : ""}`;
}

/** Where the logs are of the containers that keep Pods from being ready; lasting trouble first. None of those that have never run. */
export function logPlacesOf(pods: readonly LiveObject[]): readonly LogPlace[] {
  const troubled = pods
    .flatMap((pod) => {
      const trouble = troubleOf(pod);
      return trouble === undefined ? [] : [{ pod, lasting: trouble.lasting }];
    })
    .sort(
      (one, other) =>
        Number(other.lasting) - Number(one.lasting) || compareText(one.pod.metadata.name, other.pod.metadata.name),
    );
  return troubled.flatMap(({ pod }) => placesIn(pod)).slice(0, MOST_PLACES);
}

function placesIn(pod: LiveObject): LogPlace[] {
  const status = partOf(pod, "status");
  const { namespace = "default", name } = pod.metadata;
  return [...listIn(status, "initContainerStatuses"), ...listIn(status, "containerStatuses")].flatMap((one) => {
    const container = textIn(one, "name");
    const run = runOf(one);
    if (container === undefined || run === undefined) return [];
    const previous = run === "previous";
    const command = `kubectl -n ${namespace} logs ${name} -c ${container}${previous ? " --previous" : ""} --tail ${TAIL}`;
    return [{ namespace, pod: name, container, previous, command }];
  });
}

/** Which run of a container has something to say; undefined where it is well, or has not run yet. */
function runOf(container: JsonObject): "this" | "previous" | undefined {
  const state = partOf(container, "state");
  if (container["ready"] === true || numberIn(partOf(state, "terminated"), "exitCode") === 0) return undefined;
  if (state["running"] !== undefined || state["terminated"] !== undefined) return "this";
  const ran =
    partOf(container, "lastState")["terminated"] !== undefined || (numberIn(container, "restartCount") ?? 0) > 0;
  return ran ? "previous" : undefined;
}
