import { expect, test } from "vitest";
import { graphOf, pictureOf } from "../../src/plan/index.ts";
import { manifest, parentOf, planOf } from "./planned.ts";

const wave = (value: number | string) => ({ "argocd.argoproj.io/sync-wave": `${value}` });
const dependsOn = (...on: readonly string[]) => ({ "config.kubernetes.io/depends-on": on.join(", ") });

const draw = (scene: Parameters<typeof planOf>[0]) => pictureOf(graphOf(planOf(scene)));

test("stages wait until the server has the one before, waves until the one before is healthy", () => {
  const wanted = [
    manifest("v1 ConfigMap settings"),
    manifest("apps/v1 Deployment db"),
    manifest("apps/v1 Deployment cache"),
    manifest("batch/v1 Job first", { annotations: wave(-1) }),
    manifest("apps/v1 Deployment web", { annotations: wave(2) }),
    manifest("v1 Service web", { annotations: wave(2) }),
  ];
  expect(`\n${draw({ wanted })}\n`).toBe(`
Sync wave -1
  workloads
    + Job shop/first
Sync wave 0, when Sync wave -1 is healthy
  config
    + ConfigMap shop/settings
  workloads, when config is accepted
    + Deployment shop/cache
    + Deployment shop/db
Sync wave 2, when Sync wave 0 is healthy
  workloads
    + Deployment shop/web
  services, when workloads is accepted
    + Service shop/web
`);
});

test("what depends on others waits for their health and keeps no later stage waiting", () => {
  const wanted = [
    manifest("apps/v1 Deployment web", { annotations: dependsOn("apps/namespaces/shop/StatefulSet/db") }),
    manifest("apps/v1 StatefulSet db"),
    manifest("v1 Service db"),
    manifest("v1 ConfigMap late", {
      annotations: dependsOn("/namespaces/shop/Service/db", "apps/namespaces/shop/Deployment/web"),
    }),
  ];
  expect(`\n${draw({ wanted })}\n`).toBe(`
Sync
  config
    + ConfigMap shop/late  when Service shop/db is healthy and Deployment shop/web is healthy
  workloads
    + Deployment shop/web  when StatefulSet shop/db is healthy
    + StatefulSet shop/db
  services, when workloads is accepted
    + Service shop/db
`);
});

test("where a namespace or a definition waits, what is in it or of its group waits with it", () => {
  const wanted = [
    manifest("v1 Namespace shop", { annotations: dependsOn("rbac.authorization.k8s.io/ClusterRole/base") }),
    manifest("rbac.authorization.k8s.io/v1 ClusterRole base"),
    manifest("apiextensions.k8s.io/v1 CustomResourceDefinition gadgets.example.com", {
      annotations: dependsOn("/Namespace/shop"),
    }),
    manifest("example.com/v1 Gadget big"),
  ];
  expect(`\n${draw({ wanted })}\n`).toBe(`
Sync
  namespaces
    + Namespace shop  when ClusterRole base is healthy
  definitions
    + CustomResourceDefinition gadgets.example.com  when Namespace shop is healthy
  access
    + ClusterRole base
  custom, when access is accepted
    + Gadget shop/big  when Namespace shop is accepted and CustomResourceDefinition gadgets.example.com is accepted
`);
});

test("deletions are the exact reverse, after everything is applied, and what depends on another goes before it", () => {
  const there = [
    manifest("v1 ConfigMap kept"),
    manifest("v1 ConfigMap web", { annotations: dependsOn("apps/namespaces/shop/Deployment/db") }),
    manifest("apps/v1 Deployment db"),
    manifest("v1 Service db"),
    manifest("v1 Secret last", { annotations: wave(3) }),
  ];
  const scene = {
    wanted: there.slice(0, 1),
    there,
    parent: parentOf(["ConfigMap", "Deployment.apps", "Service", "Secret"]),
    policy: { pruneLimit: 100 },
  };
  expect(`\n${draw(scene)}\n`).toBe(`
Sync
  config
      ConfigMap shop/kept
Prune wave 3, when Sync is accepted
  config
    - Secret shop/last
Prune wave 0, when Prune wave 3 is gone
  services
    - Service shop/db
  workloads, when services is gone
    - Deployment shop/db  when ConfigMap shop/web is gone
  config, when services is gone
    - ConfigMap shop/web
`);
});

test("objects that depend on each other are deleted all the same", () => {
  const there = [
    manifest("v1 ConfigMap kept"),
    manifest("v1 ConfigMap a", { annotations: dependsOn("/namespaces/shop/ConfigMap/b") }),
    manifest("v1 ConfigMap b", { annotations: dependsOn("/namespaces/shop/ConfigMap/a") }),
  ];
  const { nodes } = graphOf(planOf({ wanted: there.slice(0, 1), there, parent: parentOf(["ConfigMap"]) }));
  expect(nodes.filter(({ kind }) => kind === "prune").map(({ after }) => after.length)).toEqual([1, 1]);
});

test("a graph has as many edges as steps and waits: twice the objects, twice the graph", () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, i) =>
      manifest(`v1 ${i % 2 ? "ConfigMap" : "Service"} c${i}`, { annotations: wave(i % 7) }),
    );
  const edges = (count: number) =>
    graphOf(planOf({ wanted: many(count) })).nodes.reduce((sum, { after }) => sum + after.length, 0);
  const [small, large] = [edges(700), edges(1400)];
  expect(large / small).toBeCloseTo(2, 1);
  expect(large).toBeLessThan(1400 * 3);
});
