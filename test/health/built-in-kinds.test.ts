import { expect, test } from "vitest";
import { assess } from "../../src/health/index.ts";
import type { HealthStatus } from "../../src/model/index.ts";
import { live } from "./live.ts";

const is = (type: string, status: string, reason?: string, message?: string) => ({ type, status, reason, message });
const given = (text: string, fields: object, metadata: object = {}) => {
  const { status, message } = assess(live(text, fields, metadata));
  return `${status}: ${message}`;
};

test.each<[string, object, string]>([
  ["a complete one", { status: { succeeded: 1, conditions: [is("Complete", "True")] } }, "Healthy: 1 Pods succeeded"],
  [
    "one that ran out of tries",
    { status: { conditions: [is("Failed", "True", "BackoffLimitExceeded", "too often")] } },
    "Degraded: BackoffLimitExceeded: too often",
  ],
  [
    "one that is about to fail",
    { status: { startTime: "t", conditions: [is("FailureTarget", "True", "PodFailurePolicy")] } },
    "Degraded: PodFailurePolicy",
  ],
  ["a suspended one", { spec: { suspend: true } }, "Suspended: suspended by spec.suspend"],
  ["one at work", { status: { startTime: "t", active: 2 } }, "Progressing: 2 Pods active, 0 succeeded, 0 failed"],
])("a Job, %s", (_, fields, verdict) => {
  expect(given("batch/v1 Job", fields)).toBe(verdict);
});

const AT = "2026-01-01T00:00:00Z";
const LATER = "2026-01-01T00:05:00Z";

test.each<[string, object, string]>([
  ["not run yet", { status: {} }, "Healthy: not run yet"],
  ["suspended", { spec: { suspend: true } }, "Suspended: suspended by spec.suspend"],
  ["at work", { status: { lastScheduleTime: AT, active: [{}] } }, `Healthy: 1 Jobs active since ${AT}`],
  ["done", { status: { lastScheduleTime: AT, lastSuccessfulTime: LATER } }, `Healthy: last run at ${AT}`],
  [
    "whose last run failed",
    { status: { lastScheduleTime: LATER, lastSuccessfulTime: AT } },
    `Degraded: the run of ${LATER} did not succeed; the last that did ended at ${AT}`,
  ],
])("a CronJob %s", (_, fields, verdict) => {
  expect(given("batch/v1 CronJob", fields)).toBe(verdict);
});

test.each<[string, object, object, string]>([
  [
    "of a class that makes nothing",
    { spec: { storageClassName: "fast" }, status: { phase: "Pending" } },
    {},
    "Progressing: waits for a volume (Pending): storage class fast has begun none; is it there, and does a Pod use the claim?",
  ],
  ["without a class", {}, {}, "Progressing: waits for a volume (Pending): no storage class, and no default one"],
  [
    "that is being provided",
    { spec: { storageClassName: "fast" }, status: { phase: "Pending" } },
    {
      annotations: {
        "volume.kubernetes.io/storage-provisioner": "csi.example",
        "volume.kubernetes.io/selected-node": "n1",
      },
    },
    "Progressing: waits for a volume (Pending): csi.example makes one on node n1",
  ],
  ["that has lost it", { status: { phase: "Lost" } }, {}, "Degraded: its volume is lost"],
  [
    "that cannot grow",
    { status: { phase: "Bound", allocatedResourceStatuses: { storage: "ControllerResizeInfeasible" } } },
    {},
    "Degraded: bound, but its resizing cannot be done: ControllerResizeInfeasible",
  ],
])("a claim %s", (_, fields, metadata, verdict) => {
  expect(given("v1 PersistentVolumeClaim", fields, metadata)).toBe(verdict);
});

test.each<[string, object[], HealthStatus]>([
  ["served", [is("NamesAccepted", "True"), is("Established", "True")], "Healthy"],
  ["being installed", [is("Established", "False", "Installing")], "Progressing"],
  ["without names", [is("NamesAccepted", "False", "ListKindConflict")], "Degraded"],
  ["not established", [is("Established", "False", "NotAccepted")], "Degraded"],
  ["without a structural schema", [is("Established", "True"), is("NonStructuralSchema", "True")], "Degraded"],
  ["on its way out", [is("Established", "True"), is("Terminating", "True", "InstanceDeletionPending")], "Progressing"],
  ["that nobody has looked at", [], "Progressing"],
])("a definition %s is %s", (_, conditions, status) => {
  expect(assess(live("apiextensions.k8s.io/v1 CustomResourceDefinition", { status: { conditions } })).status).toBe(
    status,
  );
});

test("an API that does not answer waits for its Pods, and says so", () => {
  const conditions = [is("Available", "False", "MissingEndpoints", "endpoints have no addresses")];
  expect(given("apiregistration.k8s.io/v1 APIService", { status: { conditions } })).toBe(
    "Progressing: MissingEndpoints: endpoints have no addresses",
  );
});

test("whatever is being deleted is on its way out, suspended or not", () => {
  const deletionTimestamp = { deletionTimestamp: AT };
  expect(given("batch/v1 CronJob", { spec: { suspend: true } }, deletionTimestamp)).toBe(
    "Progressing: is being deleted",
  );
});

test("a namespace that is being deleted says what is left in it", () => {
  const conditions = [
    is("NamespaceDeletionDiscoveryFailure", "False"),
    is("NamespaceContentRemaining", "True", "SomeResourcesRemain", "pods. has 2 resource instances"),
  ];
  expect(given("v1 Namespace", { status: { phase: "Terminating", conditions } }, { deletionTimestamp: AT })).toBe(
    "Progressing: is being deleted (SomeResourcesRemain: pods. has 2 resource instances)",
  );
});
