import { describe, expect, test } from "vitest";
import type { JsonObject, KubeObject } from "../../../src/model/index.ts";
import { ApiError } from "../../../src/sandbox/kubernetes/api-error.ts";
import { CONFIG_MAP, DEPLOYMENT } from "../../diff/small-schema.ts";
import { Managed, secondsIn } from "./managed.ts";

function settings(data?: JsonObject, metadata: object = {}): KubeObject {
  const name = { name: "settings", ...metadata };
  return { apiVersion: "v1", kind: "ConfigMap", metadata: name, ...(data === undefined ? {} : { data }) };
}

function web(spec: JsonObject): KubeObject {
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec };
}

function containers(...list: JsonObject[]): KubeObject {
  return web({ template: { spec: { containers: list } } });
}

function refusal(act: () => unknown): JsonObject {
  try {
    act();
  } catch (error) {
    if (error instanceof ApiError) return error.status();
    throw error;
  }
  throw new Error("it was not refused");
}

describe("server-side apply", () => {
  test("makes a new object as it is written, and notes the writer's leaves in the server's shape", () => {
    const object = new Managed(CONFIG_MAP).apply("ann", settings({ b: "2", a: "1" }));
    expect(object).toEqual({
      ...settings({ a: "1", b: "2" }),
      metadata: {
        name: "settings",
        managedFields: [
          {
            manager: "ann",
            operation: "Apply",
            apiVersion: "v1",
            time: secondsIn(1),
            fieldsType: "FieldsV1",
            fieldsV1: { "f:data": { "f:a": {}, "f:b": {} } },
          },
        ],
      },
    });
  });

  test("takes out what the same manager no longer names, and leaves what others own", () => {
    const object = new Managed(CONFIG_MAP);
    object.apply("ann", settings({ mine: "1", shared: "1" }));
    object.apply("bob", settings({ shared: "1" }));
    expect(object.apply("ann", settings({ other: "1" }))["data"]).toEqual({ shared: "1", other: "1" });
    expect(object.owners()).toEqual({
      ann: { "f:data": { "f:other": {} } },
      bob: { "f:data": { "f:shared": {} } },
    });
  });

  test("shares a field of equal value without a conflict, and without a time for who only joins", () => {
    const object = new Managed(CONFIG_MAP);
    object.apply("ann", settings({ a: "1" }));
    object.apply("bob", settings({ a: "1" }));
    expect(object.times()).toEqual({ ann: secondsIn(1), bob: undefined });
    expect(object.entries().map(({ manager }) => manager)).toEqual(["bob", "ann"]);
  });

  test("changes nothing, not even the time, when it is repeated", () => {
    const object = new Managed(CONFIG_MAP);
    object.apply("ann", settings({ a: "1" }));
    const before = object.live;
    object.apply("ann", settings({ a: "1" }));
    expect(object.live).toEqual(before);
  });

  test("refuses to change what another manager owns, and names it", () => {
    const object = new Managed(DEPLOYMENT);
    object.apply("ann", web({ replicas: 1 }));
    object.update("kubectl-edit", web({ replicas: 2 }));
    expect(refusal(() => object.apply("ann", web({ replicas: 1 })))).toMatchObject({
      code: 409,
      reason: "Conflict",
      message: 'Apply failed with 1 conflict: conflict with "kubectl-edit" using apps/v1: .spec.replicas',
      details: {
        causes: [
          {
            reason: "FieldManagerConflict",
            message: 'conflict with "kubectl-edit" using apps/v1',
            field: ".spec.replicas",
          },
        ],
      },
    });
  });

  test("lists several conflicts by manager, nearer fields first", () => {
    const object = new Managed(DEPLOYMENT);
    object.apply(
      "ann",
      web({ replicas: 1, template: { spec: { containers: [{ name: "c", image: "i", stdin: true }] } } }),
    );
    object.apply("bob", web({ replicas: 1 }));
    const wanted = web({ replicas: 2, template: { spec: { containers: [{ name: "c", image: "j" }] } } });
    expect(refusal(() => object.apply("eve", wanted))["message"]).toBe(
      [
        'Apply failed with 3 conflicts: conflicts with "ann":',
        "- .spec.replicas",
        '- .spec.template.spec.containers[name="c"].image',
        'conflicts with "bob":',
        "- .spec.replicas",
      ].join("\n"),
    );
  });

  test("names who wrote through a subresource before the same one who did not", () => {
    const object = new Managed(DEPLOYMENT);
    object.update("bob", web({ replicas: 1, paused: true }));
    object.update("bob", web({ replicas: 2, paused: true }), "scale");
    expect(refusal(() => object.apply("ann", web({ replicas: 3, paused: false })))["message"]).toBe(
      [
        'Apply failed with 2 conflicts: conflicts with "bob" with subresource "scale" using apps/v1:',
        "- .spec.replicas",
        'conflicts with "bob" using apps/v1:',
        "- .spec.paused",
      ].join("\n"),
    );
  });

  test("takes the fields from the others when it is forced", () => {
    const object = new Managed(CONFIG_MAP);
    object.apply("ann", settings({ a: "1", b: "1" }));
    object.apply("bob", settings({ a: "2" }), { force: true });
    expect(object.live?.["data"]).toEqual({ a: "2", b: "1" });
    expect(object.owners()).toEqual({ ann: { "f:data": { "f:b": {} } }, bob: { "f:data": { "f:a": {} } } });
  });

  test("merges items of lists by key, in the order applied, and removes an item with what is in it", () => {
    const object = new Managed(DEPLOYMENT);
    object.apply("ann", containers({ name: "a", image: "1" }, { name: "b", image: "1" }));
    object.apply("bob", containers({ name: "c", image: "1" }, { name: "b", stdin: true }));
    expect(object.live?.["spec"]).toEqual(
      containers({ name: "a", image: "1" }, { name: "c", image: "1" }, { name: "b", image: "1", stdin: true })["spec"],
    );
    object.apply("bob", web({}));
    expect(object.live?.["spec"]).toEqual(containers({ name: "a", image: "1" }, { name: "b", image: "1" })["spec"]);
  });

  test("counts the same name as two managers when one applies and one updates", () => {
    const object = new Managed(CONFIG_MAP);
    object.update("ann", settings({ a: "1" }));
    expect(refusal(() => object.apply("ann", settings({ a: "2" })))).toMatchObject({ code: 409 });
  });

  test("forgets who applies nothing", () => {
    const object = new Managed(CONFIG_MAP);
    object.apply("ann", settings({ a: "1" }));
    object.apply("bob", settings({ b: "1" }));
    expect(object.apply("ann", settings())["data"]).toEqual({ b: "1" });
    expect(object.owners()).toEqual({ bob: { "f:data": { "f:b": {} } } });
  });

  test("leaves a map that it emptied to its other owners", () => {
    const object = new Managed(CONFIG_MAP);
    object.update("ann", settings({ a: "1" }));
    object.apply("bob", settings({ a: "2" }), { force: true });
    expect(object.apply("bob", settings())["data"]).toBeNull();
    expect(object.owners()).toEqual({ "ann Update": { "f:data": {} } });
  });

  test("gives an object without owners to before-first-apply", () => {
    const object = new Managed(CONFIG_MAP);
    object.update("ann", settings({ a: "1" }));
    object.update("ann", settings({ a: "1" }, { managedFields: [{}] }));
    object.apply("bob", settings({ a: "1" }));
    expect(object.owners()).toEqual({
      bob: { "f:data": { "f:a": {} } },
      "before-first-apply Update": { "f:data": { ".": {}, "f:a": {} } },
    });
  });

  test("owns nothing but the status through the status, and nothing of it otherwise", () => {
    const object = new Managed(DEPLOYMENT);
    const wanted = { ...web({ replicas: 1 }), status: { replicas: 1 } };
    expect(object.apply("ann", wanted)["status"]).toBeUndefined();
    object.apply("ann", { ...wanted, metadata: { name: "web", labels: { a: "1" } } }, { subresource: "status" });
    expect(object.live?.["status"]).toEqual({ replicas: 1 });
    expect(object.live?.metadata.labels).toBeUndefined();
    expect(object.owners()).toEqual({
      ann: { "f:spec": { "f:replicas": {} } },
      "ann /status": { "f:status": { ".": {}, "f:replicas": {} } },
    });
  });

  test.each([[[]], [[{ manager: "ann" }]]])("refuses managedFields in a manifest: %j", (managedFields) => {
    const manifest = settings({ a: "1" }, { managedFields });
    expect(refusal(() => new Managed(CONFIG_MAP).apply("ann", manifest))).toMatchObject({
      code: 400,
      message: "metadata.managedFields must be nil",
    });
  });
});

