import { describe, expect, test } from "vitest";
import { normaliseDesired } from "../../src/diff/index.ts";
import type { KubeObject } from "../../src/model/index.ts";

const object = (more: object): KubeObject => ({ apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, ...more });

describe("a Secret's stringData", () => {
  test("becomes data, and wins over it", () => {
    const { object: clean, warnings } = normaliseDesired(
      object({ data: { a: "YQ==", b: "Yg==" }, stringData: { b: "ß", c: null } }),
    );
    expect(clean).toEqual(object({ data: { a: "YQ==", b: "w58=", c: "" } }));
    expect(warnings).toEqual([]);
  });

  test("of a shape that the server refuses is left for it to refuse", () => {
    for (const stringData of ["text", { a: 1 }, ["x"]]) {
      expect(normaliseDesired(object({ stringData })).object["stringData"]).toEqual(stringData);
    }
  });

  test("of another kind's field with that name is not touched", () => {
    const other = { ...object({ stringData: { a: "x" } }), apiVersion: "example.com/v1" };
    expect(normaliseDesired(other).object).toEqual(other);
  });
});

describe("what the server writes itself", () => {
  test("is left out with one warning each, without a value", () => {
    const metadata = { name: "s", uid: "u1", resourceVersion: "77", selfLink: "/x", generation: 1, managedFields: [] };
    const { object: clean, warnings } = normaliseDesired({ ...object({ status: { a: 1 } }), metadata });
    expect(clean).toEqual(object({}));
    expect(warnings).toHaveLength(6);
    expect(warnings[0]).toBe("Secret s: status left out: it belongs to the controller");
  });

  test("creationTimestamp: null goes without a word", () => {
    const metadata = JSON.parse('{"name":"s","creationTimestamp":null}');
    expect(normaliseDesired({ ...object({}), metadata })).toEqual({ object: object({}), warnings: [] });
  });

  test("kubectl's copy is left out, other annotations stay", () => {
    const annotations = { "kubectl.kubernetes.io/last-applied-configuration": "{}", a: "1" };
    const { object: clean, warnings } = normaliseDesired({ ...object({}), metadata: { name: "s", annotations } });
    expect(clean.metadata).toEqual({ name: "s", annotations: { a: "1" } });
    expect(warnings).toHaveLength(1);
  });
});

test("empty rules are left out of an aggregated ClusterRole only", () => {
  const role = (more: object) => ({
    ...object({ rules: [], ...more }),
    kind: "ClusterRole",
    apiVersion: "rbac.authorization.k8s.io/v1",
  });
  expect(normaliseDesired(role({ aggregationRule: {} })).object).not.toHaveProperty("rules");
  expect(normaliseDesired(role({})).object).toHaveProperty("rules", []);
});
