import { expect, test } from "vitest";
import { HOOK_ANNOTATION, HOOKS_ANNOTATION, type LiveObject, type PlanStep } from "../../src/model/index.ts";
import { graphOf, type HookState, hookMark, pictureOf } from "../../src/plan/index.ts";
import { alive, manifest, parentOf, planOf, ready } from "./planned.ts";

const argo = (hook: string, more: { readonly [name: string]: string } = {}) => ({
  annotations: { "argocd.argoproj.io/hook": hook, ...more },
});
const helm = (hook: string, weight: number, more: { readonly [name: string]: string } = {}) => ({
  annotations: { "helm.sh/hook": hook, "helm.sh/hook-weight": `${weight}`, ...more },
});
const wave = (value: number) => ({ "argocd.argoproj.io/sync-wave": `${value}` });

const ARGO = [
  manifest("batch/v1 Job migrate", argo("PreSync", wave(1))),
  manifest("v1 ServiceAccount migrator", argo("PreSync")),
  manifest("batch/v1 Job check", argo("PreSync,PostSync", wave(1))),
  manifest("batch/v1 Job beside", argo("Sync")),
  manifest("batch/v1 Job sorry", argo("SyncFail")),
  manifest("batch/v1 Job bye", argo("PostDelete")),
  manifest("batch/v1 Job never", argo("Skip")),
  manifest("apps/v1 Deployment web"),
];

const draw = (scene: Parameters<typeof planOf>[0]) => pictureOf(graphOf(planOf(scene)));
const said = ({ hooks = [] }: { hooks?: readonly PlanStep[] }) =>
  hooks.map(({ ref, action, hook, problem }) => `${hook?.phase} ${ref.name}: ${problem?.code ?? action}`);

/** The parent after a pass, as the annotations say. */
function parentSaying(annotations: { readonly [name: string]: string }): LiveObject {
  const parent = parentOf(["Job.batch"]);
  return {
    ...parent,
    metadata: { ...parent.metadata, annotations: { ...parent.metadata.annotations, ...annotations } },
  };
}

/** A hook's object as it is after it was begun for these manifests. */
function begun(
  scene: Parameters<typeof planOf>[0],
  name: string,
  state: HookState["state"],
): readonly [string, HookState] {
  const plan = planOf(scene);
  const step = plan.hooks?.find(({ ref }) => ref.name === name);
  const one = ready(scene.wanted).find(({ ref }) => ref.name === name);
  const phase = step?.hook?.phase;
  if (one === undefined || phase === undefined) throw new Error(`there is no hook ${name}`);
  const annotations = {
    ...one.object.metadata.annotations,
    [HOOK_ANNOTATION]: hookMark(phase, plan.setHash.slice(0, 16)),
  };
  return [`batch/Job:shop/${name}`, { live: alive(one.object, { annotations }), state, message: "3 Pods failed" }];
}

test("Argo CD's hooks run before, with and behind the objects, by wave, and after a failure; others not at all", () => {
  expect(`\n${draw({ wanted: ARGO })}\n`).toBe(`
PreSync wave 0
  access
    * ServiceAccount shop/migrator
PreSync wave 1, when PreSync wave 0 has ended
  workloads
    * Job shop/check
    * Job shop/migrate
Sync, when PreSync wave 1 has ended
  workloads
    + Deployment shop/web
    * Job shop/beside
PostSync wave 1, when Sync is healthy and its hooks have ended
  workloads
    * Job shop/check
SyncFail, when something failed
  workloads
    * Job shop/sorry
`);
  const plan = planOf({ wanted: ARGO });
  expect(said(plan)).toContain("PostDelete bye: none");
  expect(said(plan)).toContain("Skip never: none");
  expect(plan.steps.map(({ ref }) => ref.name)).toEqual(["web"]);
});

