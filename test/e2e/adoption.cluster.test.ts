import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { describeCluster, sharedControlPlane } from "../controlplane/index.ts";
import { CLIENT_SIDE, createdAs, feed, live, managersOf, older, planned, worldWith } from "./adopted.ts";
import { until } from "./until.ts";
import { startWriteGate } from "./write-gate.ts";

const RBAC = "rbac.authorization.k8s.io";

describeCluster("a claim that may not be looked up", () => {
  test("is taken to stand, and the refusal says what cannot be seen", async () => {
    const controlPlane = sharedControlPlane();
    await using world = await worldWith([]);
    const annotations = { "meta.helm.sh/release-name": "web", "meta.helm.sh/release-namespace": world.namespace };
    await feed(world, older({ annotations }), createdAs("helm"));
    const metadata = { name: `no-secrets-${world.namespace}` };
    const rules = [{ apiGroups: ["", "apps"], resources: ["configmaps", "deployments"], verbs: ["*"] }];
    const items = [
      { apiVersion: `${RBAC}/v1`, kind: "ClusterRole", metadata, rules },
      {
        ...{ apiVersion: `${RBAC}/v1`, kind: "ClusterRoleBinding", metadata },
        roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: metadata.name },
        subjects: [{ kind: "User", apiGroup: RBAC, name: "plumbline" }],
      },
    ];
    await controlPlane.kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    const before = await live(world);
    world.plumbline.useKubeconfig(controlPlane.userKubeconfig("plumbline"));
    await world.plumbline.start();
    const { problems } = await world.status((status) => status.problems.length > 0);
    expect(problems).toMatchObject([{ code: "PL-ADOPT-CLAIMED" }]);
    const record = `to list Secret in namespace ${world.namespace} is forbidden`;
    expect(problems[0]?.message).toContain(`; whether that is still there cannot be seen: ${record}`);
    expect(await live(world)).toEqual(before);
  });
});

describeCluster("an object that somebody changes while it is adopted", () => {
  test("is read again, and nothing of the change is lost", async () => {
    const controlPlane = sharedControlPlane();
    const gate = await startWriteGate(controlPlane);
    const through = { url: gate.url, token: controlPlane.token };
    await using world = await worldWith([{ object: older(), by: CLIENT_SIDE }], { through });
    const label = ["--namespace", world.namespace, "label", "deployment/web", "team=a"];
    let moves = 0;
    gate.onWrite = ({ url, phase }) => {
      if (phase !== "before" || !url.includes("/deployments/web?") || url.includes("force=true") || moves++ > 0) return;
      spawnSync("kubectl", ["--kubeconfig", world.cluster.kubeconfigPath, ...label]);
    };
    await world.plumbline.start();
    const { lastSync } = await world.status(({ sync }) => sync.status === "Synced");
    expect(moves).toBe(2);
    expect(lastSync?.outcomes.map(({ outcome }) => outcome).sort()).toEqual(["adopted", "created"]);
    const after = await live(world);
    expect(after.metadata.labels).toMatchObject({ team: "a" });
    expect(managersOf(after)).toEqual(["kubectl-label Update", "plumbline Apply"]);
    await gate.stop();
  });
});

describeCluster("an adoption that the server refuses", () => {
  test("names what cannot be changed, and is never tried", async () => {
    const controlPlane = sharedControlPlane();
    const gate = await startWriteGate(controlPlane);
    const labels = { app: "web", tier: "front" };
    const template = { metadata: { labels }, spec: { containers: [{ name: "web", image: "nginx:1.26" }] } };
    const object = { ...older(), spec: { selector: { matchLabels: labels }, template } };
    await using world = await worldWith([{ object, by: CLIENT_SIDE }], {
      through: { url: gate.url, token: controlPlane.token },
      sync: { interval: "10m" },
    });
    let applies = 0;
    gate.onWrite = ({ url, phase }) => {
      if (phase === "before" && url.includes("/deployments/web?") && url.includes("force=true")) applies++;
    };
    await world.plumbline.start();
    const { problems } = await world.status((status) => status.problems.length > 0);
    expect(problems[0]).toMatchObject({ code: "PL-KUBE-IMMUTABLE" });
    const before = await live(world);
    expect(before["spec"]).toMatchObject({ selector: { matchLabels: labels } });
    for (const _time of [1, 2]) {
      await world.kubectl("delete", "configmap", "other");
      await until("the sibling to be back", () => world.object("configmap", "other"));
    }
    expect(applies).toBe(0);
    await gate.stop();
  });
});

