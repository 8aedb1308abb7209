import { expect, test } from "vitest";
import { Gate } from "../apply/gate.ts";
import { describeCluster, sharedControlPlane } from "../controlplane/index.ts";
import { configMap, yaml } from "../e2e/manifests.ts";
import { until } from "../e2e/until.ts";
import { Loop } from "./loop.ts";

const AWAY = { status: 503, reason: "ServiceUnavailable" };

/** Applies as an administrator, for the whole cluster. */
async function admit(...objects: readonly object[]): Promise<void> {
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
  const { code, stderr } = await sharedControlPlane().kubectl(["apply", "--server-side", "-f", "-"], list);
  if (code !== 0) throw new Error(stderr);
}

const namesOf = async (loop: Loop) =>
  await loop.kubectl("get", "configmap", "-o", "jsonpath={.items[*].metadata.name}");

describeCluster("one object's failure", () => {
  test("to be looked at is its own: its siblings are made", async () => {
    await using gate = await Gate.open(sharedControlPlane());
    gate.refuseRead = (path) => (path.endsWith("/secrets/a") ? AWAY : undefined);
    const files = { "web/a.yaml": yaml("v1", "Secret", "a", {}), "web/b.yaml": configMap("b", {}) };
    await using loop = await Loop.open({ files, kubeconfig: gate.kubeconfig });
    await loop.start(loop.application("web", { sync: { interval: "1s" } }));
    await until("the sibling", async () => (await namesOf(loop)).split(" ").includes("b"));
    const { resources } = await loop.status(
      "web",
      ({ problems, resources }) => problems.length > 0 && resources.length > 0,
    );
    expect(resources.map(({ ref, problem }) => [ref.name, problem?.code])).toEqual([
      ["b", undefined],
      ["a", "PL-KUBE-UNREACHABLE"],
    ]);
    gate.refuseRead = () => undefined;
    await loop.synced("web");
  });

  test("to be confirmed by a dry run is its own, such as that of a webhook that nobody serves", async () => {
    await using loop = await Loop.open({
      files: {
        "web/guarded.yaml": yaml("v1", "ConfigMap", "guarded", { data: { a: "2" } }, { labels: { guarded: "yes" } }),
        "web/beside.yaml": configMap("beside", {}),
      },
    });
    const { namespace } = loop;
    const name = `away-${namespace}.example.com`;
    const metadata = { name: "guarded", namespace, labels: { guarded: "yes" } };
    await admit({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { a: "1", b: "kept by another" } });
    await admit({
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingWebhookConfiguration",
      metadata: { name },
      webhooks: [
        {
          ...{ name, admissionReviewVersions: ["v1"], sideEffects: "None", timeoutSeconds: 2 },
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
          objectSelector: { matchLabels: { guarded: "yes" } },
          rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["UPDATE"], resources: ["configmaps"] }],
          clientConfig: { url: "https://127.0.0.1:1/" },
        },
      ],
    });
    await loop.start(loop.application("web", { sync: { interval: "1h" } }));
    await until("the sibling", async () => (await namesOf(loop)).includes("beside"));
    const waiting = await loop.status("web", ({ waiting }) => waiting?.includes("failed calling webhook") === true);
    expect(waiting.waiting).toContain("guarded");
    await loop.kubectl("delete", "validatingwebhookconfiguration", name);
    const { lastPass } = await loop.synced("web");
    expect(lastPass?.problem).toBeUndefined();
  });

  test("to have a kind is its own: an API server that is away spoils no other kind", async () => {
    const files = {
      "web/thing.yaml": yaml("away.example.com/v1", "Thing", "big", {}),
      "web/b.yaml": configMap("b", {}),
    };
    await using loop = await Loop.open({ files });
    await admit({
      apiVersion: "apiregistration.k8s.io/v1",
      kind: "APIService",
      metadata: { name: "v1.away.example.com" },
      spec: {
        ...{ group: "away.example.com", version: "v1", groupPriorityMinimum: 100, versionPriority: 10 },
        ...{ service: { name: "none", namespace: loop.namespace }, insecureSkipTLSVerify: true },
      },
    });
    try {
      await loop.start(loop.application("web", { sync: { interval: "1h" } }));
      await until("the sibling", async () => (await namesOf(loop)).split(" ").includes("b"));
      const { resources } = await loop.status("web", ({ problems }) => problems.length > 0);
      expect(resources.find(({ ref }) => ref.kind === "Thing")?.problem).toMatchObject({
        code: "PL-KIND-AWAY",
        message: expect.stringContaining("APIService v1.away.example.com, which serves Thing, does not answer"),
      });
    } finally {
      await loop.kubectl("delete", "apiservice", "v1.away.example.com");
    }
  });
});

const definition = (...versions: readonly string[]) =>
  yaml("apiextensions.k8s.io/v1", "CustomResourceDefinition", "growths.versions.example.com", {
    spec: {
      group: "versions.example.com",
      scope: "Namespaced",
      names: { plural: "growths", kind: "Growth", singular: "growth", listKind: "GrowthList" },
      versions: versions.map((name, i) => ({
        ...{ name, served: true, storage: i === 0 },
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: { spec: { type: "object", properties: { size: { type: "integer" } } } },
          },
        },
      })),
    },
  });

describeCluster("a definition that gets the version which an object of the same commit uses", () => {
  test("is served in it before, and the object is the one that was there", async () => {
    const object = (version: string, size: number) =>
      yaml(`versions.example.com/${version}`, "Growth", "one", { spec: { size } });
    await using loop = await Loop.open({
      files: { "web/crd.yaml": definition("v1"), "web/object.yaml": object("v1", 1) },
    });
    await loop.start(loop.application("web", { sync: { interval: "1h" } }));
    await loop.synced("web");
    const uid = () =>
      loop.kubectl("get", "growths.versions.example.com", "one", "-o", "jsonpath={.metadata.uid} {.spec.size}");
    const before = (await uid()).split(" ")[0];
    const passes = loop.passes("default/web").length;
    await loop.commit({ "web/crd.yaml": definition("v1", "v2"), "web/object.yaml": object("v2", 2) });
    await until("the new version", async () => (await uid()) === `${before} 2`);
    await loop.synced("web");
    const since = loop.passes("default/web").slice(passes);
    expect(since.flatMap(({ outcomes }) => outcomes.map(({ outcome }) => outcome))).not.toContain("failed");
    await loop.kubectl("delete", "crd", "growths.versions.example.com", "--wait=false");
  });
});
