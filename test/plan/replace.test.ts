import { expect, test } from "vitest";
import { type LiveObject, type Manifest, PlumblineError, refKey, toProblem } from "../../src/model/index.ts";
import { printPlan } from "../../src/plan/index.ts";
import { manifest, planOf, ready } from "./planned.ts";

const refused = {
  fields: ["spec.selector"],
  problem: toProblem(new PlumblineError("PL-KUBE-IMMUTABLE", { message: "spec.selector: field is immutable" })),
};

const keyOf = (wanted: Manifest) => refKey(ready([wanted])[0]?.ref ?? wanted.ref);

interface Wanted {
  readonly kind?: string;
  readonly annotations?: { [key: string]: string };
  readonly spec?: object;
  readonly there?: object;
  readonly anew?: boolean;
}

/** One object that differs and that the server does not change. */
function planned({ kind = "apps/v1 Deployment", annotations = {}, spec = {}, there = spec, anew = false }: Wanted) {
  const text = `${kind} web`;
  const wanted = manifest(text, { annotations, spec });
  const bad = toProblem(new PlumblineError("PL-KUBE-INVALID", { message: "spec.replicas: must be positive" }));
  return planOf({
    wanted: [wanted],
    there: [manifest(text, { spec: there })],
    unchangeable: new Map([[keyOf(wanted), { ...refused, ...(anew ? { anew: bad } : {}) }]]),
  }).steps[0];
}

const allowed = { "plumbline.dev/replace": "allowed" };
const workload = (selector: object, labels: object) => ({ selector, template: { metadata: { labels } } });

test("without permission the step has a problem that names the field and the annotation, and keeps its action", () => {
  const step = planned({});
  expect(step).toMatchObject({ action: "update", problem: { code: "PL-KUBE-IMMUTABLE" } });
  expect(step?.problem?.message).toBe(
    "spec.selector of Deployment shop/web cannot be changed: spec.selector: field is immutable",
  );
  expect(step?.problem?.next).toContain("plumbline.dev/replace: allowed on the object in Git");
});

test.each([
  ["plumbline.dev/replace", "allowed"],
  ["plumbline.dev/replace", "confirm"],
  ["kustomize.toolkit.fluxcd.io/force", "Enabled"],
  ["kapp.k14s.io/update-strategy", "fallback-on-replace"],
  ["argocd.argoproj.io/sync-options", "Replace=true, Force=true"],
])("%s: %s allows to replace", (name, value) => {
  expect(planned({ annotations: { [name]: value } })).toMatchObject({ action: "replace", uid: "uid-web" });
});

test.each([
  ["argocd.argoproj.io/sync-options", "Replace=true"],
  ["kustomize.toolkit.fluxcd.io/force", "disabled"],
  ["kapp.k14s.io/update-strategy", "skip"],
])("%s: %s allows nothing", (name, value) => {
  expect(planned({ annotations: { [name]: value } })?.problem?.code).toBe("PL-KUBE-IMMUTABLE");
});

test.each([
  ["the same label", workload({ matchLabels: { app: "web" } }, {}), "Orphan"],
  [
    "an expression",
    workload({ matchExpressions: [{ key: "app", operator: "In", values: ["web", "old"] }] }, {}),
    "Orphan",
  ],
  ["another label", workload({ matchLabels: { app: "other" } }, {}), "Background"],
  ["a label more", workload({ matchLabels: { app: "web", tier: "front" } }, {}), "Background"],
  ["nothing", {}, "Background"],
])("Pods go on running where the new selector has %s that they carry", (_, spec, propagation) => {
  const there = workload({ matchLabels: { app: "web", old: "yes" } }, { app: "web", old: "yes" });
  expect(planned({ annotations: allowed, spec, there })?.replacement?.propagation).toBe(propagation);
});

test("the Pods of a Job end before it runs again", () => {
  expect(planned({ kind: "batch/v1 Job", annotations: allowed })?.replacement).toMatchObject({
    propagation: "Foreground",
    loss: "its Pods are stopped, and then it runs again",
  });
});

test.each([
  ["v1 PersistentVolumeClaim", "what the volume holds"],
  ["v1 Namespace", "everything in it"],
])("%s is replaced only with a word of its own, since data goes along", (kind, what) => {
  const step = planned({ kind, annotations: allowed });
  expect(step).toMatchObject({ action: "update", problem: { code: "PL-KUBE-IMMUTABLE" } });
  expect(step?.problem?.message).toContain(what);
  expect(step?.problem?.next).toContain("plumbline.dev/replace: confirm");
  expect(planned({ kind, annotations: { "plumbline.dev/replace": "confirm" } })?.action).toBe("replace");
});

