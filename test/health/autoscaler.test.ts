import { expect, test } from "vitest";
import { assess } from "../../src/health/index.ts";
import { live } from "./live.ts";

const ABLE = { type: "AbleToScale", status: "True", reason: "SucceededGetScale" };
const inactive = (reason: string, message: string) => ({ type: "ScalingActive", status: "False", reason, message });

/** As the API server writes a status that no controller has touched. */
const UNTOUCHED = { currentMetrics: null, desiredReplicas: 0 };

const autoscaler = (status: object) => live("autoscaling/v2 HorizontalPodAutoscaler", { status });

test.each([
  ["no status", undefined],
  ["the status that the server begins with", UNTOUCHED],
  ["no conditions", { ...UNTOUCHED, conditions: [] }],
])("an autoscaler that its controller has not looked at is Progressing: %s", (_, status) => {
  expect(assess(live("autoscaling/v2 HorizontalPodAutoscaler", status === undefined ? {} : { status }))).toEqual({
    status: "Progressing",
    message: "its controller has not looked at its target yet",
  });
});

test("an autoscaler that scales is Healthy, and says for how much", () => {
  const conditions = [ABLE, { type: "ScalingActive", status: "True", reason: "ValidMetricFound" }];
  expect(assess(autoscaler({ desiredReplicas: 3, conditions }))).toEqual({
    status: "Healthy",
    message: "wants 3 replicas",
  });
});

test.each([
  "FailedGetResourceMetric",
  "FailedGetContainerResourceMetric",
  "FailedGetPodsMetric",
  "FailedGetObjectMetric",
  "FailedGetExternalMetric",
])("an autoscaler of Pods that nobody has measured yet waits: %s", (reason) => {
  const message = "unable to get metrics for resource cpu: no metrics returned from resource metrics API";
  expect(assess(autoscaler({ ...UNTOUCHED, conditions: [ABLE, inactive(reason, message)] }))).toEqual({
    status: "Progressing",
    message: `waits for metrics (${reason}: ${message})`,
  });
});

test.each([
  "missing request for cpu in container app of Pod web-1",
  "unable to fetch metrics from resource metrics API: the server could not find the requested resource",
])("an autoscaler whose metrics will not come by waiting is Degraded: %s", (message) => {
  const conditions = [ABLE, inactive("FailedGetResourceMetric", message)];
  expect(assess(autoscaler({ ...UNTOUCHED, conditions }))).toEqual({
    status: "Degraded",
    message: `FailedGetResourceMetric: ${message}`,
  });
});

test("an autoscaler whose settings cannot work is Degraded, with the controller's words", () => {
  const conditions = [ABLE, inactive("InvalidMetricSourceType", "unknown metric source type")];
  expect(assess(autoscaler({ desiredReplicas: 3, conditions }))).toEqual({
    status: "Degraded",
    message: "InvalidMetricSourceType: unknown metric source type",
  });
});

test("an autoscaler that is off, because its target has no replicas, is Healthy and says so", () => {
  const conditions = [ABLE, inactive("ScalingDisabled", "the replica count of the target is zero")];
  expect(assess(autoscaler({ ...UNTOUCHED, conditions }))).toEqual({
    status: "Healthy",
    message: "ScalingDisabled: the replica count of the target is zero",
  });
});

test("in version v1 the conditions stand in an annotation", () => {
  const v1 = (conditions: string) =>
    assess(
      live(
        "autoscaling/v1 HorizontalPodAutoscaler",
        { status: { currentReplicas: 2, desiredReplicas: 0 } },
        { annotations: { "autoscaling.alpha.kubernetes.io/conditions": conditions } },
      ),
    ).status;
  expect(v1(JSON.stringify([ABLE, inactive("InvalidSelector", "no selector")]))).toBe("Degraded");
  expect(v1(JSON.stringify([ABLE, inactive("ScalingDisabled", "off")]))).toBe("Healthy");
  expect(v1("no JSON")).toBe("Progressing");
});
