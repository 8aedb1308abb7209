import { describe, expect, test } from "vitest";
import type { JsonObject, KubeObject } from "../../../src/model/index.ts";
import { CONFIG_MAP, DEPLOYMENT } from "../../diff/small-schema.ts";
import { Managed, secondsIn } from "./managed.ts";

function settings(data: JsonObject, metadata: object = {}): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings", ...metadata }, data };
}

function web(replicas: number, metadata: object = {}): KubeObject {
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", ...metadata }, spec: { replicas } };
}

describe("who owns what after an update", () => {
  test("who creates an object owns all of it but its names", () => {
    const object = new Managed(CONFIG_MAP);
    object.update("ann", settings({ a: "1" }, { namespace: "shop", uid: "1", generation: 1, labels: { x: "1" } }));
    expect(object.owners()).toEqual({
      "ann Update": { "f:data": { ".": {}, "f:a": {} }, "f:metadata": { "f:labels": { ".": {}, "f:x": {} } } },
    });
  });

  test("what changed is the writer's, what went is nobody's, what stayed is whose it was", () => {
    const object = new Managed(CONFIG_MAP);
    object.apply("ann", settings({ stays: "1", changes: "1", goes: "1" }));
    object.update("bob", settings({ stays: "1", changes: "2" }));
    expect(object.owners()).toEqual({
      ann: { "f:data": { "f:stays": {} } },
      "bob Update": { "f:data": { "f:changes": {} } },
    });
  });

  test("who only took something away keeps the time, and who has nothing left vanishes", () => {
    const object = new Managed(CONFIG_MAP);
    object.update("ann", settings({ a: "1" }));
    object.apply("bob", settings({ b: "1" }));
    object.update("ann", settings({ a: "1" }));
    expect(object.times()).toEqual({ "ann Update": secondsIn(1) });
  });

  test("a subresource has an entry of its own; a write of the whole does not own the status", () => {
    const object = new Managed(DEPLOYMENT);
    object.update("ann", { ...web(1), status: { replicas: 1 } });
    object.update("ann", { ...web(1), status: { replicas: 2 } }, "status");
    expect(object.owners()).toEqual({
      "ann Update": { "f:spec": { ".": {}, "f:replicas": {} } },
      "ann Update /status": { "f:status": { "f:replicas": {} } },
    });
  });

  test("a scale takes the replicas and has no time", () => {
    const object = new Managed(DEPLOYMENT);
    object.apply("ann", web(1));
    object.update("bob", web(2), "scale");
    expect(object.times()).toEqual({ "bob Update /scale": undefined });
  });

  test("a scale to zero leaves the replicas to nobody, as a scale of what nobody owned does", () => {
    const object = new Managed(DEPLOYMENT);
    object.apply("ann", { ...web(1), metadata: { name: "web", labels: { x: "1" } } });
    object.update("bob", web(0, { labels: { x: "1" } }), "scale");
    expect(object.owners()).toEqual({ ann: { "f:metadata": { "f:labels": { "f:x": {} } } } });
    object.update("bob", web(3, { labels: { x: "1" } }), "scale");
    expect(Object.keys(object.owners())).toEqual(["ann"]);
  });
});

describe("managedFields that a client sends", () => {
  const entry = {
    manager: "kubectl",
    operation: "Apply",
    apiVersion: "v1",
    time: secondsIn(0),
    fieldsType: "FieldsV1",
    fieldsV1: { "f:data": { "f:a": {} } },
  };

  test("move ownership: so kubectl turns what it updated into what it applied", () => {
    const object = new Managed(CONFIG_MAP);
    object.update("kubectl-client-side-apply", settings({ a: "1" }));
    object.update("kubectl", settings({ a: "1" }, { managedFields: [entry] }));
    expect(object.entries()).toEqual([entry]);
  });

  test.each([[[]], [[{}]]])(
    "clear all when they are empty, and nobody is noted until the next apply: %j",
    (managedFields) => {
      const object = new Managed(CONFIG_MAP);
      object.update("ann", settings({ a: "1" }));
      object.update("bob", settings({ a: "2" }, { managedFields }));
      expect(object.live?.metadata.managedFields).toBeUndefined();
      object.update("bob", settings({ a: "3" }));
      expect(object.live?.metadata.managedFields).toBeUndefined();
    },
  );

  test.each([
    ["another operation", { ...entry, operation: "Delete" }],
    ["another type", { ...entry, fieldsType: "FieldsV2" }],
    ["no apiVersion", { ...entry, apiVersion: "" }],
    ["no set of fields", { ...entry, fieldsV1: { data: {} } }],
    ["a key that is no JSON", { ...entry, fieldsV1: { "k:{": {} } }],
  ])("are passed over when one cannot be read: %s", (_what, spoilt) => {
    const object = new Managed(CONFIG_MAP);
    object.update("ann", settings({ a: "1" }));
    const before = object.owners();
    object.update("bob", settings({ a: "1" }, { managedFields: [entry, spoilt] }));
    expect(object.owners()).toEqual(before);
  });

  test("count for nothing through a subresource", () => {
    const object = new Managed(DEPLOYMENT);
    object.apply("ann", web(1));
    const before = object.owners();
    object.update("bob", web(1, { managedFields: [{}] }), "status");
    expect(object.owners()).toEqual(before);
  });
});

describe("more than ten who updated", () => {
  const steps = (count: number) => Array.from({ length: count }, (_, at) => at);
  const dataUpTo = (last: number) => Object.fromEntries(steps(last + 1).map((at) => [`k${at}`, "1"]));

  test("the oldest become one", () => {
    const object = new Managed(CONFIG_MAP);
    for (const at of steps(12)) object.update(`m${at}`, settings(dataUpTo(at)));
    const entries = object.entries();
    expect(entries.map(({ manager }) => manager)).toEqual(["ancient-changes", ...steps(9).map((at) => `m${at + 3}`)]);
    expect(entries[0]).toMatchObject({ fieldsV1: { "f:data": { ".": {}, "f:k0": {}, "f:k1": {}, "f:k2": {} } } });
    expect(entries[0]?.time).toBe(secondsIn(3));
  });

  test("each version has its own", () => {
    const object = new Managed(CONFIG_MAP);
    object.update("m0", { ...settings(dataUpTo(0)), apiVersion: "v0" });
    for (const at of steps(10)) object.update(`m${at + 1}`, settings(dataUpTo(at + 1)));
    expect(object.entries().map(({ manager, apiVersion }) => `${manager} ${apiVersion}`)).toEqual([
      "m0 v0",
      "ancient-changes v1",
      ...steps(8).map((at) => `m${at + 3} v1`),
    ]);
  });
});
