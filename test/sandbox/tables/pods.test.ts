import { expect, test } from "vitest";
import type { JsonObject } from "../../../src/model/index.ts";
import { podStatus, readyCount, restarts } from "../../../src/sandbox/kubernetes/tables/pod-status.ts";
import { duration, selectorText } from "../../../src/sandbox/kubernetes/tables/read.ts";

test.each([
  [-5, "<invalid>"],
  [0, "0s"],
  [119, "119s"],
  [120, "2m"],
  [192, "3m12s"],
  [599, "9m59s"],
  [600, "10m"],
  [3 * 3600 - 1, "179m"],
  [3 * 3600 + 60, "3h1m"],
  [8 * 3600 + 59, "8h"],
  [47 * 3600, "47h"],
  [2 * 86400, "2d"],
  [2 * 86400 + 3 * 3600, "2d3h"],
  [8 * 86400 + 3600, "8d"],
  [2 * 365 * 86400, "2y"],
  [2 * 365 * 86400 + 5 * 86400, "2y5d"],
  [9 * 365 * 86400, "9y"],
])("%i seconds are %s", (seconds, expected) => {
  expect(duration(seconds)).toBe(expected);
});

const pod = (status: JsonObject, spec: JsonObject = {}): JsonObject => ({
  metadata: {},
  spec: { containers: [{ name: "web" }], ...spec },
  status,
});

test("a container that waits speaks for its Pod", () => {
  const state = { waiting: { reason: "ImagePullBackOff" } };
  expect(podStatus(pod({ phase: "Pending", containerStatuses: [{ name: "web", state }] }))).toBe("ImagePullBackOff");
});

test("a Pod that is being prepared says how far it is", () => {
  const status = {
    phase: "Pending",
    initContainerStatuses: [{ name: "a", state: { terminated: { exitCode: 0 } } }, { name: "b" }],
  };
  expect(podStatus(pod(status, { initContainers: [{ name: "a" }, { name: "b" }] }))).toBe("Init:1/2");
});

test("a Pod that goes is Terminating, but not one that has ended", () => {
  const going = (phase: string): JsonObject => ({
    ...pod({ phase }),
    metadata: { deletionTimestamp: "2025-01-01T00:00:00Z" },
  });
  expect([podStatus(going("Running")), podStatus(going("Succeeded"))]).toEqual(["Terminating", "Succeeded"]);
});

test("sidecars count among the containers that are ready", () => {
  const initContainerStatuses = [{ name: "proxy", started: true, ready: true, restartCount: 1 }];
  const containerStatuses = [{ name: "web", ready: true, restartCount: 2, state: { running: {} } }];
  const both = pod(
    { initContainerStatuses, containerStatuses },
    { initContainers: [{ name: "proxy", restartPolicy: "Always" }] },
  );
  expect(readyCount(both)).toBe("2/2");
  expect(restarts(both, new Date(0))).toBe("3");
});

test("restarts say when the last one was", () => {
  const lastState = { terminated: { finishedAt: "2025-01-01T00:00:00Z" } };
  const containerStatuses = [{ name: "web", restartCount: 3, lastState }];
  expect(restarts(pod({ containerStatuses }), new Date("2025-01-01T00:03:12Z"))).toBe("3 (3m12s ago)");
});

test("selectors are written as kubectl takes them", () => {
  const matchExpressions = [
    { key: "tier", operator: "In", values: ["a", "b"] },
    { key: "old", operator: "DoesNotExist" },
  ];
  expect(selectorText({ matchLabels: { app: "web" }, matchExpressions })).toBe("app=web,tier in (a,b),!old");
});
