import fc from "fast-check";
import { expect, test } from "vitest";
import { KINDS } from "../../src/health/assess.ts";
import { assess, reasonBelow } from "../../src/health/index.ts";
import { OPERATORS } from "../../src/health/operators/index.ts";
import { HEALTH_STATUSES, type LiveObject, parseGroupKind } from "../../src/model/index.ts";
import { anythingOf, parsed } from "./anything.ts";
import { live } from "./live.ts";

/** The names that judges read, so that wrong shapes stand where they look, and names that every JavaScript object has. */
const NAMES = [
  ...["metadata", "spec", "status", "conditions", "type", "reason", "message", "phase", "generation", "finalizers"],
  ...["observedGeneration", "deletionTimestamp", "annotations", "autoscaling.alpha.kubernetes.io/conditions"],
  ...["replicas", "readyReplicas", "updatedReplicas", "availableReplicas", "currentReplicas", "desiredReplicas"],
  ...["updateStrategy", "rollingUpdate", "partition", "currentRevision", "updateRevision", "paused", "suspend"],
  ...["desiredNumberScheduled", "updatedNumberScheduled", "numberAvailable", "numberReady", "currentNumberScheduled"],
  ...["containerStatuses", "initContainerStatuses", "state", "waiting", "terminated", "exitCode", "name", "ready"],
  ...["loadBalancer", "ingress", "ip", "hostname", "currentHealthy", "desiredHealthy", "expectedPods", "startTime"],
  ...["constructor", "toString", "length", "join", "then"],
];

/** Words that lead judges further than others. */
const WORDS = [
  ...["True", "False", "OnDelete", "Failed", "LoadBalancer", "CrashLoopBackOff", "Unschedulable", "SyncFailed", "[{}]"],
  ...["Available", "Progressing", "ReplicaFailure", "Ready", "Stalled", "AbleToScale", "ScalingActive", "PodScheduled"],
  ...["NamesAccepted", "Established", "Complete", "DisruptionAllowed", "FailedGetResourceMetric", "Reconciling"],
];

const { anything, fields } = anythingOf(NAMES, WORDS);

function expectVerdict(object: LiveObject): void {
  const { status: verdict, message } = assess(object);
  expect(HEALTH_STATUSES).toContain(verdict);
  expect(message).toEqual(expect.stringMatching(/./s));
}

test.each([...KINDS.keys(), "Gadget.example.com"])(
  "whatever a %s holds, there is a verdict and no exception",
  (key) => {
    const { group, kind } = parseGroupKind(key);
    const apiVersion = group === "" ? "v1" : `${group}/v1`;
    fc.assert(
      fc.property(fields, (some) => expectVerdict(parsed({ ...some, apiVersion, kind }))),
      { numRuns: 300 },
    );
  },
);

test("whatever an operator's objects hold, there is a verdict and no exception", () => {
  for (const { kinds, lines } of OPERATORS) {
    const told = [...new Set(JSON.stringify(lines).match(/[\w./ -]+/g))];
    const own = anythingOf([...NAMES, ...told], [...WORDS, ...told]);
    const { group, kind } = parseGroupKind((kinds[0] ?? "").replaceAll("*", "x"));
    fc.assert(
      fc.property(own.fields, (some) => expectVerdict(parsed({ ...some, apiVersion: `${group}/v1`, kind }))),
      { numRuns: 40 },
    );
  }
});

test("whatever the Pods below a workload hold, there is a reason or none, and no exception", () => {
  const replicas = live("apps/v1 ReplicaSet", { status: { observedGeneration: 2 } }, { uid: "r" });
  const metadata = { name: "web-1", ownerReferences: [null, {}, { uid: "r", controller: true }] };
  fc.assert(
    fc.property(fields, (some) => {
      const pod = parsed({ apiVersion: "v1", kind: "Pod", ...some, metadata });
      expect(reasonBelow(replicas, [pod])?.message ?? "Pod web-1").toMatch(/^Pod web-1/);
      expect(reasonBelow(parsed({ ...some, kind: "Deployment" }), [pod])).toBeUndefined();
    }),
    { numRuns: 300 },
  );
});

test("what is no object, or says no kind, is Unknown", () => {
  fc.assert(fc.property(anything, (value) => expectVerdict(parsed(value))));
  for (const value of [
    null,
    1,
    [],
    {},
    { kind: "Pod" },
    { apiVersion: {}, kind: "Pod" },
    { apiVersion: "v1", kind: {} },
  ])
    expect(assess(parsed(value)).status).toBe("Unknown");
});

test.each([
  ["no list", "a/b"],
  ["null", null],
  ["a list of nothing that is a name", [null, 1, {}]],
])("what is being deleted is so also when its finalizers are %s", (_, finalizers) => {
  expect(assess(live("v1 ConfigMap", {}, { deletionTimestamp: "2026-01-01T00:00:00Z", finalizers }))).toEqual({
    status: "Progressing",
    message: "is being deleted",
  });
});