// The sandbox notes whoever creates a Job as owner of the labels that the server generates; the real one does not.
describeCluster("what the server itself writes into an object", () => {
  test("stays when kubectl's is adopted: the label of a Namespace, the labels and the selector of a Job", async () => {
    const namespace =
      '{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"$NAMESPACE-more","labels":{"team":"a"}}}';
    const containers = [{ name: "web", image: "nginx" }];
    const spec = { template: { metadata: { labels: { app: "web" } }, spec: { containers, restartPolicy: "Never" } } };
    const job = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "web" }, spec };
    const files = { "web/namespace.yaml": namespace, "web/job.yaml": JSON.stringify(job) };
    await using world = await worldWith([{ object: job, by: CLIENT_SIDE }], { files });
    const name = `${world.namespace}-more`;
    await world.kubectl("create", "namespace", name);
    const before = await live(world, "job");
    await world.plumbline.start();
    await world.status(({ sync }) => sync.status === "Synced");
    const after = [await live(world, "namespace", name), await live(world, "job")] as const;
    expect(after[0].metadata.labels).toMatchObject({ team: "a", "kubernetes.io/metadata.name": name });
    expect(after[1]["spec"]).toEqual(before["spec"]);
    expect(after.map(managersOf)).toEqual([["plumbline Apply"], ["plumbline Apply"]]);
    await world.kubectl("delete", "namespace", name, "--wait=false");
  });
});

describeCluster("an object that was applied in two versions of its kind", () => {
  test("is adopted whole: what either has and Git has not goes", async () => {
    await using world = await worldWith([], {
      files: {
        "web/rig.yaml": '{"apiVersion":"$NAMESPACE.example/v1","kind":"Rig","metadata":{"name":"web"},"spec":{"a":1}}',
      },
      sync: { auto: false },
    });
    const group = `${world.namespace}.example`;
    const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
    const names = { kind: "Rig", plural: "rigs", singular: "rig", listKind: "RigList" };
    const versions = ["v1", "v1alpha1"].map((name) => ({ name, served: true, storage: name === "v1", schema }));
    const metadata = { name: `rigs.${group}` };
    const definition = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata };
    await feed(world, { ...definition, spec: { group, scope: "Namespaced", names, versions } }, ["create"]);
    await world.kubectl("wait", "--for=condition=Established", "crd", metadata.name);
    const rig = (version: string, spec: object) =>
      until("the kind to be served", async () => {
        const object = { apiVersion: `${group}/${version}`, kind: "Rig", metadata: { name: "web" }, spec };
        await feed(world, object, CLIENT_SIDE);
        return true;
      });
    await rig("v1alpha1", { a: 1, old: 1 });
    await rig("v1", { a: 1, old: 1, young: 1 });
    await world.plumbline.start();
    await world.status(({ sync }) => sync.status === "Pending");
    expect((await planned(world)).action).toBe("adopt");
    await world.plumbline.post("/api/v1/applications/default/web/sync");
    await world.status(({ sync }) => sync.status === "Synced");
    const after = await live(world, `rigs.v1.${group}`);
    expect(after["spec"]).toEqual({ a: 1 });
    expect(managersOf(after)).toEqual(["plumbline Apply"]);
    await world.kubectl("delete", "crd", metadata.name, "--wait=false");
  });
});
