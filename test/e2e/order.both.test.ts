import { expect, test } from "vitest";
import type { AuditEvent } from "../controlplane/index.ts";
import { describeTarget } from "../target/index.ts";
import { configMap, deployment, service, yaml } from "./manifests.ts";
import { World } from "./world.ts";

const labels = { app: "web" };
const rule = { rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"] }] };
const binding = {
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "reader" },
  subjects: [{ kind: "ServiceAccount", name: "web" }],
};
const crd = (plural: string, kind: string) => ({
  spec: {
    group: "e2e.example.com",
    scope: "Namespaced",
    names: { plural, kind, singular: kind.toLowerCase(), listKind: `${kind}List` },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: { spec: { type: "object", properties: { size: { type: "integer" } } } },
          },
        },
      },
    ],
  },
});

/** Fourteen objects, an object a stage or more, in files whose names say nothing of the order. */
function shuffled(namespace: string) {
  return {
    "web/01.yaml": yaml("networking.k8s.io/v1", "Ingress", "web", {
      spec: { defaultBackend: { service: { name: "web", port: { number: 80 } } } },
    }),
    "web/02.yaml": service("web"),
    "web/03.yaml": yaml("e2e.example.com/v1", "Gadget", "big", { spec: { size: 3 } }),
    "web/04.yaml": deployment("web"),
    "web/05.yaml": yaml("v1", "PersistentVolumeClaim", "data", {
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    }),
    "web/06.yaml": yaml("v1", "Secret", "web", { stringData: { password: "example" } }),
    "web/07.yaml": configMap("web", { colour: "blue" }),
    "web/08.yaml": yaml("policy/v1", "PodDisruptionBudget", "web", {
      spec: { minAvailable: 1, selector: { matchLabels: labels } },
    }),
    "web/09.yaml": yaml("rbac.authorization.k8s.io/v1", "RoleBinding", "reader", binding),
    "web/10.yaml": yaml("rbac.authorization.k8s.io/v1", "Role", "reader", rule),
    "web/11.yaml": yaml("v1", "ServiceAccount", "web", {}),
    "web/12.yaml": yaml(
      "apiextensions.k8s.io/v1",
      "CustomResourceDefinition",
      "gadgets.e2e.example.com",
      crd("gadgets", "Gadget"),
    ),
    "web/13.yaml": yaml("v1", "Namespace", `${namespace}-more`, {}),
    "web/14.yaml": yaml("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", `${namespace}-none`, {
      webhooks: [],
    }),
  };
}

const STAGE_ORDER = [
  ["namespaces"],
  ["customresourcedefinitions"],
  ["serviceaccounts", "roles", "rolebindings"],
  ["poddisruptionbudgets"],
  ["configmaps", "secrets"],
  ["persistentvolumeclaims"],
  ["deployments"],
  ["services"],
  ["gadgets"],
  ["ingresses"],
  ["validatingwebhookconfigurations"],
];

/** Does a request mean an object of the application, its ApplySet parent apart. */
function belongs(ref: AuditEvent["objectRef"], namespace: string): boolean {
  if (ref?.name === "default.web") return false;
  return (
    ref?.namespace === namespace || ref?.name?.startsWith(namespace) === true || ref?.name === "gadgets.e2e.example.com"
  );
}

describeTarget("the order of an application", () => {
  test("is that of the stages, in the server's own record, whatever the files are called", async () => {
    await using world = await World.make({ files: { "web/none.yaml": configMap("none", {}) } });
    await world.commit({ "web/none.yaml": null, ...shuffled(world.namespace) });
    await world.plumbline.start();
    const { resources } = await world.status(({ sync }) => sync.status === "Synced", 60);
    expect(resources).toHaveLength(14);
    const events = await world.plumbline.get<{ items: { reason: string }[] }>(
      "/api/v1/applications/default/web/events",
    );
    expect(events.items.map(({ reason }) => reason)).not.toContain("DriftFound");

    const requests = await world.cluster.auditEvents({ verbs: ["patch"] });
    const ranks = requests
      .filter(({ objectRef }) => belongs(objectRef, world.namespace))
      .sort((a, b) => a.requestReceivedTimestamp.localeCompare(b.requestReceivedTimestamp))
      .map(({ objectRef }) => STAGE_ORDER.findIndex((stage) => stage.includes(objectRef?.resource ?? "")));
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    expect(new Set(ranks).size).toBe(STAGE_ORDER.length);
  });

  test("a stage that fails stops the later ones and not its siblings, and says so of each", async () => {
    const files = {
      "web/good.yaml": configMap("good", {}),
      "web/bad.yaml": yaml("v1", "ConfigMap", "bad", { data: { number: 1 } }),
      "web/deploy.yaml": deployment("web"),
    };
    await using world = await World.make({ files });
    await world.plumbline.start();
    const { resources, lastSync } = await world.status(
      ({ lastSync }) => lastSync !== undefined && lastSync.outcomes.length > 0,
    );
    expect(await world.object("configmap", "good")).toBeDefined();
    expect(await world.object("deployment", "web")).toBeUndefined();
    const outcomes = Object.fromEntries((lastSync?.outcomes ?? []).map((one) => [one.ref.name, one]));
    expect(outcomes["good"]?.outcome).toBe("created");
    expect(outcomes["bad"]).toMatchObject({ outcome: "failed", problem: { code: "PL-KUBE-INVALID" } });
    expect(outcomes["web"]).toMatchObject({ outcome: "skipped" });
    expect(JSON.stringify(outcomes["web"])).toContain("bad");
    expect(resources.find(({ ref }) => ref.name === "bad")?.problem).toMatchObject({
      where: expect.stringContaining("bad"),
    });
  });
});