test("a deletion runs its own hooks before the first object goes and after the last, each once, and deletes what they leave", () => {
  const wanted = [
    manifest("batch/v1 Job backup", argo("PreDelete")),
    manifest("batch/v1 Job bye", helm("post-delete", 0)),
    manifest("batch/v1 Job migrate", argo("PreSync")),
  ];
  const objects = [manifest("apps/v1 Deployment web"), manifest("v1 ConfigMap web")];
  const scene = (ended: string, there = objects) => {
    const base = { wanted, there, deleting: "prune" } as const;
    const kinds = parentOf(["Deployment.apps", "ConfigMap", "Job.batch"]);
    const { setHash } = planOf({ ...base, parent: kinds });
    const annotations = { ...kinds.metadata.annotations, [HOOKS_ANNOTATION]: `${setHash.slice(0, 16)}${ended}` };
    return { ...base, parent: { ...kinds, metadata: { ...kinds.metadata, annotations } } };
  };
  expect(`\n${draw(scene(""))}\n`).toBe(`
PreDelete
  workloads
    * Job shop/backup
Prune, when PreDelete has ended
  workloads
    - Deployment shop/web
  config, when workloads is gone
    - ConfigMap shop/web
PostDelete, when PreDelete has ended and Prune is gone
  workloads
    * Job shop/bye
`);
  const backup = manifest("batch/v1 Job backup", argo("PreDelete"));
  const going = (one: ReturnType<typeof scene>) => planOf(one).prunes.map(({ ref }) => ref.name);
  expect(going(scene("", [...objects, backup]))).toEqual(["web", "web"]);
  expect(going(scene(" PreDelete", [...objects, backup]))).toContain("backup");
  expect(said(planOf(scene(" PreDelete")))).toEqual(["PreDelete backup: none", "PostDelete bye: run"]);
  expect(said(planOf(scene(" PreDelete PostDelete", [])))).toEqual(["PreDelete backup: none", "PostDelete bye: none"]);
  const leaving = planOf({
    ...scene(""),
    alter: (live) => ({ ...live, metadata: { ...live.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } }),
  });
  expect(said(leaving)).toEqual(["PreDelete backup: run", "PostDelete bye: none"]);
});

test("Helm's hooks run one after the other, by weight, kind and name, on install, on upgrade or on rollback", () => {
  const wanted = [
    manifest("batch/v1 Job b", helm("pre-install,pre-upgrade", 5)),
    manifest("batch/v1 Job a", helm("pre-upgrade, pre-install", 5)),
    manifest("v1 ConfigMap first", helm("pre-install", -5)),
    manifest("batch/v1 Job back", helm("pre-rollback", 0)),
    manifest("batch/v1 Job after", helm("post-upgrade", 0)),
    manifest("batch/v1 Job test", helm("test", 0)),
    manifest("v1 ConfigMap web"),
  ];
  expect(`\n${draw({ wanted })}\n`).toBe(`
PreSync wave -5
  config
    * ConfigMap shop/first
PreSync wave 5, when PreSync wave -5 has ended
  workloads
    * Job shop/a
    * Job shop/b  when Job shop/a has ended
Sync, when PreSync wave 5 has ended
  config
    + ConfigMap shop/web
`);
  const parent = parentSaying({ "plumbline.dev/applied-revision": "before" });
  const run = (scene: object) => said(planOf({ wanted, parent, ...scene })).filter((line) => line.endsWith("run"));
  expect(run({})).toEqual(["PreSync a: run", "PreSync b: run", "PostSync after: run"]);
  expect(run({ rollback: true })).toEqual(["PreSync back: run"]);
});

test("no hook runs where the manifests are those that were applied last, and nothing of them is pruned", () => {
  const scene = { wanted: ARGO };
  const { setHash } = planOf(scene);
  const left = alive(manifest("batch/v1 Job gone").object, {
    annotations: { [HOOK_ANNOTATION]: "PreSync 0123456789abcdef" },
  });
  const parent = parentSaying({ "plumbline.dev/applied-set": setHash });
  const plan = planOf({
    ...scene,
    there: [manifest("batch/v1 Job migrate")],
    parent,
    alter: (live) => ({
      ...live,
      metadata: { ...live.metadata, annotations: { ...live.metadata.annotations, ...left.metadata.annotations } },
    }),
  });
  expect(said(plan).filter((line) => !line.endsWith("none"))).toEqual([]);
  expect(plan.prunes).toEqual([]);
});

