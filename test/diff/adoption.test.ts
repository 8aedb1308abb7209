import { describe, expect, test } from "vitest";
import { compare, isStampedByUs, takeover } from "../../src/diff/index.ts";
import { LAST_APPLIED } from "../../src/diff/mask.ts";
import type { KubeObject, LiveObject, ManagedFieldsEntry } from "../../src/model/index.ts";
import { entryOf, stamped, web } from "./server.ts";
import { DEPLOYMENT } from "./small-schema.ts";

const CLIENT_SIDE = "kubectl-client-side-apply";
const desired = stamped(web({ replicas: 2 }), "one");
const paused = { "f:paused": {} };
const all = { "f:replicas": {}, "f:paused": {}, "f:selector": {} };

function liveBy(
  managedFields: readonly ManagedFieldsEntry[],
  now: KubeObject = web({ replicas: 2, spec: { paused: true } }),
): LiveObject {
  return { ...now, metadata: { ...now.metadata, uid: "u", resourceVersion: "7", managedFields } };
}

const by = (manager: string, spec: ManagedFieldsEntry["fieldsV1"], more: Partial<ManagedFieldsEntry> = {}) =>
  entryOf(manager, spec === undefined ? {} : { "f:spec": spec }, { apiVersion: "apps/v1", ...more });
const ours = (spec: object, more: Partial<ManagedFieldsEntry> = {}) =>
  entryOf("plumbline", { "f:spec": { ...spec } }, { apiVersion: "apps/v1", operation: "Apply", ...more });

/** managedFields as the takeover leaves them, and whether there is more. */
function takenOver(live: LiveObject) {
  const found = takeover(live, { desired, schema: DEPLOYMENT });
  const value = found?.operations.find(({ path }) => path === "/metadata/managedFields");
  return found && { entries: value?.op === "add" ? value.value : undefined, more: found.more };
}

describe("a takeover", () => {
  test("makes the older manifest ours, with its time, and is bound to the version that was read", () => {
    const live = liveBy([by(CLIENT_SIDE, all)]);
    expect(takeover(live, { desired, schema: DEPLOYMENT })).toEqual({
      resourceVersion: "7",
      more: false,
      operations: [
        { op: "replace", path: "/metadata/resourceVersion", value: "7" },
        { op: "add", path: "/metadata/managedFields", value: [ours(all)] },
      ],
    });
  });

  test("puts several older manifests and our own entry together", () => {
    const live = liveBy([
      by("helm", { "f:replicas": {} }),
      by("kubectl", paused, { operation: "Apply" }),
      ours({ "f:selector": {} }),
    ]);
    expect(takenOver(live)).toEqual({ entries: [ours(all)], more: false });
  });

  test("leaves single edits, subresources, controllers and what cannot be read", () => {
    const stay = [
      by("kubectl-edit", paused),
      by("kubectl", { "f:replicas": {} }, { subresource: "scale" }),
      entryOf("kube-controller-manager", { "f:metadata": { "f:annotations": { "f:x": {} } } }),
      entryOf("helm", { "f:status": {} }, { subresource: "status" }),
      entryOf("curious", { "q:odd": {} }),
    ];
    const found = takenOver(liveBy([...stay, by(CLIENT_SIDE, { "f:replicas": {} })]));
    expect(found?.entries).toEqual(expect.arrayContaining([...stay, ours({ "f:replicas": {} })]));
    expect(found?.entries).toHaveLength(stay.length + 1);
    expect(takenOver(liveBy(stay))).toBeUndefined();
  });

  test("never takes status, finalizers and owner references", () => {
    const fields = {
      "f:metadata": { "f:finalizers": { ".": {}, 'v:"a/b"': {} } },
      "f:spec": paused,
      "f:status": { "f:phase": {} },
    };
    const now = { ...web({ replicas: 2, spec: { paused: true } }), status: { phase: "x" } };
    const live = liveBy([entryOf("argocd-controller", fields, { apiVersion: "apps/v1" })], {
      ...now,
      metadata: { ...now.metadata, finalizers: ["a/b"] },
    });
    const left = { "f:metadata": fields["f:metadata"], "f:status": fields["f:status"] };
    expect(takenOver(live)?.entries).toEqual([
      entryOf("argocd-controller", left, { apiVersion: "apps/v1" }),
      ours(paused),
    ]);
  });

  test("takes the tools' own marks, whoever wrote them, and no other annotation", () => {
    const annotations = { "meta.helm.sh/release-name": "web", [LAST_APPLIED]: "{}", team: "a" };
    const now = web({ replicas: 2 });
    const names = Object.fromEntries(Object.keys(annotations).map((name) => [`f:${name}`, {}]));
    const entry = entryOf("kubectl-annotate", { "f:metadata": { "f:annotations": names } });
    const found = takenOver(liveBy([entry], { ...now, metadata: { ...now.metadata, annotations } }));
    const { "f:team": team, ...marks } = names;
    expect(found?.entries).toEqual([
      entryOf("kubectl-annotate", { "f:metadata": { "f:annotations": { "f:team": team } } }),
      {
        ...entryOf("plumbline", { "f:metadata": { "f:annotations": marks } }),
        operation: "Apply",
        apiVersion: "apps/v1",
        time: undefined,
      },
    ]);
  });

  test("takes entries in another version of the kind first, and says that there is more", () => {
    const live = liveBy([
      by(CLIENT_SIDE, paused, { apiVersion: "apps/v1beta1" }),
      by(CLIENT_SIDE, { "f:replicas": {} }),
    ]);
    const first = takenOver(live);
    expect(first).toEqual({
      entries: [by(CLIENT_SIDE, { "f:replicas": {} }), ours(paused, { apiVersion: "apps/v1beta1" })],
      more: true,
    });
    const applied = liveBy([by(CLIENT_SIDE, { "f:replicas": {} }), ours({ "f:selector": {} })]);
    expect(takenOver(applied)).toEqual({ entries: [ours({ "f:selector": {}, "f:replicas": {} })], more: false });
  });

  test("goes by kubectl's copy of the manifest where nobody is noted as owner, and for what was there before owners were noted", () => {
    const copy = { metadata: { annotations: {} }, spec: { replicas: 2 } };
    const now = web({ replicas: 2, spec: { paused: true } });
    const annotated = { ...now, metadata: { ...now.metadata, annotations: { [LAST_APPLIED]: JSON.stringify(copy) } } };
    expect(JSON.stringify(takenOver(liveBy([], annotated))?.entries)).toContain('"f:spec":{"f:replicas":{}}');
    const mixed = takenOver(liveBy([by("before-first-apply", { "f:replicas": {}, ...paused })], annotated));
    expect(mixed?.entries).toEqual([
      by("before-first-apply", paused),
      expect.objectContaining({ manager: "plumbline" }),
    ]);
    expect(takenOver(liveBy([by("before-first-apply", paused)]))).toBeUndefined();
  });

  test.each(["{", "[]", "null", "7", '{"metadata":7,"spec":{"replicas":[]}}'])(
    "survives %s as kubectl's copy",
    (text) => {
      const now = web({ replicas: 2 });
      const live = liveBy([], { ...now, metadata: { ...now.metadata, annotations: { [LAST_APPLIED]: text } } });
      expect(() => takenOver(live)).not.toThrow();
    },
  );
});

