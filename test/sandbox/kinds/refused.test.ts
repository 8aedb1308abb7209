import { expect, test } from "vitest";
import type { JsonObject, KubeObject } from "../../../src/model/index.ts";
import { ApiError } from "../../../src/sandbox/kubernetes/api-error.ts";
import { refuseBuiltIn } from "../../../src/sandbox/kubernetes/kinds/index.ts";

const made = (kind: string, body: JsonObject): KubeObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name: "web" },
  ...body,
});

function refusal(kind: string, body: JsonObject, before?: JsonObject): string {
  const metadata = { name: "web", uid: "u", resourceVersion: "1" };
  try {
    refuseBuiltIn({ object: made(kind, body), before: before && { ...made(kind, before), metadata } });
  } catch (error) {
    if (error instanceof ApiError) return error.message.slice(`${kind} "web" is invalid: `.length);
    throw error;
  }
  return "accepted";
}

const pod = (spec: JsonObject): JsonObject => ({ spec: { containers: [{ name: "web", image: "web:1", ...spec }] } });

test("a Pod with what it needs is accepted", () => {
  expect(refusal("Pod", pod({ ports: [{ containerPort: 80, protocol: "TCP" }] }))).toBe("accepted");
});

test.each([
  ["no container", { spec: {} }, "spec.containers: Required value"],
  ["no image", { spec: { containers: [{ name: "web" }] } }, "spec.containers[0].image: Required value"],
  [
    "a volume nobody has",
    pod({ volumeMounts: [{ name: "gone", mountPath: "/a" }] }),
    'spec.containers[0].volumeMounts[0].name: Not found: "gone"',
  ],
  [
    "more asked for than allowed",
    pod({ resources: { limits: { cpu: "100m" }, requests: { cpu: "1" } } }),
    'spec.containers[0].resources.requests: Invalid value: "1": must be less than or equal to cpu limit of 100m',
  ],
  [
    "a probe in two ways",
    pod({ livenessProbe: { exec: {}, tcpSocket: { port: 80 } } }),
    "spec.containers[0].livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type",
  ],
])("a Pod with %s is refused", (_, body, expected) => {
  expect(refusal("Pod", body)).toBe(expected);
});

test("a sealed ConfigMap stays as it is, and sealed", () => {
  const sealed = { immutable: true, data: { a: "b" } };
  const says = "Forbidden: field is immutable when `immutable` is set";
  expect(refusal("ConfigMap", { data: { a: "c" } }, sealed)).toBe(`[immutable: ${says}, data: ${says}]`);
});

test("ports of one Service have names, and each its own", () => {
  const ports = [{ name: "a", port: 80 }, { name: "a", port: 81 }, { port: 82 }];
  expect(refusal("Service", { spec: { ports } })).toBe(
    '[spec.ports[1].name: Duplicate value: "a", spec.ports[2].name: Required value]',
  );
});

test("every wrong field is told of, not only the first", () => {
  const rules = [
    { apiGroups: [""], resources: ["pods"] },
    { verbs: ["get"], resources: ["pods"] },
  ];
  expect(refusal("Role", { rules })).toBe(
    "[rules[0].verbs: Required value: verbs must contain at least one value, " +
      "rules[1].apiGroups: Required value: resource rules must supply at least one api group]",
  );
});
