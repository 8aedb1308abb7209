import { expect, test } from "vitest";
import { podSelectorOf } from "../../src/sync/label-selector.ts";

const workload = (selector: unknown, kind = "Deployment") =>
  podSelectorOf(
    JSON.parse(JSON.stringify({ apiVersion: "apps/v1", kind, metadata: { name: "web" }, spec: { selector } })),
  );

test("labels and expressions become one selector of a query", () => {
  const matchExpressions = [
    { key: "tier", operator: "In", values: ["a", "b"] },
    { key: "old", operator: "NotIn", values: ["c"] },
    { key: "here", operator: "Exists" },
    { key: "gone", operator: "DoesNotExist" },
  ];
  expect(workload({ matchLabels: { app: "web" }, matchExpressions })).toBe(
    "app=web,tier in (a,b),old notin (c),here,!gone",
  );
  expect(workload({ app: "web" }, "ReplicationController")).toBe("app=web");
});

test.each([
  ["none", undefined],
  ["an empty one", {}],
  ["no object", "app=web"],
  ["an operator that nobody knows", { matchExpressions: [{ key: "a", operator: "Near" }] }],
  ["too many", { matchLabels: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`l${i}`, "x"])) }],
])("what would select everything, or cannot be written, is no selector: %s", (_, selector) => {
  expect(workload(selector)).toBeUndefined();
});
