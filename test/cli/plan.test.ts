import { join } from "node:path";
import { expect, test } from "vitest";
import type { Plan } from "../../src/model/index.ts";
import { manifest, parentOf, planOf } from "../plan/planned.ts";
import { status } from "../report/statuses.ts";
import { runPlumb } from "./run-plumb.ts";
import { startServer } from "./server.ts";

const argo = (hook: string, wave = 0) => ({
  "argocd.argoproj.io/hook": hook,
  "argocd.argoproj.io/sync-wave": `${wave}`,
});

const OBJECTS = [
  manifest("v1 ConfigMap settings"),
  manifest("v1 ConfigMap texts"),
  manifest("apps/v1 StatefulSet db"),
  manifest("apps/v1 Deployment web", {
    annotations: { "config.kubernetes.io/depends-on": "apps/namespaces/shop/StatefulSet/db" },
  }),
  manifest("v1 Service web"),
  manifest("networking.k8s.io/v1 Ingress web", { annotations: { "plumbline.dev/wave": "1" } }),
];
const HOOKS = [
  manifest("batch/v1 Job backup", { annotations: argo("PreSync", -1) }),
  manifest("batch/v1 Job migrate", { annotations: argo("PreSync") }),
  manifest("batch/v1 Job check", {
    annotations: { "helm.sh/hook": "post-install", "helm.sh/hook-weight": "5" },
  }),
  manifest("batch/v1 Job sorry", { annotations: argo("SyncFail") }),
  manifest("batch/v1 Job never", { annotations: argo("Skip") }),
];
const there = [...OBJECTS.slice(0, 3), manifest("v1 Secret old")];
const parent = parentOf(["ConfigMap", "Secret", "StatefulSet.apps"]);

const FIRST = planOf({ wanted: [...OBJECTS, ...HOOKS], there, parent, policy: { pruneLimit: 100 } });

async function printed(plan: Plan, ...flags: string[]) {
  const { url, control } = await startServer([status("team-a/shop")]);
  control.plans.set("team-a/shop", plan);
  return await runPlumb(["plan", "team-a/shop", ...flags, "--server", url]);
}

test("plan lists the hooks that a sync would run, each phase where it comes, with weight or wave", async () => {
  const { code, stdout, stderr } = await printed(FIRST);
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  await expect(stdout.replace(/^plan [0-9a-f]{64}$/m, "plan HASH")).toMatchFileSnapshot(
    join(import.meta.dirname, "golden/plan.txt"),
  );
});

test("plan -o graph draws the order as it comes over HTTP: what waits for what, and what stays as it is in numbers", async () => {
  const { code, stdout } = await printed(FIRST, "-o", "graph");
  expect(code).toBe(1);
  await expect(stdout).toMatchFileSnapshot(join(import.meta.dirname, "golden/plan-graph.txt"));
});

test("a plan that only runs a hook is one with something to do; -o name has the hook", async () => {
  const plan = planOf({ wanted: [...there.slice(0, 2), ...HOOKS], there: there.slice(0, 2), parent });
  expect(await printed(plan, "-o", "name")).toMatchObject({
    code: 1,
    stdout: "run Job.batch/shop/backup\nrun Job.batch/shop/migrate\nrun Job.batch/shop/check\n",
  });
});

test("where nothing is to be done the picture is a line, and hooks that only a failure would run are none", async () => {
  const plan = planOf({ wanted: [...there, ...HOOKS.slice(3)], there, parent });
  expect(await printed(plan, "-o", "graph")).toEqual({ code: 0, stdout: "4 unchanged\n", stderr: "" });
  expect(await printed(plan)).toEqual({ code: 0, stdout: "4 unchanged\n", stderr: "" });
});
