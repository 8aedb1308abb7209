import { expect, test } from "vitest";
import { APPLIED_SET_ANNOTATION, HOOK_ANNOTATION, HOOKS_ANNOTATION, type KubeObject } from "../../src/model/index.ts";
import { describeCluster } from "../controlplane/index.ts";
import { testCluster } from "../target/index.ts";
import { configMap, yaml } from "./manifests.ts";
import { until } from "./until.ts";
import { World } from "./world.ts";

type Made = KubeObject & { readonly metadata: { readonly uid: string } };

interface JobOptions {
  /** Held until the test lets it go. */
  readonly held?: boolean;
  /** Its Pod gets no place, and its deadline ends it. */
  readonly fails?: boolean;
}

/** A Job whose Pod ends at once, as Pods of Jobs do on the test's nodes. */
function job(name: string, annotations: { readonly [name: string]: string }, { held, fails }: JobOptions = {}): string {
  const place = fails === true ? { nodeSelector: { nowhere: "true" } } : {};
  const spec = {
    backoffLimit: 0,
    ...(held === true ? { suspend: true } : {}),
    ...(fails === true ? { activeDeadlineSeconds: 1 } : {}),
    template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "busybox" }], ...place } },
  };
  return yaml("batch/v1", "Job", name, { spec }, { annotations });
}

const argo = (hook: string, policy = "BeforeHookCreation") => ({
  "argocd.argoproj.io/hook": hook,
  "argocd.argoproj.io/hook-delete-policy": policy,
});

async function world(files: { readonly [path: string]: string }, sync = {}): Promise<World> {
  return await World.make({ files, sync, cluster: await testCluster({ controllers: true }) });
}

async function uidOf(one: World, name: string): Promise<string | undefined> {
  return (await one.object<Made>("job", name))?.metadata.uid;
}

/** Two more passes have gone by. */
async function passes(one: World): Promise<void> {
  const { lastPass } = await one.status(() => true);
  await one.status((seen) => (seen.lastPass?.id ?? 0) >= (lastPass?.id ?? 0) + 2);
}

describeCluster(
  "hooks of Argo CD",
  () => {
    test("run once for each commit, before and behind the objects, also through a kill in the middle; drift runs none", async () => {
      const files = {
        "web/migrate.yaml": job("migrate", argo("PreSync"), { held: true }),
        "web/settings.yaml": configMap("settings", { colour: "blue" }),
        "web/check.yaml": job("check", argo("PostSync", "HookSucceeded")),
      };
      await using one = await world(files);
      await one.plumbline.start();
      const first = await until("the hook", () => uidOf(one, "migrate"), 60);
      await one.status(({ waiting }) => waiting?.includes(`Job ${one.namespace}/migrate`) === true);
      expect(await one.object("configmap", "settings")).toBeUndefined();

      await one.plumbline.kill("SIGKILL");
      await one.plumbline.start();
      await one.status(({ waiting }) => waiting?.includes(`Job ${one.namespace}/migrate`) === true, 60);
      await one.kubectl("patch", "job", "migrate", "--type=merge", "-p", '{"spec":{"suspend":false}}');
      const { lastSync } = await one.status(({ sync }) => sync.status === "Synced", 60);
      expect(await uidOf(one, "migrate")).toBe(first);
      expect(await one.object("configmap", "settings")).toBeDefined();
      expect(lastSync?.outcomes.map(({ ref, outcome }) => [ref.name, outcome])).toEqual([
        ["migrate", "ran"],
        ["settings", "created"],
        ["check", "ran"],
      ]);
      await until("the deletion by HookSucceeded", async () => (await uidOf(one, "check")) === undefined);
      const parent = await one.object<KubeObject>("configmap", "default.web");
      expect(parent?.metadata.annotations).toHaveProperty([APPLIED_SET_ANNOTATION]);
      expect(parent?.metadata.annotations).not.toHaveProperty([HOOKS_ANNOTATION]);

      await one.kubectl("patch", "configmap", "settings", "--type=merge", "-p", '{"data":{"colour":"red"}}');
      const healed = () => one.object<{ data: { colour: string } }>("configmap", "settings");
      await until("healing", async () => (await healed())?.data.colour === "blue");
      await passes(one);
      expect(await uidOf(one, "migrate")).toBe(first);

      await one.commit({
        "web/settings.yaml": configMap("settings", { colour: "green" }),
        "web/migrate.yaml": job("migrate", argo("PreSync")),
      });
      await until("the new colour", async () => (await healed())?.data.colour === "green", 60);
      expect(await uidOf(one, "migrate")).not.toBe(first);
    });

    test("that fail keep the objects as they are and run those of SyncFail, and run again when a person asks or Git moves", async () => {
      const files = {
        "web/migrate.yaml": job("migrate", argo("PreSync"), { fails: true }),
        "web/settings.yaml": configMap("settings", { colour: "blue" }),
        "web/sorry.yaml": job("sorry", argo("SyncFail")),
      };
      await using one = await world(files);
      await one.plumbline.start();
      const { sync, problems } = await one.status((seen) => seen.problems.length > 0, 60);
      expect(sync.status).toBe("Pending");
      expect(problems[0]).toMatchObject({
        code: "PL-HOOK-FAILED",
        message: expect.stringContaining("/migrate failed"),
      });
      expect(await one.object("configmap", "settings")).toBeUndefined();
      const sorry = await until("the SyncFail hook", () => one.object<KubeObject>("job", "sorry"));
      expect(sorry.metadata.annotations?.[HOOK_ANNOTATION]).toMatch(/^SyncFail [0-9a-f]{16}$/);
      const first = await uidOf(one, "migrate");
      await passes(one);
      expect(await uidOf(one, "migrate")).toBe(first);

      await one.plumbline.post(`/api/v1/applications/${one.application}/sync`);
      await until("another run", async () => (await uidOf(one, "migrate")) !== first, 30);
      await one.commit({ "web/migrate.yaml": job("migrate", argo("PreSync")) });
      await one.status((seen) => seen.sync.status === "Synced" && seen.problems.length === 0, 60);
      expect(await one.object("configmap", "settings")).toBeDefined();
    });

    test("that do not end in time have failed, go where their policy says so, and are not begun again", async () => {
      const files = {
        "web/slow.yaml": job("slow", argo("PreSync", "HookFailed"), { held: true }),
        "web/settings.yaml": configMap("settings", { colour: "blue" }),
      };
      await using one = await world(files, { hookTimeout: "1s" });
      await one.plumbline.start();
      const { lastSync } = await one.status((seen) => seen.lastSync !== undefined, 60);
      expect(lastSync?.outcomes.map(({ ref, outcome, problem }) => [ref.name, outcome, problem?.code])).toEqual([
        ["slow", "failed", "PL-HOOK-TIMEOUT"],
        ["settings", "skipped", "PL-APPLY-BLOCKED"],
      ]);
      expect(lastSync?.outcomes[0]?.problem?.message).toContain("/slow did not end within 1s: ");
      await until("the deletion by HookFailed", async () => (await uidOf(one, "slow")) === undefined);
      await passes(one);
      expect(await uidOf(one, "slow")).toBeUndefined();
      expect(await one.object("configmap", "settings")).toBeUndefined();
    });
  },
  { controllers: true },
);

