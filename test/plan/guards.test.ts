import { expect, test } from "vitest";
import type { LiveObject } from "../../src/model/index.ts";
import { printPlan } from "../../src/plan/index.ts";
import { manifest, parentOf, planOf } from "./planned.ts";

const web = manifest("apps/v1 Deployment web");
const settings = manifest("v1 ConfigMap settings");
const service = manifest("v1 Service web");
const extra = manifest("v1 ConfigMap extra");
const claim = manifest("v1 PersistentVolumeClaim data");
const ALL = [web, settings, service, extra];
const parent = parentOf(["ConfigMap", "Deployment.apps", "Namespace", "PersistentVolumeClaim", "Service"]);

const guards = (plan: ReturnType<typeof planOf>) => plan.withheld.map(({ ref, guard }) => [ref.name, guard]);
const going = (name: string) => (live: LiveObject) =>
  live.metadata.name !== name
    ? live
    : {
        ...live,
        metadata: {
          ...live.metadata,
          deletionTimestamp: "2026-01-01T00:00:00Z",
          finalizers: ["kubernetes.io/pvc-protection"],
        },
      };

test("what a person may lift says by which command, and is lifted where he does", () => {
  const plan = planOf({ wanted: [settings], there: ALL, parent });
  expect(plan.withheld.map(({ lift }) => lift)).toEqual(Array(3).fill("plumb sync team-a/shop --allow-prune"));
  expect(printPlan(plan)).toContain("once, all the same: plumb sync team-a/shop --allow-prune");
  expect(printPlan(plan).match(/3 of 4 objects/g)).toHaveLength(1);
  const lifted = planOf({ wanted: [settings], there: ALL, parent, allowPrune: true });
  expect([lifted.prunes.length, lifted.withheld]).toEqual([3, []]);
  expect(lifted.hash).not.toBe(plan.hash);
});

test("a protected kind is deleted once where a person allows it, and names the command", () => {
  const space = manifest("v1 Namespace shop");
  const scene = { wanted: [settings], there: [settings, space], parent };
  expect(planOf(scene).withheld).toMatchObject([
    { guard: "protected-kind", lift: "plumb sync team-a/shop --allow-prune" },
  ]);
  expect(planOf({ ...scene, allowPrune: true }).prunes.map(({ ref }) => ref.name)).toEqual(["shop"]);
});

test("no person lifts what an incomplete set, another's id, an author's own wish or the policy holds", () => {
  const allowed = { there: ALL, parent, allowPrune: true } as const;
  const broken = manifest("v1 ConfigMap broken", { annotations: { "plumbline.dev/stage": "nowhere" } });
  expect(guards(planOf({ ...allowed, wanted: [settings, extra, web, broken] }))).toEqual([["web", "incomplete"]]);
  expect(new Set(planOf({ ...allowed, wanted: [] }).withheld.map(({ guard }) => guard))).toEqual(
    new Set(["incomplete"]),
  );
  const copy = (live: LiveObject): LiveObject =>
    live.metadata.name === "extra" ? { ...live, metadata: { ...live.metadata, name: "copy" } } : live;
  expect(guards(planOf({ ...allowed, wanted: [settings, web, service], alter: copy }))).toEqual([
    ["copy", "not-own-id"],
  ]);
  expect(guards(planOf({ ...allowed, wanted: [settings, web, service], policy: { prune: false } }))).toEqual([
    ["extra", "policy"],
  ]);
  const kept = manifest("v1 ConfigMap extra", { annotations: { "plumbline.dev/prune": "disabled" } });
  const plan = planOf({ ...allowed, wanted: [settings, web, service], there: [settings, web, service, kept] });
  expect(guards(plan)).toEqual([["extra", "disabled"]]);
  expect(plan.withheld[0]?.lift).toBeUndefined();
});

test.each([
  ["argocd.argoproj.io/sync-options", "Validate=false, Prune=false"],
  ["argocd.argoproj.io/sync-options", "Delete=false"],
  ["helm.sh/resource-policy", "keep"],
  ["kustomize.toolkit.fluxcd.io/prune", "disabled"],
  ["client.lifecycle.config.k8s.io/deletion", "detach"],
  ["cli-utils.sigs.k8s.io/on-remove", "keep"],
  ["kapp.k14s.io/delete-strategy", "orphan"],
])("an object that says %s: %s stays, and the sentence names it", (annotation, value) => {
  const kept = manifest("v1 ConfigMap extra", { annotations: { [annotation]: value } });
  const scene = { wanted: [settings, web, service], there: [settings, web, service, kept], parent };
  const plan = planOf({ ...scene, allowPrune: true });
  expect(guards(plan)).toEqual([["extra", "disabled"]]);
  expect(plan.withheld[0]?.reason).toContain(`${annotation}: ${value}`);
  const other = manifest("v1 ConfigMap extra", { annotations: { [annotation]: "Prune=true" } });
  expect(planOf({ ...scene, there: [settings, web, service, other] }).prunes).toHaveLength(1);
});

