import { expect, test } from "vitest";
import { assess } from "../../src/health/index.ts";
import { live } from "./live.ts";

const onDelete = (status: object) =>
  assess(
    live("apps/v1 StatefulSet", {
      spec: { replicas: 3, updateStrategy: { type: "OnDelete" } },
      status: { observedGeneration: 2, ...status },
    }),
  );

test.each([
  ["Progressing", "0/3 replicas ready", { replicas: 3 }],
  ["Progressing", "2 replicas still to stop", { replicas: 5, readyReplicas: 5 }],
])("a StatefulSet with OnDelete waits for its replicas like any other: %s, %s", (status, message, at) => {
  expect(onDelete(at)).toEqual({ status, message });
});

test("a StatefulSet with OnDelete does not wait for its replicas to be of the newest revision", () => {
  const revisions = { currentRevision: "web-1", updateRevision: "web-2", currentReplicas: 3 };
  expect(onDelete({ replicas: 3, readyReplicas: 3, ...revisions })).toEqual({
    status: "Healthy",
    message: "3/3 replicas ready; updates wait for Pods to be deleted",
  });
});

const budget = (status: object) =>
  assess(live("policy/v1 PodDisruptionBudget", { status: { observedGeneration: 2, ...status } }));

test("a budget that selects no Pods is Healthy, whatever it wants", () => {
  expect(budget({ expectedPods: 0, currentHealthy: 0, desiredHealthy: 2 })).toEqual({
    status: "Healthy",
    message: "no Pods to protect",
  });
});

test("a budget that wants more Pods than there are is Healthy when all of them are", () => {
  expect(budget({ expectedPods: 1, currentHealthy: 1, desiredHealthy: 2 })).toEqual({
    status: "Healthy",
    message: "1/1 Pods healthy, of 2 wanted",
  });
});

test.each([
  ["Progressing", "1/2 Pods healthy", { expectedPods: 3, currentHealthy: 1, desiredHealthy: 2 }],
  ["Progressing", "0/2 Pods healthy, of 3 wanted", { expectedPods: 2, currentHealthy: 0, desiredHealthy: 3 }],
  ["Healthy", "2/2 Pods healthy", { expectedPods: 3, currentHealthy: 2, desiredHealthy: 2 }],
  ["Progressing", "the controller has not seen the newest spec yet", { observedGeneration: 1, expectedPods: 0 }],
])("a budget is %s: %s", (status, message, at) => {
  expect(budget(at)).toEqual({ status, message });
});

test("a budget whose controller fails says why, and not that there is nothing to protect", () => {
  const conditions = [
    { type: "DisruptionAllowed", status: "False", reason: "SyncFailed", message: "found no controllers for pod" },
  ];
  const message = "SyncFailed: found no controllers for pod";
  expect(budget({ observedGeneration: 0, conditions })).toEqual({ status: "Progressing", message });
  expect(budget({ expectedPods: 0, conditions })).toEqual({ status: "Progressing", message });
});
