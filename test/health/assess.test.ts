import { expect, test } from "vitest";
import { assess, worstOf } from "../../src/health/index.ts";
import { live } from "./live.ts";

const deployment = (status: object, spec: object = {}) =>
  live("apps/v1 Deployment", { spec: { replicas: 3, ...spec }, status: { observedGeneration: 2, ...status } });

test.each([
  [
    "Progressing",
    "the controller has not seen the newest spec yet",
    { observedGeneration: 1, updatedReplicas: 3, availableReplicas: 3 },
  ],
  ["Progressing", "1/3 replicas updated", { updatedReplicas: 1, replicas: 3 }],
  ["Progressing", "2 old replicas still to stop", { updatedReplicas: 3, replicas: 5 }],
  ["Progressing", "2/3 replicas available", { updatedReplicas: 3, replicas: 3, availableReplicas: 2 }],
  [
    "Degraded",
    "the rollout passed its deadline with 1/3 replicas updated",
    { updatedReplicas: 1, conditions: [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }] },
  ],
  ["Healthy", "3/3 replicas available", { updatedReplicas: 3, replicas: 3, availableReplicas: 3 }],
])("a Deployment is %s: %s", (status, message, at) => {
  expect(assess(deployment(at))).toEqual({ status, message });
});

test("a paused Deployment is Suspended, whatever it runs", () => {
  expect(assess(deployment({}, { paused: true })).status).toBe("Suspended");
});

test("a Pod that cannot pull its image is Degraded at once, with the kubelet's words", () => {
  const waiting = { reason: "ImagePullBackOff", message: "no such image" };
  const pod = live("v1 Pod", {
    status: { phase: "Pending", containerStatuses: [{ name: "app", state: { waiting } }] },
  });
  expect(assess(pod)).toEqual({ status: "Degraded", message: "container app: ImagePullBackOff: no such image" });
});

test("what is being deleted says which finalizers it waits for", () => {
  expect(assess(live("v1 ConfigMap", {}, { deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: ["a/b"] }))).toEqual({
    status: "Progressing",
    message: "is being deleted, waits for a/b",
  });
});

test("a custom resource is judged by the conditions that it has", () => {
  const with_ = (...conditions: object[]) => assess(live("example.com/v1 Gadget", { status: { conditions } })).status;
  expect(with_()).toBe("Healthy");
  expect(with_({ type: "Ready", status: "True" })).toBe("Healthy");
  expect(with_({ type: "Ready", status: "False", reason: "Waiting" })).toBe("Progressing");
  expect(with_({ type: "Ready", status: "True" }, { type: "Stalled", status: "True" })).toBe("Degraded");
});

test("an application is as healthy as its worst object, which is named", () => {
  const ref = (name: string) => ({ group: "", version: "v1", kind: "Pod", namespace: "shop", name });
  const judged = [
    { ref: ref("a"), health: { status: "Healthy", message: "ready" } as const },
    { ref: ref("b"), health: { status: "Degraded", message: "broken" } as const },
    { ref: ref("c"), health: { status: "Progressing", message: "soon" } as const },
  ];
  expect(worstOf(judged)).toEqual({ status: "Degraded", message: "Pod shop/b: broken", decidedBy: ref("b") });
  expect(worstOf([])).toEqual({ status: "Healthy", message: "no objects" });
});
