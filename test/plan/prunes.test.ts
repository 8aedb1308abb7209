import { expect, test } from "vitest";
import type { LiveObject } from "../../src/model/index.ts";
import { manifest, parentOf, planOf } from "./planned.ts";

const web = manifest("apps/v1 Deployment web");
const settings = manifest("v1 ConfigMap settings");
const service = manifest("v1 Service web");
const extra = manifest("v1 ConfigMap extra");
const ALL = [web, settings, service, extra];
const parent = parentOf(["ConfigMap", "Deployment.apps", "Service"]);

const guards = (plan: ReturnType<typeof planOf>) => plan.withheld.map(({ ref, guard }) => [ref.name, guard]);

test("what Git no longer wants is pruned in the reverse of the order of making, each by its uid", () => {
  const { prunes, withheld } = planOf({ wanted: [settings, extra], there: ALL, parent });
  expect(prunes.map(({ ref, action, uid }) => [ref.kind, action, uid])).toEqual([
    ["Service", "prune", "uid-web"],
    ["Deployment", "prune", "uid-web"],
  ]);
  expect(withheld).toEqual([]);
});

test.each([
  ["Deployment", { replicas: 0, terminatingReplicas: 1 }, "Foreground"],
  ["StatefulSet", { replicas: 2 }, "Foreground"],
  ["DaemonSet", { currentNumberScheduled: 1 }, "Foreground"],
  ["Deployment", { replicas: 0 }, undefined],
  ["Deployment", undefined, undefined],
  ["Widget", { replicas: 2 }, undefined],
])("a %s goes after its last Pods where its status tells of any: %j", (kind, status, propagation) => {
  const old = manifest(`apps/v1 ${kind} old`);
  const withStatus = (live: LiveObject) => ({ ...live, ...(status === undefined ? {} : { status }) });
  const inventory = parentOf(["ConfigMap", `${kind}.apps`]);
  const { prunes } = planOf({ wanted: [settings], there: [settings, old], parent: inventory, alter: withStatus });
  expect(prunes.map((step) => [step.ref.name, step.propagation])).toEqual([["old", propagation]]);
});

test("more than the limit at once is held back, with both numbers", () => {
  const plan = planOf({ wanted: [settings], there: ALL, parent });
  expect(plan.prunes).toEqual([]);
  expect(guards(plan)).toEqual([
    ["extra", "limit"],
    ["web", "limit"],
    ["web", "limit"],
  ]);
  expect(plan.withheld[0]?.reason).toBe(
    "3 of 4 objects would be deleted, more than sync.pruneLimit (50 %) allows at once",
  );
  expect(planOf({ wanted: [settings], there: ALL, parent, policy: { pruneLimit: 80 } }).prunes).toHaveLength(3);
});

test("the limit is a share of the members: what is only now adopted does not make room for deletions", () => {
  const strangers = ["a", "b", "c", "d"].map((name) => manifest(`v1 Secret ${name}`));
  const plan = planOf({
    wanted: strangers,
    there: [...ALL, ...strangers],
    parent,
    alter: (live) => (live.kind === "Secret" ? { ...live, metadata: { ...live.metadata, labels: {} } } : live),
  });
  expect(plan.withheld.map(({ guard }) => guard)).toEqual(["limit", "limit", "limit", "limit"]);
  expect(plan.withheld[0]?.reason).toContain("4 of 4 objects");
});

test("fewer than four objects are no fleet: the limit does not hold there", () => {
  expect(planOf({ wanted: [settings], there: [settings, web, service], parent }).prunes).toHaveLength(2);
});

test("nothing is pruned while a wanted object has a problem", () => {
  const broken = manifest("v1 ConfigMap broken", { annotations: { "plumbline.dev/stage": "nowhere" } });
  expect(guards(planOf({ wanted: [settings, extra, web, broken], there: ALL, parent }))).toEqual([
    ["web", "incomplete"],
  ]);
});

test("nothing is pruned when Git wants nothing at all", () => {
  expect(guards(planOf({ wanted: [], there: [settings], parent }))).toEqual([["settings", "incomplete"]]);
});

test("a copy that carries another object's id stays", () => {
  const copy = (live: LiveObject): LiveObject =>
    live.metadata.name === "extra" ? { ...live, metadata: { ...live.metadata, name: "copy" } } : live;
  const plan = planOf({ wanted: [settings, web, service], there: ALL, parent, alter: copy });
  expect(guards(plan)).toEqual([["copy", "not-own-id"]]);
  expect(plan.withheld[0]?.reason).toContain("somebody copied it");
});

