import { expect, test } from "vitest";
import { describeCluster, startControlPlane } from "../controlplane/index.ts";
import { configMap, yaml } from "./manifests.ts";
import { expectQuiet, expectQuietRestart } from "./quiet.ts";
import { until } from "./until.ts";
import { World } from "./world.ts";

/** Adds an annotation to every ConfigMap of the namespace that has a label, and has the last word on one of its values. */
const MUTATION = {
  matchConstraints: {
    resourceRules: [
      { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"], resources: ["configmaps"] },
    ],
    objectSelector: { matchLabels: { mutated: "yes" } },
  },
  reinvocationPolicy: "Never",
  failurePolicy: "Fail",
  mutations: [
    {
      patchType: "ApplyConfiguration",
      applyConfiguration: {
        expression:
          'Object{metadata: Object.metadata{annotations: {"example.com/seen": "yes"}}, data: {"level": "forced"}}',
      },
    },
  ],
};

const POLICIES = [
  yaml("admissionregistration.k8s.io/v1", "MutatingAdmissionPolicy", "seen.example.com", { spec: MUTATION }),
  yaml("admissionregistration.k8s.io/v1", "MutatingAdmissionPolicyBinding", "seen.example.com", {
    spec: { policyName: "seen.example.com" },
  }),
  yaml(
    "storage.k8s.io/v1",
    "StorageClass",
    "usual",
    { provisioner: "disk.example.com", volumeBindingMode: "WaitForFirstConsumer" },
    {
      annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
    },
  ),
  yaml(
    "networking.k8s.io/v1",
    "IngressClass",
    "usual",
    { spec: { controller: "example.com/ingress" } },
    {
      annotations: { "ingressclass.kubernetes.io/is-default-class": "true" },
    },
  ),
  yaml("scheduling.k8s.io/v1", "PriorityClass", "usual", { value: 7, globalDefault: true }),
];

/** Admission fills in amounts, a class, a priority and tolerations; a definition has defaults; a policy changes what was written. */
const FILES = {
  "web/limits.yaml": yaml("v1", "LimitRange", "limits", {
    spec: { limits: [{ type: "Container", default: { memory: "256Mi" }, defaultRequest: { cpu: 0.1 } }] },
  }),
  "web/pod.yaml": yaml(
    "v1",
    "Pod",
    "web",
    { spec: { containers: [{ name: "web", image: "nginx" }] } },
    {
      annotations: { "plumbline.dev/stage": "services" },
    },
  ),
  "web/claim.yaml": yaml("v1", "PersistentVolumeClaim", "data", {
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1024Mi" } } },
  }),
  "web/ingress.yaml": yaml("networking.k8s.io/v1", "Ingress", "web", {
    spec: { defaultBackend: { service: { name: "web", port: { number: 80 } } } },
  }),
  "web/config.yaml": yaml(
    "v1",
    "ConfigMap",
    "mutated",
    { data: { level: "debug", other: "kept" } },
    { labels: { mutated: "yes" } },
  ),
  "web/plain.yaml": configMap("plain", { a: "1" }),
};

describeCluster("what admission makes of manifests", () => {
  test("is no drift: nothing is written again, and no dry run asked after the first pass", {
    timeout: 240_000,
  }, async () => {
    await using cluster = await startControlPlane({ auditLog: true });
    for (const policy of POLICIES)
      expect(await cluster.kubectl(["apply", "-f", "-"], policy)).toMatchObject({ code: 0 });
    const mutated = FILES["web/config.yaml"];
    await until("the policy to be in force", async () => {
      const { stdout } = await cluster.kubectl(["create", "--dry-run=server", "-o", "yaml", "-f", "-"], mutated);
      return stdout.includes("level: forced");
    });
    await using world = await World.make({ files: FILES, cluster });
    await world.plumbline.start();
    const { resources } = await expectQuiet(world);
    expect(resources.flatMap(({ changes }) => changes)).toEqual([]);

    expect(await world.object("configmap", "mutated")).toMatchObject({
      metadata: { annotations: { "example.com/seen": "yes" } },
      data: { level: "forced", other: "kept" },
    });
    expect(await world.object("pod", "web")).toMatchObject({
      spec: { priority: 7, containers: [{ resources: { limits: { memory: "256Mi" }, requests: { cpu: "100m" } } }] },
    });
    expect(await world.object("pvc", "data")).toMatchObject({ spec: { storageClassName: "usual" } });
    expect(await world.object("ingress", "web")).toMatchObject({ spec: { ingressClassName: "usual" } });
    await expectQuietRestart(world);
  });
});
