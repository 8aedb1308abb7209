import { describe, expect, test } from "vitest";
import type { LiveObject } from "../../src/model/index.ts";
import { refKey } from "../../src/model/index.ts";
import { buildPlan, type Claim, claimsOn, type JudgedClaim, printPlan } from "../../src/plan/index.ts";
import { APPLICATION, alive, INVENTORY, manifest, ready } from "./planned.ts";

const [prepared] = ready([manifest("apps/v1 Deployment web")]);
if (prepared === undefined) throw new Error("one manifest");
const { ref } = prepared;
const key = refKey(ref);

/** The object as another tool brought it. */
function foreign(metadata: object = {}, manager = "helm"): LiveObject {
  const managedFields = [{ manager, operation: "Update", fieldsV1: { "f:spec": {} } }];
  return alive(
    { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace: "shop" } },
    {
      managedFields,
      ...metadata,
    },
  );
}

const claim: Claim = { tool: "Helm", evidence: "release shop/web", records: [], release: "let go" };

interface Scene {
  readonly live?: LiveObject;
  readonly claims?: readonly JudgedClaim[];
  readonly adopt?: "all" | "never" | "unclaimed";
  readonly paths?: readonly { readonly path: string; readonly desired?: number }[];
}

function planOf({ live = foreign(), claims = [], adopt = "unclaimed", paths = [] }: Scene) {
  const changes = paths.map((one) => ({ pointer: one.path, live: 1, class: "pending" as const, ...one }));
  return buildPlan({
    application: APPLICATION,
    revision: "abc",
    inventoryNamespace: INVENTORY,
    prepared: prepared === undefined ? [] : [prepared],
    comparisons: new Map([[key, { status: "Pending", changes, doubtful: false, owned: false, kept: undefined }]]),
    live: new Map([[key, live]]),
    members: [],
    parent: undefined,
    policy: { prune: true, pruneLimit: 50, adopt },
    claims: new Map([[key, claims]]),
  });
}

const stepOf = (scene: Scene) => planOf(scene).steps[0];

describe("the plan of an adoption", () => {
  test("says from whom, what changes and what goes, Plumbline's own marks apart", () => {
    const paths = [
      { path: "/metadata/labels/applyset.kubernetes.io~1part-of", desired: 1 },
      { path: "/spec/replicas", desired: 2 },
      { path: "/spec/paused" },
      { path: "/spec/minReadySeconds" },
    ];
    const plan = planOf({ paths, claims: [{ claim, living: "no" }] });
    expect(plan.steps[0]).toMatchObject({
      action: "adopt",
      reason: "adopts it from Helm (release shop/web, which is gone): 1 field changes, 2 are removed",
      adoption: {
        from: [{ tool: "Helm", manager: "helm", evidence: "release shop/web", living: "no" }],
        changed: 1,
        removed: 2,
      },
    });
    expect(printPlan(plan)).toContain("  ^ Deployment shop/web  adopts it from Helm (release shop/web, which is gone)");
  });

  test("says so where nobody that is known has applied the object", () => {
    expect(stepOf({ live: foreign({}, "curl") })?.reason).toBe(
      "adopts it, which nobody that is known has applied: no field changes",
    );
  });

  test("goes on where a crash has left our entry without our stamp, and is over with the stamp", () => {
    const entry = (fieldsV1: object) => [{ manager: "plumbline", operation: "Apply", fieldsV1 }];
    expect(stepOf({ live: foreign({ managedFields: entry({ "f:spec": {} }) }) })?.action).toBe("adopt");
    const stamp = { "f:metadata": { "f:annotations": { "f:plumbline.dev/applied": {} } } };
    expect(stepOf({ live: foreign({ managedFields: entry(stamp) }) })).toMatchObject({ action: "update" });
  });
});

describe("an adoption is refused", () => {
  const refusal = (scene: Scene) => stepOf(scene)?.problem?.code;

  test("while a claimant lives, or cannot be looked for, unless all are adopted", () => {
    expect(refusal({ claims: [{ claim, living: "no" }] })).toBeUndefined();
    expect(refusal({ claims: [{ claim, living: "yes" }] })).toBe("PL-ADOPT-CLAIMED");
    expect(refusal({ claims: [{ claim, living: "yes" }], adopt: "all" })).toBeUndefined();
    const step = stepOf({ claims: [{ claim, living: "unknown", why: "secrets is forbidden" }] });
    expect(step).toMatchObject({ action: "none", adoption: { from: [{ living: "unknown" }] } });
    expect(step?.problem?.message).toBe(
      "Deployment shop/web is there already, and Helm claims it (release shop/web); whether that is still there cannot be seen: secrets is forbidden",
    );
  });

  test("of everything where the policy is never", () => {
    expect(refusal({ adopt: "never" })).toBe("PL-ADOPT-REFUSED");
  });
});

describe("a claim", () => {
  const found = (metadata: object, manager?: string) =>
    claimsOn(foreign(metadata, manager)).map(({ tool, evidence }) => `${tool}: ${evidence}`);

  test("is read off what each tool puts on its objects", () => {
    const tracking = (id: string) => ({ annotations: { "argocd.argoproj.io/tracking-id": id } });
    expect(found(tracking("web:apps/Deployment:shop/web"))).toEqual(["Argo CD: Application web"]);
    expect(found(tracking("argocd_web:apps/Deployment:shop/web"))).toEqual(["Argo CD: Application argocd/web"]);
    expect(found({ labels: { "argocd.argoproj.io/instance": "web" } })).toEqual(["Argo CD: Application web"]);
    const flux = (what: string) => ({
      [`${what}.toolkit.fluxcd.io/name`]: "a",
      [`${what}.toolkit.fluxcd.io/namespace`]: "b",
    });
    expect(found({ labels: { ...flux("kustomize"), ...flux("helm") } })).toEqual([
      "Flux: Kustomization b/a",
      "Flux: HelmRelease b/a",
    ]);
    const sync = (manager: string) => ({
      "configmanagement.gke.io/managed": "enabled",
      "configsync.gke.io/manager": manager,
    });
    const syncs = [":root", ":root_a", "shop", "shop_a"].flatMap((manager) => found({ annotations: sync(manager) }));
    expect(syncs).toEqual([
      "Config Sync: RootSync config-management-system/root-sync",
      "Config Sync: RootSync config-management-system/a",
      "Config Sync: RepoSync shop/repo-sync",
      "Config Sync: RepoSync shop/a",
    ]);
  });

  test("is none where the object is a copy of the one that is claimed, or the mark is anybody's", () => {
    expect(found({ annotations: { "argocd.argoproj.io/tracking-id": "web:apps/Deployment:shop/other" } })).toEqual([]);
    expect(found({ labels: { "app.kubernetes.io/instance": "web" } })).toEqual([]);
    expect(found({ labels: { "app.kubernetes.io/instance": "web" } }, "argocd-controller")).toEqual([
      "Argo CD: Application web",
    ]);
    expect(found({ labels: { "app.kubernetes.io/managed-by": "Helm" } })).toEqual([]);
  });

  test("cannot widen the question that is asked for it", () => {
    const annotations = { "meta.helm.sh/release-name": "web,owner!=helm", "meta.helm.sh/release-namespace": "shop" };
    expect(found({ annotations })).toEqual([]);
    expect(found({ annotations: 7, labels: [], ownerReferences: "x" })).toEqual([]);
  });
});
