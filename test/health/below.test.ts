import { expect, test } from "vitest";
import { asksForReason, assess, reasonBelow } from "../../src/health/index.ts";
import type { LiveObject } from "../../src/model/index.ts";
import { live } from "./live.ts";

const SEEN = { observedGeneration: 2 };
const REVISION = "deployment.kubernetes.io/revision";
const deployment = (status: object = {}) =>
  live(
    "apps/v1 Deployment",
    { spec: { replicas: 3 }, status: { ...SEEN, updatedReplicas: 3, replicas: 3, availableReplicas: 1, ...status } },
    { uid: "d", annotations: { [REVISION]: "4" } },
  );
const ownedBy = (uid: string) => ({ ownerReferences: [{ uid, controller: true }] });
const set = (uid: string, revision: string, owner = "d") =>
  live("apps/v1 ReplicaSet", {}, { uid, name: uid, annotations: { [REVISION]: revision }, ...ownedBy(owner) });
const pod = (name: string, owner: string, container: object, metadata: object = {}) =>
  live(
    "v1 Pod",
    { status: { phase: "Pending", containerStatuses: [{ name: "app", ready: false, ...container }] } },
    { name, ...ownedBy(owner), ...metadata },
  );
const waiting = (reason: string, message?: string) => ({ state: { waiting: { reason, message } } });
const judged = (workload: LiveObject, ...below: LiveObject[]) => {
  const { status, message } = assess(workload, { below: reasonBelow(workload, below) });
  return `${status}: ${message}`;
};

test("a Deployment names the Pod that cannot pull its image, with the message, and is Degraded", () => {
  const pods = [
    pod("web-7d9-b", "s4", waiting("ErrImagePull")),
    pod("web-7d9-a", "s4", waiting("ImagePullBackOff", "no such tag")),
  ];
  expect(judged(deployment(), set("s4", "4"), ...pods)).toBe(
    "Degraded: 1/3 replicas available; Pod web-7d9-a: container app: ImagePullBackOff: no such tag (and 1 more Pods)",
  );
});

test("the Pods that a rollout replaces may be broken: only those of the newest ReplicaSet count", () => {
  const old = pod("web-old", "s3", waiting("CrashLoopBackOff"));
  const sets = [set("s3", "3"), set("s4", "4"), set("alien", "4", "someone")];
  expect(judged(deployment(), ...sets, old, pod("alien-1", "alien", waiting("ErrImagePull")))).toBe(
    "Progressing: 1/3 replicas available",
  );
  expect(judged(deployment(), ...sets, old, pod("web-new", "s4", waiting("ContainerCreating")))).toBe(
    "Progressing: 1/3 replicas available; Pod web-new: 0/1 containers ready (ContainerCreating)",
  );
});

test("a Pod that no node takes is a reason to wait", () => {
  const conditions = [
    { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/3 nodes are free" },
  ];
  const stateful = live("apps/v1 StatefulSet", { spec: { replicas: 1 }, status: SEEN }, { uid: "t" });
  const homeless = live("v1 Pod", { status: { phase: "Pending", conditions } }, { name: "db-0", ...ownedBy("t") });
  expect(judged(stateful, homeless)).toBe(
    "Progressing: 0/1 replicas ready; Pod db-0: Unschedulable: 0/3 nodes are free",
  );
});

test("one fall is no crash loop; in a loop the verdict is the same whether the container runs or waits", () => {
  const daemon = live("apps/v1 DaemonSet", { status: { ...SEEN, desiredNumberScheduled: 1 } }, { uid: "n" });
  const fell = (restartCount: number, state: object) => ({
    restartCount,
    ...state,
    lastState: { terminated: { exitCode: 1 } },
  });
  const verdict = (container: object) => judged(daemon, pod("agent-x", "n", container)).split(":")[0];
  expect(verdict(fell(1, { state: { running: {} } }))).toBe("Progressing");
  expect(verdict(fell(5, { state: { running: {} } }))).toBe("Degraded");
  expect(verdict(fell(5, waiting("CrashLoopBackOff")))).toBe("Degraded");
});

test("a Job tries again by itself what falls over, but not what cannot be pulled", () => {
  const job = live("batch/v1 Job", { status: { startTime: "t", active: 1 } }, { uid: "j" });
  const verdict = (reason: string) => judged(job, pod("job-x", "j", waiting(reason))).split(";")[0];
  expect(verdict("CrashLoopBackOff")).toBe("Progressing: 1 Pods active, 0 succeeded, 0 failed");
  expect(verdict("ImagePullBackOff")).toBe("Degraded: 1 Pods active, 0 succeeded, 0 failed");
});

test("Pods on their way out, Pods of others and Pods that are well are no reasons", () => {
  const replicas = live("apps/v1 ReplicaSet", { spec: { replicas: 1 }, status: SEEN }, { uid: "r" });
  const stuck = waiting("ErrImagePull");
  const well = live(
    "v1 Pod",
    { status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] } },
    ownedBy("r"),
  );
  const leaving = pod("old", "r", stuck, { deletionTimestamp: "2026-01-01T00:00:00Z" });
  const orphan = pod("orphan", "r", stuck, { ownerReferences: [{ uid: "r" }] });
  expect(judged(replicas, leaving, orphan, pod("alien", "x", stuck), well)).toBe("Progressing: 0/1 replicas available");
});

test("what a kubelet says is cut where it is long", () => {
  const replicas = live("apps/v1 ReplicaSet", { spec: { replicas: 1 }, status: SEEN }, { uid: "r" });
  expect(judged(replicas, pod("web", "r", waiting("ErrImagePull", "x".repeat(5000)))).length).toBeLessThan(600);
});

test("nobody is asked about what is well, stopped, leaving, without Pods, or not looked at by its controller", () => {
  expect(asksForReason(deployment())).toBe(true);
  expect(asksForReason(deployment({ availableReplicas: 3 }))).toBe(false);
  expect(asksForReason(deployment({ observedGeneration: 1 }))).toBe(false);
  expect(asksForReason(live("apps/v1 Deployment", { spec: { paused: true } }))).toBe(false);
  expect(asksForReason(live("apps/v1 Deployment", {}, { deletionTimestamp: "2026-01-01T00:00:00Z" }))).toBe(false);
  expect(asksForReason(live("v1 PersistentVolumeClaim", {}))).toBe(false);
});