test("what has run, or runs, for these manifests is not begun again; a phase that is recorded as over is over", () => {
  const wanted = ARGO;
  const hookStates = new Map([begun({ wanted }, "migrate", "succeeded"), begun({ wanted }, "beside", "running")]);
  const { hooks = [], setHash } = planOf({ wanted, hookStates });
  const stateOf = (name: string) => hooks.find(({ ref }) => ref.name === name);
  expect([stateOf("migrate")?.hook?.state, stateOf("beside")?.hook?.state]).toEqual(["succeeded", "running"]);
  const parent = parentSaying({ [HOOKS_ANNOTATION]: `${setHash.slice(0, 16)} PreSync` });
  expect(said(planOf({ wanted, parent })).filter((line) => line.endsWith("run"))).toEqual([
    "Sync beside: run",
    "PostSync check: run",
    "SyncFail sorry: run",
  ]);
  const other = parentSaying({ [HOOKS_ANNOTATION]: "0123456789abcdef PreSync" });
  expect(said(planOf({ wanted, parent: other }))).toContain("PreSync migrate: run");
});

test("a hook that failed for these manifests keeps the rest waiting until Git moves or a person asks", () => {
  const wanted = ARGO;
  const hookStates = new Map([begun({ wanted }, "migrate", "failed")]);
  const plan = planOf({ wanted, hookStates });
  expect(said(plan)).toContain("PreSync migrate: PL-HOOK-FAILED");
  const { setHash } = plan;
  const parent = parentSaying({ [HOOKS_ANNOTATION]: `${setHash.slice(0, 16)} PreSync:failed` });
  const failed = planOf({ wanted, parent });
  expect(said(failed).slice(0, 3)).toEqual([
    "PreSync migrator: PL-HOOK-FAILED",
    "PreSync check: PL-HOOK-FAILED",
    "PreSync migrate: PL-HOOK-FAILED",
  ]);
  expect(said(planOf({ wanted, parent, hookStates, rerunHooks: true }))).toContain("PreSync migrate: run");
});

test("a hook without a name of its own is another object in each set of manifests, and the same one in each pass", () => {
  const generated = manifest("batch/v1 Job gen-0a1b", argo("PreSync"));
  const object = { ...generated.object, metadata: { ...generated.object.metadata, generateName: "gen-" } };
  const nameWith = (data: string) =>
    ready([{ ...generated, object }, manifest("v1 ConfigMap web", { data: { a: data } })])[0]?.ref.name;
  expect(nameWith("1")).toMatch(/^gen-0a1b-[0-9a-f]{8}$/);
  expect(nameWith("1")).toBe(nameWith("1"));
  expect(nameWith("2")).not.toBe(nameWith("1"));
});

test.each([
  [{ "argocd.argoproj.io/hook": "PreSyncc" }, "PreSyncc"],
  [{ "helm.sh/hook": "pre-instal" }, "pre-instal"],
  [{ "argocd.argoproj.io/hook": "Sync", "argocd.argoproj.io/hook-delete-policy": "Later" }, "Later"],
])("what is not understood of a hook is the object's problem: %o", (annotations, word) => {
  const { steps } = planOf({ wanted: [manifest("batch/v1 Job a", { annotations })] });
  expect(steps[0]?.problem).toMatchObject({ code: "PL-MANIFEST-INVALID", message: expect.stringContaining(word) });
});

test("a hook that depends on what comes after it stands on a circle with it", () => {
  const dependsOn = { "config.kubernetes.io/depends-on": "apps/namespaces/shop/Deployment/web" };
  const { steps, hooks } = planOf({
    wanted: [manifest("batch/v1 Job early", argo("PreSync", dependsOn)), manifest("apps/v1 Deployment web")],
  });
  expect(steps[0]?.problem?.message).toBe(
    "Deployment shop/web waits for itself: Deployment shop/web (wave 0) -> Job shop/early (PreSync, wave 0) -> Deployment shop/web (wave 0)",
  );
  expect(hooks?.[0]?.problem?.code).toBe("PL-ORDER-CYCLE");
});
