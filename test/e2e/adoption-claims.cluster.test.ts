import { expect, test } from "vitest";
import type { KubeObject } from "../../src/model/index.ts";
import { describeTarget, ownCluster } from "../target/index.ts";
import {
  createdAs,
  feed,
  live,
  managersOf,
  newer,
  older,
  planned,
  serverSideAs,
  traces,
  worldWith,
} from "./adopted.ts";
import type { World } from "./world.ts";

const HELM = (namespace: string) => ({
  labels: { "app.kubernetes.io/managed-by": "Helm" },
  annotations: { "meta.helm.sh/release-name": "web", "meta.helm.sh/release-namespace": namespace },
});

/** What Helm keeps of a release: only its labels matter here. */
function releaseRecord(status: string): KubeObject {
  const labels = { owner: "helm", name: "web", status, version: "1" };
  return {
    ...{ apiVersion: "v1", kind: "Secret", metadata: { name: "sh.helm.release.v1.web.v1", labels } },
    ...{ type: "helm.sh/release.v1", stringData: { release: "H4sIAAAA" } },
  };
}

/** A world whose Deployment was installed by Helm, in a release that is recorded with this status. */
async function helmWorld(status: string | undefined, sync: object = {}): Promise<World> {
  const world = await worldWith([], { sync: { ...sync } });
  await feed(world, older(HELM(world.namespace)), createdAs("helm"));
  if (status !== undefined) await feed(world, releaseRecord(status), ["create"]);
  await world.plumbline.start();
  return world;
}

describeTarget("an object of a Helm release", () => {
  test("that is still there is refused, names Helm and the way out, and is adopted once the release is forgotten", async () => {
    await using world = await helmWorld("deployed");
    const before = await live(world);
    const { problems } = await world.status((status) => status.problems.length > 0);
    const release = `release ${world.namespace}/web`;
    expect(problems).toMatchObject([
      {
        code: "PL-ADOPT-CLAIMED",
        message: `Deployment ${world.namespace}/web is there already, and Helm claims it (${release})`,
        next: expect.stringContaining(`kubectl delete secret -n ${world.namespace} -l owner=helm,name=web`),
      },
    ]);
    expect((await planned(world)).adoption?.from).toEqual([
      { tool: "Helm", manager: "helm", evidence: release, living: "yes" },
    ]);
    expect(await live(world)).toEqual(before);
    await world.kubectl("delete", "secret", "-l", "owner=helm,name=web");
    await world.status(({ sync }) => sync.status === "Synced");
    const after = await live(world);
    expect(traces(after)).toEqual([]);
    expect(managersOf(after)).toEqual(["plumbline Apply"]);
    expect(JSON.stringify(after.metadata)).not.toMatch(/helm/i);
  });

  test.each([undefined, "uninstalled", "superseded"])("whose record says %s is adopted", async (status) => {
    await using world = await helmWorld(status, { auto: false });
    await world.status(({ sync }) => sync.status === "Pending");
    const { action, reason } = await planned(world);
    const from = `Helm (release ${world.namespace}/web, which is gone)`;
    expect({ action, reason }).toEqual({
      action: "adopt",
      reason: `adopts it from ${from}: 1 field changes, 5 are removed`,
    });
  });

  test("that is still there is adopted where the application or the object in Git allows it", async () => {
    await using world = await helmWorld("deployed", { adopt: "all" });
    await world.status(({ sync }) => sync.status === "Synced");
    expect(traces(await live(world))).toEqual([]);

    await using other = await helmWorld("deployed");
    await other.status((status) => status.problems.length > 0);
    const allowed = newer({ annotations: { "plumbline.dev/adopt": "allowed" } });
    await other.commit({ "web/deploy.yaml": JSON.stringify(allowed) });
    await other.status(({ sync }) => sync.status === "Synced");
    expect(traces(await live(other))).toEqual([]);
  });
});

