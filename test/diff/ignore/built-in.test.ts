import { describe, expect, test } from "vitest";
import { compare } from "../../../src/diff/index.ts";
import { ANY_SCHEMA, type JsonObject, type KubeObject, type ManagedFieldsEntry } from "../../../src/model/index.ts";
import { entryOf, live, stamped } from "../server.ts";
import { leftText, paths } from "./leaving.ts";

function object(
  apiVersion: string,
  kind: string,
  more: JsonObject,
  annotations: { [name: string]: string } = {},
): KubeObject {
  return stamped({ apiVersion, kind, metadata: { name: "x", annotations }, ...more }, "one");
}

interface Case {
  readonly git: KubeObject;
  readonly now: KubeObject;
  readonly lost?: readonly (readonly string[])[];
  readonly others?: readonly ManagedFieldsEntry[];
}

function found({ git, now, lost = [], others = [] }: Case) {
  const there = live(git, { now, schema: ANY_SCHEMA, lost, others });
  return compare({ desired: git, manifestHash: "one", live: there, schema: ANY_SCHEMA, setApplied: true });
}

test("the rules of an aggregated ClusterRole are left to its controller, also where Git names some", () => {
  const role = (rules?: JsonObject[], aggregated = true) =>
    object("rbac.authorization.k8s.io/v1", "ClusterRole", {
      ...(aggregated && { aggregationRule: { clusterRoleSelectors: [] } }),
      ...(rules && { rules }),
    });
  const others = [entryOf("clusterrole-aggregation-controller", { "f:rules": {} }, { operation: "Apply" })];
  const now = role([{ verbs: ["get"] }]);
  const text = (git: string) => [`/rules ${git} [{"verbs":["get"]}] left to clusterrole-aggregation-controller`];
  const silent = found({ git: role(), now, others });
  expect([silent.status, leftText(silent)]).toEqual(["Synced", text("-")]);
  const named = found({ git: role([{ verbs: ["list"] }]), now, lost: [["f:rules"]], others });
  expect([named.status, leftText(named)]).toEqual(["Synced", text('[{"verbs":["list"]}]')]);
  expect(named.sent).not.toHaveProperty("rules");
  const plain = {
    git: role([{ verbs: ["list"] }], false),
    now: role([{ verbs: ["get"] }], false),
    lost: [["f:rules"]],
    others,
  };
  expect(found(plain).status).toBe("Drifted");
});

describe("an injected caBundle", () => {
  const injector = entryOf("cert-manager-cainjector", { "f:spec": { "f:caBundle": {} } });
  const hand = entryOf("kubectl-edit", { "f:spec": { "f:caBundle": {} } });
  const service = (caBundle?: string, annotations = {}) =>
    object(
      "apiregistration.k8s.io/v1",
      "APIService",
      { spec: { group: "g", ...(caBundle !== undefined && { caBundle }) } },
      annotations,
    );
  const lost = [["f:spec", "f:caBundle"]];

  test.for(["", "Cg=="])("is left where Git has %j", (git) => {
    const left = found({ git: service(git), now: service("QQ=="), lost, others: [injector] });
    expect([left.status, leftText(left)]).toEqual([
      "Synced",
      [`/spec/caBundle "${git}" "QQ==" left to cert-manager-cainjector`],
    ]);
    expect(left.sent).toEqual(service());
  });

  test("is left where Git has none", () => {
    const left = found({ git: service(), now: service("QQ=="), others: [injector] });
    expect([left.changes, leftText(left)]).toEqual([[], ['/spec/caBundle - "QQ==" left to cert-manager-cainjector']]);
  });

  test("is left where Git has one and an injector has replaced it, or the object asks for it", () => {
    expect(found({ git: service("Qg=="), now: service("QQ=="), lost, others: [injector] }).status).toBe("Synced");
    const asks = { "cert-manager.io/inject-ca-from": "ns/cert" };
    expect(found({ git: service("Qg==", asks), now: service("QQ==", asks), lost, others: [hand] }).status).toBe(
      "Synced",
    );
  });

  test("is drift where somebody else replaced the one that Git has", () => {
    expect(paths(found({ git: service("Qg=="), now: service("QQ=="), lost, others: [hand] }))).toEqual([
      "/spec/caBundle drift",
    ]);
  });

  test("is found in webhooks and in the conversion of a definition", () => {
    const hook = (more = {}) =>
      object("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", {
        webhooks: [{ name: "a", clientConfig: { url: "u", ...more } }],
      });
    const hooks = entryOf("cert-manager-cainjector", { "f:webhooks": {} });
    const left = found({ git: hook(), now: hook({ caBundle: "QQ==" }), lost: [["f:webhooks"]], others: [hooks] });
    expect(left.changes).toEqual([]);
    const crd = (more = {}) =>
      object("apiextensions.k8s.io/v1", "CustomResourceDefinition", {
        spec: { conversion: { webhook: { clientConfig: { url: "u", ...more } } } },
      });
    const conversion = entryOf("cert-manager-cainjector", {
      "f:spec": { "f:conversion": { "f:webhook": { "f:clientConfig": { "f:caBundle": {} } } } },
    });
    expect(found({ git: crd(), now: crd({ caBundle: "QQ==" }), others: [conversion] }).changes).toEqual([]);
  });
});

describe("what the API server allocates", () => {
  const service = (spec: JsonObject) => object("v1", "Service", { spec });

  test("is left to it where Git asks for it by an empty field, which goes on being sent", () => {
    const git = service({ clusterIP: "", healthCheckNodePort: 0, ports: [{ port: 80, nodePort: 0 }] });
    const now = service({ clusterIP: "10.0.0.1", healthCheckNodePort: 30001, ports: [{ port: 80, nodePort: 30000 }] });
    const left = found({ git, now });
    expect([left.status, left.doubtful, left.sent ?? git]).toEqual(["Synced", false, git]);
    expect(leftText(left)).toEqual([
      '/spec/clusterIP "" "10.0.0.1" left to the API server',
      "/spec/healthCheckNodePort 0 30001 left to the API server",
      "/spec/ports/0/nodePort 0 30000 left to the API server",
    ]);
  });

  test("is Git's where Git names a value", () => {
    const found1 = found({ git: service({ clusterIP: "None" }), now: service({ clusterIP: "10.0.0.1" }) });
    expect([found1.left, found1.doubtful]).toEqual([undefined, true]);
  });

  test("is told of a claim's volume", () => {
    const others = [entryOf("kube-controller-manager", { "f:spec": { "f:volumeName": {} } })];
    const claim = (spec: JsonObject) => object("v1", "PersistentVolumeClaim", { spec });
    const left = found({ git: claim({ size: 1 }), now: claim({ size: 1, volumeName: "pv-1" }), others });
    expect([left.status, leftText(left)]).toEqual([
      "Synced",
      ['/spec/volumeName - "pv-1" left to kube-controller-manager'],
    ]);
  });
});
