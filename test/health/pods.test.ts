import { expect, test } from "vitest";
import { assess } from "../../src/health/index.ts";
import { live } from "./live.ts";

const READY = { type: "Ready", status: "True" };
const pod = (status: object, spec: object = {}) => assess(live("v1 Pod", { spec, status }));
const running = (container: object, spec: object = {}) =>
  pod({ phase: "Running", containerStatuses: [{ name: "app", ready: false, ...container }] }, spec);

test.each(["ErrImagePull", "InvalidImageName", "CreateContainerConfigError", "PostStartHookError", "CrashLoopBackOff"])(
  "a container that waits in %s does not get up by itself",
  (reason) => {
    expect(running({ state: { waiting: { reason, message: "because" } } })).toEqual({
      status: "Degraded",
      message: `container app: ${reason}: because`,
    });
  },
);

test("between two falls of a crash loop a Pod stays Degraded", () => {
  const lastState = { terminated: { exitCode: 1, reason: "Error" } };
  expect(running({ restartCount: 3, state: { running: {} }, lastState })).toEqual({
    status: "Degraded",
    message: "container app ended with code 1 after 3 restarts: Error",
  });
});

test("what a container wrote at its end is not told: it may be of its log, and a log holds anything", () => {
  const lastState = { terminated: { exitCode: 1, reason: "Error", message: "password=hunter2" } };
  const { message } = running({ restartCount: 3, state: { running: {} }, lastState });
  expect(message).toBe("container app ended with code 1 after 3 restarts: Error");
});

test("a Pod that fell over once and is Ready again is Healthy", () => {
  const lastState = { terminated: { exitCode: 1 } };
  const containerStatuses = [{ name: "app", ready: true, restartCount: 1, lastState }];
  expect(pod({ phase: "Running", conditions: [READY], containerStatuses }).status).toBe("Healthy");
});

test.each(["Never", "OnFailure"])("a Pod that is meant to end is on its way until it has: %s", (restartPolicy) => {
  expect(pod({ phase: "Running", conditions: [READY] }, { restartPolicy })).toEqual({
    status: "Progressing",
    message: "runs, and is meant to end",
  });
  expect(pod({ phase: "Succeeded" }, { restartPolicy }).status).toBe("Healthy");
});

test("a Pod that starts says what its containers wait for", () => {
  expect(running({ state: { waiting: { reason: "ContainerCreating" } } })).toEqual({
    status: "Progressing",
    message: "0/1 containers ready (ContainerCreating)",
  });
  expect(pod({ phase: "Pending" })).toEqual({ status: "Progressing", message: "not started yet" });
});

test("a Pod that no node takes says why, and waits", () => {
  const conditions = [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/3 nodes" }];
  expect(pod({ phase: "Pending", conditions })).toEqual({
    status: "Progressing",
    message: "Unschedulable: 0/3 nodes",
  });
});

test("a Pod that failed gives its own words, or its container's code", () => {
  expect(pod({ phase: "Failed", reason: "Evicted", message: "low on memory" }).message).toBe("low on memory");
  const containerStatuses = [{ name: "app", state: { terminated: { exitCode: 137, reason: "OOMKilled" } } }];
  expect(pod({ phase: "Failed", containerStatuses })).toEqual({
    status: "Degraded",
    message: "container app ended with code 137: OOMKilled",
  });
});