test("an object that asks for confirmation is deleted when a person allows it, or its author has confirmed", () => {
  const annotations = { "argocd.argoproj.io/sync-options": "Prune=confirm" };
  const asked = manifest("v1 ConfigMap extra", { annotations });
  const scene = { wanted: [settings, web, service], there: [settings, web, service, asked], parent };
  expect(guards(planOf(scene))).toEqual([["extra", "protected-kind"]]);
  expect(planOf({ ...scene, allowPrune: true }).prunes).toHaveLength(1);
  const confirmed = manifest("v1 ConfigMap extra", {
    annotations: { ...annotations, "plumbline.dev/prune": "confirm" },
  });
  expect(planOf({ ...scene, there: [settings, web, service, confirmed] }).prunes).toHaveLength(1);
});

test("for the sake of a label put by hand the inventory never names a kind that it did not name before", () => {
  const scene = { wanted: [settings, extra], there: [settings, extra, web], parent: parentOf(["ConfigMap"]) };
  const { withheld, inventory } = planOf(scene);
  expect(withheld.map(({ guard }) => guard)).toEqual(["not-own-id"]);
  expect(inventory.after.groupKinds).toEqual(["ConfigMap"]);
  const known = planOf({ ...scene, parent, alter: (live) => (live.kind === "Deployment" ? withoutId(live) : live) });
  expect(known.inventory.after.groupKinds).toEqual(["ConfigMap", "Deployment.apps"]);
});

function withoutId({ metadata: { annotations: _, ...metadata }, ...live }: LiveObject): LiveObject {
  return { ...live, metadata } as LiveObject;
}

test("what is on its way out already is named as that, is not asked for again, and holds back only what is deleted after it", () => {
  const plan = planOf({
    wanted: [settings],
    there: [settings, extra, claim, service, web],
    parent,
    alter: going("data"),
    policy: { pruneLimit: 100 },
  });
  expect(plan.going).toMatchObject([
    { ref: { kind: "PersistentVolumeClaim", name: "data" }, finalizers: ["kubernetes.io/pvc-protection"] },
  ]);
  expect(plan.prunes.map(({ ref }) => ref.kind)).toEqual(["Service", "Deployment"]);
  expect(plan.withheld).toEqual([
    expect.objectContaining({
      guard: "order",
      reason: "ConfigMap shop/extra is deleted when PersistentVolumeClaim shop/data is gone",
    }),
  ]);
  expect(plan.inventory.after.groupKinds).toEqual(["ConfigMap", "PersistentVolumeClaim"]);
  expect(printPlan(plan)).toContain(
    "PersistentVolumeClaim shop/data is to go since 2026-01-01T00:00:00Z, and waits for finalizer kubernetes.io/pvc-protection (taken off when no Pod mounts it any more)",
  );
});

test("deleting the application deletes all of it, above the limit and with Git out of the picture", () => {
  const plan = planOf({ wanted: [], there: ALL, parent, deleting: "prune", policy: { prune: false } });
  expect(plan.prunes.map(({ ref }) => ref.kind)).toEqual(["Service", "Deployment", "ConfigMap", "ConfigMap"]);
  expect([plan.withheld, plan.releases]).toEqual([[], []]);
});

test("deleting the application lets go of what its guards keep, and leaves copies of members alone", () => {
  const space = manifest("v1 Namespace shop");
  const kept = manifest("v1 ConfigMap kept", { annotations: { "helm.sh/resource-policy": "keep" } });
  const copy = (live: LiveObject): LiveObject =>
    live.metadata.name === "extra" ? { ...live, metadata: { ...live.metadata, name: "copy" } } : live;
  const plan = planOf({ wanted: [], there: [...ALL, space, kept], parent, deleting: "prune", alter: copy });
  expect(plan.releases?.map(({ ref, action }) => [ref.name, action])).toEqual([
    ["shop", "release"],
    ["kept", "release"],
  ]);
  expect(plan.prunes.map(({ ref }) => ref.name)).not.toContain("copy");
});

test("an application that is deleted without its objects lets go of all of them", () => {
  const plan = planOf({ wanted: [], there: ALL, parent, deleting: "orphan" });
  expect(plan.prunes).toEqual([]);
  expect(plan.releases).toHaveLength(4);
});

test("what another application may take over is neither deleted nor let go of while its application is deleted", () => {
  const moving = new Map(
    ["moving", "unseen"].map((guard, i) => [
      `/ConfigMap:shop/${i === 0 ? "extra" : "settings"}`,
      { guard: guard as "moving" | "unseen", why: "w" },
    ]),
  );
  const plan = planOf({ wanted: [], there: ALL, parent, deleting: "prune", moving });
  expect(guards(plan)).toEqual([
    ["extra", "moving"],
    ["settings", "unseen"],
  ]);
  expect([plan.prunes.length, plan.releases]).toEqual([2, []]);
});
