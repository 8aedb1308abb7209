import { join } from "node:path";
import { expect, test } from "vitest";
import type { KubeObject } from "../../src/model/index.ts";
import { runPlumb } from "../cli/run-plumb.ts";
import { describeCluster, startControlPlane } from "../controlplane/index.ts";
import type { TestCluster } from "../target/index.ts";
import { configMap, deployment, service, yaml } from "./manifests.ts";
import { until } from "./until.ts";
import { World } from "./world.ts";

const CRD = join(import.meta.dirname, "../../manifests/deploy/crd.yaml");

/** A Job whose Pod ends at once; held: when the test lets it. */
function hook(name: string, when: string, held: boolean): string {
  const template = { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "busybox" }] } };
  const spec = { backoffLimit: 0, ...(held ? { suspend: true } : {}), template };
  return yaml("batch/v1", "Job", name, { spec }, { annotations: { "argocd.argoproj.io/hook": when } });
}

const wave = (value: number) => ({ annotations: { "plumbline.dev/wave": `${value}` } });

const FILES = {
  "web/backup.yaml": hook("backup", "PreDelete", true),
  "web/bye.yaml": hook("bye", "PostDelete", false),
  "web/full.yaml": yaml(
    "v1",
    "Namespace",
    "$NAMESPACE-full",
    {},
    { annotations: { "plumbline.dev/prune": "confirm", "plumbline.dev/wave": "-1" } },
  ),
  "web/inside.yaml": yaml("v1", "ConfigMap", "inside", {}, { namespace: "$NAMESPACE-full" }),
  "web/account.yaml": yaml("v1", "ServiceAccount", "runner", {}),
  "web/settings.yaml": configMap("settings", {}),
  "web/deploy.yaml": deployment("web"),
  "web/service.yaml": service("web"),
  "web/late.yaml": yaml("v1", "ConfigMap", "late", {}, wave(2)),
  "web/later.yaml": yaml("v1", "Secret", "later", {}, wave(3)),
  "other/o.yaml": configMap("other", {}),
};

/** An Application object with the policy prune, beside another one of a file. */
async function declaredInCluster(cluster: TestCluster): Promise<World> {
  expect((await cluster.kubectl(["apply", "-f", CRD])).code).toBe(0);
  const world = await World.make({ cluster, files: FILES, spec: { deletion: "prune" } });
  const document = world.applicationDocument({});
  world.plumbline.setApplications(
    world.applicationDocument({ path: "other" }).replace('"name":"web"', '"name":"other"'),
  );
  const { code, stderr } = await cluster.kubectl(["apply", "-f", "-"], document);
  expect([code, stderr]).toEqual([0, expect.anything()]);
  await world.plumbline.start();
  await world.status(({ sync, health }) => sync.status === "Synced" && health.status === "Healthy", 60);
  return world;
}

/** What Plumbline made and deleted of these, in the order in which it asked. */
async function asked(cluster: TestCluster, { namespace }: World): Promise<string[]> {
  const events = await cluster.auditEvents({ verbs: ["create", "patch", "delete"] });
  return events
    .filter(({ userAgent, objectRef, responseStatus: { code = 0 } = {} }) => {
      const where = objectRef?.namespace ?? objectRef?.name ?? "";
      return (
        userAgent === "plumbline" && objectRef?.subresource === undefined && code < 300 && where.startsWith(namespace)
      );
    })
    .map(({ verb, objectRef }) => `${verb === "delete" ? "-" : "+"} ${objectRef?.resource}/${objectRef?.name}`)
    .map((line) => line.replaceAll(namespace, ""));
}