test("an object whose kind the inventory does not name stays", () => {
  expect(guards(planOf({ wanted: [settings, web, extra], there: ALL, parent: parentOf(["ConfigMap"]) }))).toEqual([
    ["web", "not-own-id"],
  ]);
});

test("what a controller made is nobody's to prune", () => {
  const ownerReferences = [{ apiVersion: "v1", kind: "Service", name: "web", uid: "u", controller: true }];
  const plan = planOf({
    wanted: [settings, web, service],
    there: ALL,
    parent,
    alter: (live) => ({ ...live, metadata: { ...live.metadata, ownerReferences } }),
  });
  expect([plan.prunes, plan.withheld]).toEqual([[], []]);
});

test("prune: disabled on the object, and sync.prune: false, keep it", () => {
  const kept = manifest("v1 ConfigMap extra", { annotations: { "plumbline.dev/prune": "disabled" } });
  expect(guards(planOf({ wanted: [settings, web, service], there: [settings, web, service, kept], parent }))).toEqual([
    ["extra", "disabled"],
  ]);
  expect(guards(planOf({ wanted: [settings, web, service], there: ALL, parent, policy: { prune: false } }))).toEqual([
    ["extra", "policy"],
  ]);
});

test("a Namespace goes only when it was confirmed", () => {
  const namespaces = parentOf(["ConfigMap", "Namespace"]);
  const plain = manifest("v1 Namespace shop");
  const confirmed = manifest("v1 Namespace shop", { annotations: { "plumbline.dev/prune": "confirm" } });
  expect(guards(planOf({ wanted: [settings], there: [settings, plain], parent: namespaces }))).toEqual([
    ["shop", "protected-kind"],
  ]);
  expect(planOf({ wanted: [settings], there: [settings, confirmed], parent: namespaces }).prunes).toHaveLength(1);
});

test("the inventory is widened to old and new, and narrowed to new and what is held back", () => {
  const { inventory } = planOf({ wanted: [settings, extra, manifest("v1 Secret s")], there: ALL, parent });
  expect(inventory.before.groupKinds).toEqual(["ConfigMap", "Deployment.apps", "Secret", "Service"]);
  expect(inventory.after.groupKinds).toEqual(["ConfigMap", "Secret"]);
  expect(planOf({ wanted: [settings], there: ALL, parent }).inventory.after.groupKinds).toEqual([
    "ConfigMap",
    "Deployment.apps",
    "Service",
  ]);
});

test("a member that cannot be applied today stays in the inventory, so that it is still a member tomorrow", () => {
  const broken = manifest("v1 Service web", { annotations: { "plumbline.dev/stage": "nowhere" } });
  const { inventory } = planOf({ wanted: [settings, broken], there: [settings, service], parent });
  expect(inventory.after.groupKinds).toEqual(["ConfigMap", "Service"]);
});

test("endpoints that copied the labels of their Service are the controller's, though no owner stands in them", () => {
  const copy = manifest("v1 Endpoints web");
  const byController = { manager: "kube-controller-manager", operation: "Update" as const };
  const made = (managedFields: LiveObject["metadata"]["managedFields"]) =>
    planOf({
      wanted: ALL,
      there: [...ALL, copy],
      parent,
      alter: (live) => {
        if (live.kind !== "Endpoints") return live;
        const { annotations: _, ...metadata } = live.metadata;
        return { ...live, metadata: { ...metadata, managedFields: managedFields ?? [] } };
      },
    });
  expect(made([byController]).withheld).toEqual([]);
  expect(guards(made([byController, { manager: "kubectl-edit" }]))).toEqual([["web", "not-own-id"]]);
  expect(guards(made([]))).toEqual([["web", "not-own-id"]]);
});

test("an object that is served in two groups is not taken for a copy of itself", () => {
  const [told, same] = [manifest("events.k8s.io/v1 Event told"), manifest("v1 Event told")];
  const oneUid = (live: LiveObject) => ({ ...live, metadata: { ...live.metadata, uid: "one" } });
  const plan = planOf({
    wanted: [told],
    there: [told, same],
    parent: parentOf(["Event", "Event.events.k8s.io"]),
    alter: oneUid,
  });
  expect([plan.prunes, plan.withheld]).toEqual([[], []]);
});