describe("kubectl, after it applied on the client's side", () => {
  const NOTE = "kubectl.kubernetes.io/last-applied-configuration";
  const noted = (data: JsonObject) =>
    settings(data, { annotations: { [NOTE]: `${JSON.stringify(settings(data, { annotations: {} }))}\n` } });

  test("takes over what it noted, and has its note kept up to date", () => {
    const object = new Managed(CONFIG_MAP);
    object.update("kubectl-client-side-apply", noted({ a: "1", b: "1" }));
    expect(object.apply("kubectl", settings({ a: "<2>" }))["data"]).toEqual({ a: "<2>", b: "1" });
    expect(object.live?.metadata.annotations?.[NOTE]).toBe(
      '{"apiVersion":"v1","data":{"a":"\\u003c2\\u003e"},"kind":"ConfigMap","metadata":{"name":"settings"}}\n',
    );
  });

  test("is refused what somebody changed since", () => {
    const object = new Managed(CONFIG_MAP);
    object.update("kubectl-client-side-apply", noted({ a: "1", b: "1" }));
    object.update("eve", { ...noted({ a: "1", b: "1" }), data: { a: "5", b: "1" } });
    expect(refusal(() => object.apply("kubectl", settings({ a: "2", b: "2" })))["message"]).toBe(
      'Apply failed with 1 conflict: conflict with "eve" using v1: .data.a',
    );
  });

  test("alone is given that: others are refused", () => {
    const object = new Managed(CONFIG_MAP);
    object.update("kubectl-client-side-apply", noted({ a: "1" }));
    expect(refusal(() => object.apply("ann", settings({ a: "2" })))).toMatchObject({ code: 409 });
  });
});