describeCluster(
  "hooks of a chart",
  () => {
    test("run by weight on install, others on upgrade and on rollback, and go when they have succeeded", async () => {
      const hook = (name: string, events: string, weight: string) =>
        job(name, {
          "helm.sh/hook": events,
          "helm.sh/hook-weight": weight,
          "helm.sh/hook-delete-policy": "before-hook-creation",
        });
      const settings = configMap("settings", { release: "{{ .Release.Revision }}" });
      const files = {
        "web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
        "web/values.yaml": "colour: blue\n",
        "web/templates/settings.yaml": settings,
        "web/templates/a.yaml": hook("second", "pre-install", "5"),
        "web/templates/b.yaml": hook("first", "pre-install,pre-upgrade", "-5"),
        "web/templates/c.yaml": hook("upgraded", "post-upgrade", "0"),
        "web/templates/d.yaml": hook("bye", "pre-delete", "0"),
        "web/templates/e.yaml": hook("try", "test", "0"),
        "web/templates/f.yaml": hook("restored", "post-rollback", "0"),
      };
      await using one = await world(files);
      await one.plumbline.start();
      const ran = (seen: Awaited<ReturnType<World["status"]>>) =>
        seen.lastSync?.outcomes.map(({ ref, outcome }) => `${ref.name} ${outcome}`);
      const installed = await one.status(({ sync }) => sync.status === "Synced", 60);
      expect(ran(installed)).toEqual(["first ran", "second ran", "settings created"]);
      expect(installed.resources.map(({ ref }) => ref.name)).toEqual(["settings"]);

      const revision = await one.commit({ "web/values.yaml": "colour: red\n" });
      const upgraded = await one.status(
        ({ sync, source }) => source.revision === revision && sync.status === "Synced",
        60,
      );
      expect(ran(upgraded)).toEqual(["first ran", "settings configured", "upgraded ran"]);
      expect(await one.object("job", "bye")).toBeUndefined();
      expect(await one.object("job", "second")).toBeDefined();
      expect(await one.object("job", "restored")).toBeUndefined();

      const pin = JSON.stringify({ revision: installed.source.revision, reason: "red was wrong" });
      const { status } = await one.plumbline.post(`/api/v1/applications/${one.application}/rollback`, pin, {
        "content-type": "application/json",
      });
      expect(status).toBe(202);
      const back = await one.status(
        ({ sync, source }) => source.revision === installed.source.revision && sync.status === "Synced",
        60,
      );
      expect(ran(back)).toEqual(["settings configured", "restored ran"]);
    });
  },
  { controllers: true },
);