describe("an object that is compared for adoption", () => {
  const adopt = (live: LiveObject, more: object = {}) =>
    compare({ desired, manifestHash: "one", live, schema: DEPLOYMENT, setApplied: false, adopt: true, ...more });

  test("loses what an older manifest had, with its writer as author, and keeps what others have", () => {
    const now = web({ replicas: 3, spec: { paused: true }, container: { stdin: true } });
    const container = { 'k:{"name":"web"}': { "f:stdin": {} } };
    const edited = by("kubectl-edit", { "f:template": { "f:spec": { "f:containers": container } } });
    const found = adopt(liveBy([by("helm", { "f:replicas": {}, ...paused }), edited], now));
    const said = found.changes.filter(({ path }) => !path.startsWith("/metadata"));
    expect(said.map(({ path, class: kind, manager, desired: want }) => [path, kind, manager, want])).toEqual([
      ["/spec/paused", "pending", "helm", undefined],
      ["/spec/replicas", "pending", "helm", 2],
      ["/spec/template/spec/containers[name=web]/stdin", "foreign", "kubectl-edit", undefined],
    ]);
    expect(found).toMatchObject({ status: "Pending", doubtful: true, owned: false, kept: undefined });
  });

  test("is Pending whatever was remembered of it, and whoever wrote last", () => {
    const live = liveBy(
      [by("curl", { "f:replicas": {} }, { time: "2030-01-01T00:00:00Z" }), ours(paused)],
      web({ replicas: 3 }),
    );
    expect(adopt(live, { base: desired }).status).toBe("Pending");
  });

  test("keeps server's defaults that the writer is noted for, but asks the server", () => {
    const now = web({ replicas: 2, pod: { restartPolicy: "Always" } });
    const entry = by("kubectl-create", { "f:template": { "f:spec": { "f:restartPolicy": {} } } });
    const found = adopt(liveBy([entry], now));
    expect(found.changes.map(({ path }) => path)).not.toContain("/spec/template/spec/restartPolicy");
    expect(found.doubtful).toBe(true);
  });
});

test.each([null, 7, "x", [], [null], [{ fieldsV1: null }, { manager: 7, fieldsV1: {} }]])(
  "metadata of a wrong shape, such as %j, ends neither a comparison for adoption nor a takeover",
  (odd) => {
    const metadata = { ...desired.metadata, labels: odd, annotations: odd, managedFields: odd };
    const live = JSON.parse(JSON.stringify({ ...desired, metadata })) as LiveObject;
    const input = { desired, manifestHash: "one", live, schema: DEPLOYMENT, setApplied: false, adopt: true };
    expect(() => compare(input)).not.toThrow();
    expect(() => takenOver(live)).not.toThrow();
  },
);

test("an object is stamped by us while our entry has the stamp, not while the stamp is somebody else's", () => {
  const stamp = { "f:metadata": { "f:annotations": { "f:plumbline.dev/applied": {} } } };
  const entry = { ...entryOf("plumbline", stamp), operation: "Apply" as const };
  expect(isStampedByUs(liveBy([entry]))).toBe(true);
  expect(isStampedByUs(liveBy([entryOf("velero", stamp)]))).toBe(false);
  expect(isStampedByUs(liveBy([ours(all)]))).toBe(false);
});
