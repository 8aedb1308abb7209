import fc from "fast-check";
import { expect, test } from "vitest";
import { STAGE_NAMES } from "../../src/model/index.ts";
import { printPlan, STAGES, stageOf } from "../../src/plan/index.ts";
import { manifest, planOf } from "./planned.ts";

const FOURTEEN = [
  manifest("networking.k8s.io/v1 Ingress web"),
  manifest("v1 Service web"),
  manifest("example.com/v1 Gadget big"),
  manifest("apps/v1 Deployment web"),
  manifest("apps/v1 StatefulSet db"),
  manifest("v1 PersistentVolumeClaim data"),
  manifest("v1 Secret web", { data: { password: "aHVudGVyMg==" } }),
  manifest("v1 ConfigMap web"),
  manifest("policy/v1 PodDisruptionBudget web"),
  manifest("rbac.authorization.k8s.io/v1 RoleBinding reader"),
  manifest("v1 ServiceAccount web"),
  manifest("apiextensions.k8s.io/v1 CustomResourceDefinition gadgets.example.com"),
  manifest("v1 Namespace shop"),
  manifest("admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration none"),
];

test("fourteen shuffled objects are planned in the order of their stages", () => {
  expect(printPlan(planOf({ wanted: FOURTEEN }))).toBe(
    [
      "namespaces",
      "  + Namespace shop  it is not in the cluster yet",
      "definitions",
      "  + CustomResourceDefinition gadgets.example.com  it is not in the cluster yet",
      "access",
      "  + RoleBinding shop/reader  it is not in the cluster yet",
      "  + ServiceAccount shop/web  it is not in the cluster yet",
      "policy",
      "  + PodDisruptionBudget shop/web  it is not in the cluster yet",
      "config",
      "  + ConfigMap shop/web  it is not in the cluster yet",
      "  + Secret shop/web  it is not in the cluster yet",
      "storage",
      "  + PersistentVolumeClaim shop/data  it is not in the cluster yet",
      "workloads",
      "  + Deployment shop/web  it is not in the cluster yet",
      "  + StatefulSet shop/db  it is not in the cluster yet",
      "services",
      "  + Service shop/web  it is not in the cluster yet",
      "custom",
      "  + Gadget shop/big  it is not in the cluster yet",
      "ingress",
      "  + Ingress shop/web  it is not in the cluster yet",
      "admission",
      "  + ValidatingWebhookConfiguration none  it is not in the cluster yet",
      "14 to create",
    ].join("\n"),
  );
});

test("the same manifests in any order give the same plan", () => {
  const expected = planOf({ wanted: FOURTEEN });
  fc.assert(
    fc.property(fc.shuffledSubarray(FOURTEEN, { minLength: FOURTEEN.length }), (wanted) => {
      expect(planOf({ wanted })).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

test("a plan is JSON and back the same, and holds no value of a Secret", () => {
  const plan = planOf({ wanted: FOURTEEN });
  const text = JSON.stringify(plan);
  expect(JSON.parse(text)).toEqual(plan);
  expect(text).not.toContain("aHVudGVyMg==");
});

test("a wave goes before any stage, and an object may be given another stage", () => {
  const early = { annotations: { "argocd.argoproj.io/sync-wave": "-1" } };
  const moved = { annotations: { "plumbline.dev/stage": "config" } };
  const { steps } = planOf({
    wanted: [manifest("v1 Namespace shop"), manifest("batch/v1 Job first", early), manifest("v1 Service web", moved)],
  });
  expect(steps.map(({ ref, stage, wave }) => [ref.name, stage, wave])).toEqual([
    ["first", "workloads", -1],
    ["shop", "namespaces", 0],
    ["web", "config", 0],
  ]);
});

test.each([
  ["plumbline.dev/stage", "workload"],
  ["plumbline.dev/wave", "first"],
])("an order that is not understood is the object's problem: %s: %s", (annotation, value) => {
  const { steps } = planOf({ wanted: [manifest("v1 ConfigMap web", { annotations: { [annotation]: value } })] });
  expect(steps[0]?.problem).toMatchObject({ code: "PL-MANIFEST-INVALID", message: expect.stringContaining(value) });
});

test("every stage has a reason, no kind stands in two of them, and what stands in none is custom", () => {
  const kinds = STAGES.flatMap((stage) => stage.kinds as readonly string[]);
  expect(new Set(kinds).size).toBe(kinds.length);
  expect(STAGES.map(({ name }) => name)).toEqual(STAGE_NAMES);
  expect(STAGES.every(({ why }) => why.length > 10)).toBe(true);
  const gadget = manifest("example.com/v1 Gadget big");
  expect(stageOf(gadget.ref, gadget.object)).toBe("custom");
});

test("another content of a Secret is another plan, though the plan shows neither", () => {
  const hashOf = (password: string) => planOf({ wanted: [manifest("v1 Secret web", { data: { password } })] }).hash;
  expect(hashOf("b25l")).not.toBe(hashOf("dHdv"));
  expect(hashOf("b25l")).toBe(hashOf("b25l"));
});

test("two documents of one object, and a wave of minus nothing, change no plan by their order and survive JSON", () => {
  const zero = manifest("v1 ConfigMap zero", { annotations: { "plumbline.dev/wave": "-0" } });
  const twice = [
    manifest("v1 ConfigMap twice", { data: { a: "1" } }, 1),
    manifest("v1 ConfigMap twice", { data: { a: "2" } }, 9),
  ];
  const plan = planOf({ wanted: [zero, ...twice] });
  expect(planOf({ wanted: [...twice.toReversed(), zero] })).toEqual(plan);
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
});

test.each([
  ["v1 Node", "policy", "a Pod's rules are about them"],
  ["networking.k8s.io/v1 ServiceCIDR", "policy", "a Service takes its address out of one"],
  ["certificates.k8s.io/v1beta1 ClusterTrustBundle", "config", "a Pod mounts it"],
  ["coordination.k8s.io/v1 Lease", "config", "a Pod reads it"],
  ["resource.k8s.io/v1 ResourceClaim", "storage", "a Pod waits for its devices as for its volumes"],
  ["storage.k8s.io/v1 VolumeAttachment", "storage", "it is a volume's"],
  ["events.k8s.io/v1 Event", "workloads", "it is about what runs"],
])("%s stands in %s: %s", (kind, stage) => {
  const { ref, object } = manifest(`${kind} some`);
  expect(stageOf(ref, object)).toBe(stage);
});
