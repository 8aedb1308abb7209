import { describe, expect, test } from "vitest";
import { compare } from "../../src/diff/index.ts";
import type { Json, KubeObject, LiveObject } from "../../src/model/index.ts";
import { entryOf, live, stamped, web } from "./server.ts";
import { DEPLOYMENT } from "./small-schema.ts";

function changes(desired: KubeObject, there: LiveObject) {
  const found = compare({ desired, manifestHash: "one", live: there, schema: DEPLOYMENT, setApplied: true });
  return found.changes.map(({ path, pointer, class: kind, manager, ...values }) => ({
    ...{ path, pointer, kind, manager },
    ...("desired" in values && { desired: values.desired }),
    ...("live" in values && { live: values.live }),
  }));
}

const env = (...items: [string, string][]) =>
  stamped(web({ container: { env: items.map(([name, value]) => ({ name, value })) } }), "one");
const pod = (value: { readonly [field: string]: Json }) => stamped(web({ pod: value }), "one");
const CONTAINER = ["f:spec", "f:template", "f:spec", "f:containers", 'k:{"name":"web"}'];
const LIST = "/spec/template/spec/containers[name=web]/env";
const POSITION = "/spec/template/spec/containers/0/env";

function inContainer(fields: object) {
  return { "f:spec": { "f:template": { "f:spec": { "f:containers": { 'k:{"name":"web"}': { ...fields } } } } } };
}

describe("lists by merge key", () => {
  test("another order in live is a move, which has no author", () => {
    const there = live(env(["A", "1"], ["B", "2"]), { now: env(["B", "2"], ["A", "1"]) });
    expect(changes(env(["A", "1"], ["B", "2"]), there)).toEqual([
      {
        ...{ path: LIST, pointer: POSITION, kind: "drift", manager: undefined },
        desired: ["[name=A]", "[name=B]"],
        live: ["[name=B]", "[name=A]"],
      },
    ]);
  });

  test("another order of a set's values is a move, too: the next apply would write it", () => {
    const held = (...finalizers: string[]) => {
      const base = web();
      return stamped({ ...base, metadata: { ...base.metadata, finalizers } }, "one");
    };
    expect(changes(held("a", "b"), live(held("a", "b"), { now: held("b", "x", "a") }))).toEqual([
      {
        ...{ path: "/metadata/finalizers", pointer: "/metadata/finalizers", kind: "drift", manager: undefined },
        desired: ["[=a]", "[=b]"],
        live: ["[=b]", "[=a]"],
      },
    ]);
  });

  test("an item of somebody else between ours is foreign, with its whole value and position", () => {
    const theirs = inContainer({ "f:env": { 'k:{"name":"X"}': { ".": {}, "f:name": {}, "f:value": {} } } });
    const there = live(env(["A", "1"], ["B", "2"]), {
      now: env(["A", "1"], ["X", "9"], ["B", "2"]),
      others: [entryOf("kubectl-edit", theirs)],
    });
    expect(changes(env(["A", "1"], ["B", "2"]), there)).toEqual([
      {
        ...{ path: `${LIST}[name=X]`, pointer: `${POSITION}/1`, kind: "foreign", manager: "kubectl-edit" },
        live: { name: "X", value: "9" },
      },
    ]);
  });

  test("an item that somebody removed is drift, whole", () => {
    const there = live(env(["A", "1"], ["B", "2"]), {
      now: env(["A", "1"]),
      lost: [[...CONTAINER, "f:env", 'k:{"name":"B"}']],
    });
    expect(changes(env(["A", "1"], ["B", "2"]), there)).toEqual([
      {
        ...{ path: `${LIST}[name=B]`, pointer: `${POSITION}/1`, kind: "drift", manager: undefined },
        desired: { name: "B", value: "2" },
      },
    ]);
  });

  test("keys that are left out have their defaults", () => {
    const ports = (port: object) => stamped(web({ container: { ports: [{ containerPort: 80, ...port }] } }), "one");
    expect(changes(ports({}), live(ports({}), { now: ports({ protocol: "TCP" }) }))).toEqual([]);
    const [change] = changes(ports({ hostPort: 1 }), live(ports({}), { now: ports({ protocol: "TCP", hostPort: 2 }) }));
    expect(change?.path).toBe("/spec/template/spec/containers[name=web]/ports[containerPort=80,protocol=TCP]/hostPort");
  });

  test("an atomic list is one value, and one change", () => {
    const lost = [["f:spec", "f:template", "f:spec", "f:tolerations"]];
    const there = live(pod({ tolerations: [{ key: "a" }] }), {
      now: pod({ tolerations: [{ key: "a" }, { key: "b" }] }),
      lost,
    });
    expect(changes(pod({ tolerations: [{ key: "a" }] }), there)).toMatchObject([
      { path: "/spec/template/spec/tolerations", kind: "drift", live: [{ key: "a" }, { key: "b" }] },
    ]);
  });
});

test("one of a set that is gone is drift", () => {
  const finalizers = (...names: string[]) => {
    const object = stamped(web(), "one");
    return { ...object, metadata: { ...object.metadata, finalizers: names } };
  };
  const wanted = finalizers("a/x", "a/y");
  const lost = [["f:metadata", "f:finalizers", 'v:"a/x"']];
  expect(changes(wanted, live(wanted, { now: finalizers("a/y"), lost }))).toMatchObject([
    { path: "/metadata/finalizers[=a~1x]", kind: "drift", desired: "a/x" },
  ]);
});

describe("foreign fields", () => {
  test("status and the control plane's own writes are none", () => {
    const others = [
      entryOf("kube-controller-manager", { "f:metadata": { "f:annotations": { "f:revision": {} } } }),
      entryOf("some-operator", { "f:status": { "f:replicas": {} } }, { subresource: "status" }),
    ];
    const now = { ...stamped(web(), "one"), status: { replicas: 1 } };
    const withRevision = {
      ...now,
      metadata: { ...now.metadata, annotations: { ...now.metadata.annotations, revision: "1" } },
    };
    expect(changes(stamped(web(), "one"), live(stamped(web(), "one"), { now: withRevision, others }))).toEqual([]);
  });

  test("defaults that a creator was given along are none, his own wishes are", () => {
    const creator = entryOf("helm", {
      "f:spec": { "f:paused": {}, "f:replicas": {} },
      ...{ "f:metadata": { "f:labels": { ".": {}, "f:team": {} } } },
    });
    const object = stamped(web({ replicas: 1, spec: { paused: true } }), "one");
    const now = { ...object, metadata: { ...object.metadata, labels: { team: "a" } } };
    const found = changes(stamped(web(), "one"), live(stamped(web(), "one"), { now, others: [creator] }));
    expect(found.map(({ path, kind }) => `${path} ${kind}`)).toEqual([
      "/metadata/labels/team foreign",
      "/spec/paused foreign",
    ]);
  });
});