describeTarget("an object of another tool that leaves its records in ConfigMaps", () => {
  test("is refused while the record is there: a kapp app, an ApplySet", async () => {
    await using world = await worldWith([]);
    const kapp = { labels: { "kapp.k14s.io/app": "15", "kapp.k14s.io/association": "v1.abc" } };
    await feed(world, older(kapp), createdAs("kapp"));
    const spec = JSON.stringify({ labelKey: "kapp.k14s.io/app", labelValue: "15" });
    const record = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "app", labels: { "kapp.k14s.io/is-app": "" } },
    };
    await feed(world, { ...record, data: { spec } }, ["create"]);
    await world.plumbline.start();
    const { problems } = await world.status((status) => status.problems.length > 0);
    expect(problems).toMatchObject([
      { code: "PL-ADOPT-CLAIMED", message: expect.stringContaining("kapp claims it (app 15)") },
    ]);
    await world.kubectl("delete", "configmap", "app");
    await world.status(({ sync }) => sync.status === "Synced");
    expect((await live(world)).metadata.labels).not.toHaveProperty("kapp.k14s.io/app");
  });

  test("is refused while an ApplySet of kubectl's has it", async () => {
    await using world = await worldWith([]);
    const id = `applyset-${world.namespace}-v1`;
    await feed(world, older({ labels: { "applyset.kubernetes.io/part-of": id } }), serverSideAs("kubectl-applyset"));
    const labels = { "applyset.kubernetes.io/id": id };
    await feed(world, { apiVersion: "v1", kind: "Secret", metadata: { name: "set", labels } }, ["create"]);
    await world.plumbline.start();
    const { problems } = await world.status((status) => status.problems.length > 0);
    expect(problems).toMatchObject([{ code: "PL-ADOPT-CLAIMED", message: expect.stringContaining(id) }]);
    await world.kubectl("delete", "secret", "set");
    await world.status(({ sync }) => sync.status === "Synced");
  });

  test("is refused while the controller that made it is there", async () => {
    await using world = await worldWith([]);
    await feed(world, { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "owner" } }, ["create"]);
    const uid = (await live(world, "configmap", "owner")).metadata.uid;
    const owner = { apiVersion: "v1", kind: "ConfigMap", name: "owner", uid, controller: true };
    await feed(world, older({ ownerReferences: [owner] }), createdAs("an-operator"));
    await world.plumbline.start();
    const { problems } = await world.status((status) => status.problems.length > 0);
    expect(problems[0]?.message).toContain("its controller claims it (ConfigMap owner)");
  });
});

const ARGOCD = { apiVersion: "v1", kind: "Namespace", metadata: { name: "argocd" } };

/** As much of another tool's definition as its objects need. */
function definition(group: string, version: string, kind: string): KubeObject {
  const plural = `${kind.toLowerCase()}s`;
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      ...{ group, scope: "Namespaced", names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` } },
      versions: [{ name: version, served: true, storage: true, schema }],
    },
  };
}

describeTarget("an object of Argo CD or Flux", () => {
  test("is adopted where their kinds are not there, and refused while their owner object is", async () => {
    await using cluster = await ownCluster();
    await using world = await worldWith([], { cluster, sync: { adopt: "unclaimed", auto: false } });
    const { namespace } = world;
    const id = `argocd_shop:apps/Deployment:${namespace}/web`;
    const prefix = "kustomize.toolkit.fluxcd.io";
    const labels = { [`${prefix}/name`]: "apps", [`${prefix}/namespace`]: namespace };
    await feed(world, older({ annotations: { "argocd.argoproj.io/tracking-id": id } }), createdAs("argocd-controller"));
    await feed(
      world,
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "other", labels } },
      serverSideAs("kustomize-controller"),
    );
    await world.plumbline.start();
    await world.status(({ sync }) => sync.status === "Pending");
    expect((await planned(world)).reason).toContain("Argo CD (Application argocd/shop, which is gone)");
    expect((await planned(world, "other")).reason).toContain(`Flux (Kustomization ${namespace}/apps, which is gone)`);

    await cluster.kubectl(["create", "-f", "-"], JSON.stringify(ARGOCD));
    const kinds = [definition("argoproj.io", "v1alpha1", "Application"), definition(prefix, "v1", "Kustomization")];
    for (const one of kinds) await feed(world, one, ["create"]);
    await world.kubectl("wait", "--for=condition=Established", "crd", ...kinds.map(({ metadata }) => metadata.name));
    const application = {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: { name: "shop", namespace: "argocd" },
    };
    const { code, stderr } = await cluster.kubectl(["create", "-f", "-"], JSON.stringify(application));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    await feed(world, { apiVersion: `${prefix}/v1`, kind: "Kustomization", metadata: { name: "apps" } }, ["create"]);
    const { problems } = await world.status((status) => status.problems.length === 2);
    expect(problems.map(({ message }) => message).sort()).toEqual([
      `ConfigMap ${namespace}/other is there already, and Flux claims it (Kustomization ${namespace}/apps)`,
      `Deployment ${namespace}/web is there already, and Argo CD claims it (Application argocd/shop)`,
    ]);

    await world.kubectl("delete", `kustomizations.${prefix}`, "apps");
    await cluster.kubectl(["--namespace", "argocd", "delete", "applications.argoproj.io", "shop"]);
    await world.status(({ problems: left }) => left.length === 0);
    await world.plumbline.post("/api/v1/applications/default/web/sync");
    await world.status(({ sync }) => sync.status === "Synced");
    const after = [await live(world), await live(world, "configmap", "other")];
    expect(after.map(managersOf)).toEqual([["plumbline Apply"], ["plumbline Apply"]]);
    expect(JSON.stringify(after.map(({ metadata }) => metadata))).not.toMatch(/argo|flux/);
  });
});
