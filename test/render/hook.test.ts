import { expect, test } from "vitest";
import { hookOf } from "../../src/render/hook.ts";

const hooked = (annotations: { [name: string]: string } | undefined) =>
  hookOf({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", ...(annotations && { annotations }) } });

test("an object without the annotation is no hook", () => {
  expect(hooked(undefined)).toBeUndefined();
  expect(hooked({ other: "x" })).toBeUndefined();
});

test("events, weight and delete policies are read as Helm writes them", () => {
  const annotations = {
    "helm.sh/hook": "pre-install, Post-Upgrade",
    "helm.sh/hook-weight": "-5",
    "helm.sh/hook-delete-policy": "hook-succeeded,hook-failed",
  };
  expect(hooked(annotations)).toEqual({
    events: ["pre-install", "post-upgrade"],
    weight: -5,
    deletePolicies: ["hook-succeeded", "hook-failed"],
  });
});

test("a weight that is no number is none, and without a policy the object is replaced", () => {
  expect(hooked({ "helm.sh/hook": "pre-install", "helm.sh/hook-weight": "heavy" })).toEqual({
    events: ["pre-install"],
    weight: 0,
    deletePolicies: ["before-hook-creation"],
  });
});

test.each(["test", "test-success", "pre-install,test", "crd-install", "sometime"])("%s is left out", (events) => {
  expect(hooked({ "helm.sh/hook": events })).toBe("left out");
});
