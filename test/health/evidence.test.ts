import { expect, test } from "vitest";
import { eventSentence, eventsToldBy, familyOf, logPlacesOf } from "../../src/health/index.ts";
import type { LiveObject } from "../../src/model/index.ts";

function object(kind: string, name: string, fields: object = {}, metadata: object = {}): LiveObject {
  const meta = { name, namespace: "shop", uid: `uid-${name}`, resourceVersion: "1", ...metadata };
  return { apiVersion: kind === "Pod" ? "v1" : "apps/v1", kind, metadata: meta, ...fields };
}

const ownedBy = (name: string) => ({ ownerReferences: [{ uid: `uid-${name}`, controller: true }] });
const pod = (name: string, containerStatuses: readonly object[], initContainerStatuses: readonly object[] = []) =>
  object("Pod", name, { status: { phase: "Running", containerStatuses, initContainerStatuses } }, ownedBy("db"));
const crashing = (name: string) => ({
  name,
  ready: false,
  restartCount: 4,
  state: { waiting: { reason: "CrashLoopBackOff" } },
  lastState: { terminated: { exitCode: 1 } },
});

test("of a container that fell over, the log of the run before is named, with the command that prints its last lines", () => {
  expect(logPlacesOf([pod("db-0", [crashing("db"), { name: "proxy", ready: true, state: { running: {} } }])])).toEqual([
    {
      namespace: "shop",
      pod: "db-0",
      container: "db",
      previous: true,
      command: "kubectl -n shop logs db-0 -c db --previous --tail 20",
    },
  ]);
});

test("of a container that runs and is not ready, the log of this run is named; of one that never ran, none", () => {
  const slow = { name: "slow", ready: false, restartCount: 0, state: { running: {} } };
  const unpulled = { name: "unpulled", ready: false, restartCount: 0, state: { waiting: { reason: "ErrImagePull" } } };
  const prepared = { name: "prepared", ready: false, state: { terminated: { exitCode: 0 } } };
  expect(logPlacesOf([pod("db-0", [slow, unpulled], [prepared])]).map(({ command }) => command)).toEqual([
    "kubectl -n shop logs db-0 -c slow --tail 20",
  ]);
});

test("of many Pods those are named that time will not mend, three containers at most", () => {
  const slow = pod("a", [{ name: "slow", ready: false, state: { running: {} } }]);
  const broken = ["d", "c", "b", "e"].map((name) => pod(name, [crashing("db")]));
  expect(logPlacesOf([slow, ...broken]).map((place) => place.pod)).toEqual(["b", "c", "d"]);
});

test("warnings are told newest first, by the older way of counting and by the newer", () => {
  const about = { involvedObject: { apiVersion: "v1", kind: "Pod", namespace: "shop", name: "db-0" } };
  const events = eventsToldBy([
    object("Event", "one", {
      ...about,
      reason: "Failed",
      message: "no",
      count: 2,
      lastTimestamp: "2026-01-01T00:00:01Z",
    }),
    object("Event", "two", {
      ...about,
      reason: "BackOff",
      message: "Back-off restarting failed container",
      series: { count: 7, lastObservedTime: "2026-01-01T00:00:09.000000Z" },
    }),
    object("Event", "three", {
      ...about,
      reason: "Old",
      message: "said once",
      eventTime: "2025-01-01T00:00:00.000000Z",
    }),
  ]);
  expect(events.map(eventSentence)).toEqual([
    "BackOff of Pod shop/db-0: Back-off restarting failed container (7 times)",
    "Failed of Pod shop/db-0: no (2 times)",
    "Old of Pod shop/db-0: said once",
  ]);
  expect(events[0]?.ref).toEqual({ group: "", version: "v1", kind: "Pod", namespace: "shop", name: "db-0" });
});

test("an object's family is what it has made itself: others' Pods, and those of older ReplicaSets, are not of it", () => {
  const revision = (number: string) => ({ annotations: { "deployment.kubernetes.io/revision": number } });
  const web = object("Deployment", "web", {}, revision("2"));
  const sets = ["1", "2"].map((number) =>
    object("ReplicaSet", `web-${number}`, {}, { ...ownedBy("web"), ...revision(number) }),
  );
  const pods = ["web-1", "web-2", "db"].map((owner) => object("Pod", `pod-of-${owner}`, {}, ownedBy(owner)));
  expect(familyOf(web, [...sets, ...pods]).map(({ metadata }) => metadata.name)).toEqual([
    "web",
    "web-2",
    "pod-of-web-2",
  ]);
  const alone = pods[0] as LiveObject;
  expect(familyOf(alone, [])).toEqual([alone]);
});