test("a StatefulSet whose claims go with it needs that word, unless the new one takes its Pods over", () => {
  const kept = workload({ matchLabels: { app: "db" } }, { app: "db" });
  const there = { ...kept, persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete" } };
  const other = { ...there, selector: { matchLabels: { app: "other" } } };
  const kind = "apps/v1 StatefulSet";
  expect(planned({ kind, annotations: allowed, spec: kept, there })?.action).toBe("replace");
  expect(planned({ kind, annotations: allowed, spec: other, there })?.problem?.message).toContain("its claims");
});

test("what would be refused when made anew is not deleted for it", () => {
  const step = planned({ annotations: allowed, anew: true });
  expect(step).toMatchObject({ action: "update", problem: { code: "PL-KUBE-INVALID" } });
  expect(step?.problem?.message).toContain("is not replaced, since it would be refused when made anew: spec.replicas");
});

test("a plan shows what is replaced, why and what is lost", () => {
  const wanted = manifest("apps/v1 Deployment web", { annotations: allowed });
  const plan = planOf({
    wanted: [wanted],
    there: [manifest("apps/v1 Deployment web")],
    unchangeable: new Map([[keyOf(wanted), refused]]),
  });
  expect(printPlan(plan)).toBe(
    [
      "workloads",
      "  ± Deployment shop/web  it is deleted and made anew, since spec.selector cannot be changed: its Pods are stopped, since the new selector does not select them, and new ones started",
      "1 to replace",
    ].join("\n"),
  );
  expect(plan.inventory.after.groupKinds).toEqual(["Deployment.apps"]);
});

test.each([
  ["plumbline.dev/replace", "yes"],
  ["plumbline.dev/apply", "twice"],
])("%s: %s is not understood, and says what may stand there", (name, value) => {
  expect(planned({ annotations: { [name]: value } })?.problem).toMatchObject({
    code: "PL-MANIFEST-INVALID",
    message: expect.stringContaining(`${name} is "${value}"; it may be`),
  });
});

const mode = (value: string) => ({ annotations: { "plumbline.dev/apply": value } });

test("what is made once is made when it is missing, and is a member", () => {
  const plan = planOf({ wanted: [manifest("v1 ConfigMap seed", mode("once"))] });
  expect(plan.steps[0]).toMatchObject({ action: "create", apply: "once" });
  expect(plan.inventory.after.groupKinds).toEqual(["ConfigMap"]);
});

test("what is made once and is there is left, also where it is not ours, and does not become it", () => {
  const wanted = manifest("v1 ConfigMap seed", mode("once"));
  const stranger = (live: LiveObject): LiveObject => ({
    ...live,
    metadata: { ...live.metadata, labels: {}, annotations: {} },
  });
  const plan = planOf({ wanted: [wanted], there: [manifest("v1 ConfigMap seed")], alter: stranger });
  expect(plan.steps[0]).toMatchObject({ action: "none", apply: "once" });
  expect(plan.inventory.after.groupKinds).toEqual([]);
  expect(printPlan(plan)).toBe(
    [
      "left as they are",
      "    ConfigMap shop/seed  it is there, and is made once and never changed (plumbline.dev/apply: once)",
      "1 unchanged",
    ].join("\n"),
  );
});

test("what is never written is not made either, and the plan says that it is missing", () => {
  const [step] = planOf({ wanted: [manifest("v1 ConfigMap seed", mode("never"))] }).steps;
  expect(step).toMatchObject({ action: "none", apply: "never" });
  expect(step?.reason).toBe("it is not in the cluster, and is not made (plumbline.dev/apply: never)");
});

test("what is never written and belongs to another application is no claim of ours", () => {
  const label = (live: LiveObject): LiveObject => ({
    ...live,
    metadata: {
      ...live.metadata,
      annotations: { "plumbline.dev/id": "other.app:/ConfigMap:shop/seed" },
      labels: { "applyset.kubernetes.io/part-of": "applyset-other-v1" },
    },
  });
  const wanted = manifest("v1 ConfigMap seed", mode("never"));
  const [step] = planOf({ wanted: [wanted], there: [manifest("v1 ConfigMap seed")], alter: label }).steps;
  expect(step?.problem).toBeUndefined();
});

test("a member that is only looked at from now on stays one, and is not pruned", () => {
  const plan = planOf({
    wanted: [manifest("v1 ConfigMap seed", mode("never"))],
    there: [manifest("v1 ConfigMap seed")],
  });
  expect([plan.prunes, plan.withheld]).toEqual([[], []]);
  expect(plan.inventory.after.groupKinds).toEqual(["ConfigMap"]);
});

test.each([
  ["IfNotPresent", "once"],
  ["Ignore", "never"],
])("ssa: %s of Flux means %s", (value, apply) => {
  const annotations = { "kustomize.toolkit.fluxcd.io/ssa": value };
  expect(planOf({ wanted: [manifest("v1 ConfigMap seed", { annotations })] }).steps[0]).toMatchObject({ apply });
});