describeCluster(
  "an Application object that is deleted with its objects",
  () => {
    test("runs its PreDelete hook, deletes in the exact reverse order, runs its PostDelete hook, and ends", async () => {
      await using cluster = await startControlPlane({ auditLog: true, controllers: true });
      await using world = await declaredInCluster(cluster);
      await cluster.kubectl(["--namespace", `${world.namespace}-full`, "create", "configmap", "of-somebody-else"]);
      expect(await world.object("job", "backup")).toBeUndefined();
      const made = (await asked(cluster, world)).length;
      const remove = ["delete", "applications.plumbline.dev", "web", "-n", "default", "--wait=false"];
      expect((await cluster.kubectl(remove)).code).toBe(0);
      await world.status(({ waiting }) => waiting?.includes(`Job ${world.namespace}/backup`) === true);
      const before = await world.object<KubeObject>("job", "backup");

      await world.plumbline.kill("SIGKILL");
      await world.plumbline.start();
      await world.status(({ waiting }) => waiting?.includes(`Job ${world.namespace}/backup`) === true, 60);
      expect(await world.object<KubeObject>("job", "backup")).toMatchObject({ metadata: { uid: uidOf(before) } });
      expect(await world.object("secret", "later")).toBeDefined();
      await world.kubectl("patch", "job", "backup", "--type=merge", "-p", '{"spec":{"suspend":false}}');
      await until("the end", async () => (await world.object("configmap", "default.web")) === undefined, 60);

      const all = (await asked(cluster, world)).slice(made).filter((line) => line !== "+ configmaps/default.web");
      expect(all.filter((line) => !line.startsWith("- jobs/"))).toEqual([
        "+ jobs/backup",
        "- secrets/later",
        "- configmaps/late",
        "- services/web",
        "- deployments/web",
        expect.stringMatching(/^- configmaps\/(inside|settings)$/),
        expect.stringMatching(/^- configmaps\/(inside|settings)$/),
        "- serviceaccounts/runner",
        "- namespaces/-full",
        "+ jobs/bye",
        "- configmaps/default.web",
      ]);
      // What the hooks left goes with the application, and each has run once.
      expect(all.filter((line) => line.startsWith("- jobs/")).sort()).toEqual(["- jobs/backup", "- jobs/bye"]);
      expect(all.indexOf("- jobs/bye")).toBeGreaterThan(all.indexOf("+ jobs/bye"));
      expect((await cluster.kubectl(["get", "namespace", `${world.namespace}-full`])).code).not.toBe(0);
      await until("the end of the Application", async () => {
        const { stdout } = await cluster.kubectl(["get", ...remove.slice(1, 5), "--ignore-not-found"]);
        return stdout === "";
      });
    });
  },
  { controllers: true },
);

function uidOf(object: KubeObject | undefined): unknown {
  return (object?.metadata as { readonly uid?: unknown } | undefined)?.uid;
}

describeCluster("what the limit holds back", () => {
  test("is deleted by `plumb sync --allow-prune`, once, and by `plumb delete --prune` with all the rest", async () => {
    const many = (...names: string[]) => names.map((name) => [`web/${name}.yaml`, configMap(name, {})] as const);
    const none = (...names: string[]) => Object.fromEntries(names.map((name) => [`web/${name}.yaml`, null]));
    await using world = await World.synced({ files: Object.fromEntries(many("a", "b", "c", "d")) });
    const held = () => world.status(({ sync }) => sync.message.includes("3 deletions held back"));
    const there = async () =>
      (await Promise.all(["b", "c", "d"].map((one) => world.object("configmap", one)))).filter(Boolean);
    await world.commit(none("b", "c", "d"));
    await held();
    expect(await there()).toHaveLength(3);
    const plumb = (...args: string[]) => runPlumb([...args, "--server", world.plumbline.address]);
    const refused = await plumb("delete", world.application, "--prune");
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining("PL-DECLARED")]);
    const allowed = await plumb("sync", world.application, "--allow-prune", "--wait");
    expect([allowed.code, allowed.stdout]).toEqual([0, expect.stringContaining("Synced")]);
    expect(await there()).toEqual([]);
    await world.commit(Object.fromEntries(many("b", "c", "d")));
    await until("the objects", async () => (await there()).length === 3);
    await world.status(({ sync }) => sync.status === "Synced");
    await world.commit(none("b", "c", "d"));
    await held();
    expect(await there()).toHaveLength(3);

    world.plumbline.setApplications("");
    await world.status(({ sync }) => sync.message.includes("nobody declares it any more"));
    expect((await plumb("delete", world.application)).code).toBe(2);
    const asked = await plumb("delete", world.application, "--prune");
    expect([asked.code, asked.stdout]).toEqual([0, "default/web\n"]);
    await until("the inventory to be gone", async () => (await world.object("configmap", "default.web")) === undefined);
    expect(await there()).toEqual([]);
    expect(await world.object("configmap", "a")).toBeUndefined();
  });
});
