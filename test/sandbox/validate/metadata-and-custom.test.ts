import { expect, test } from "vitest";
import type { JsonObject, KubeObject } from "../../../src/model/index.ts";
import { ApiError } from "../../../src/sandbox/kubernetes/api-error.ts";
import { createCatalogue } from "../../../src/sandbox/kubernetes/catalogue/index.ts";
import {
  defaultCustom,
  pruneCustom,
  validateCustom,
  validateMeta,
} from "../../../src/sandbox/kubernetes/validate/index.ts";
import { BAD_CUSTOM, SPEC } from "./bad-custom.ts";
import { BAD_METADATA, type BadMetadata } from "./bad-metadata.ts";

const RESOURCES = createCatalogue().all();
const SCHEMA: JsonObject = { type: "object", properties: { spec: SPEC, metadata: { type: "object" } } };

function causesOf(work: () => void) {
  try {
    work();
    return [];
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    expect([error.code, error.reason]).toEqual([422, "Invalid"]);
    return (error.details?.causes ?? []).map(({ field, reason, message }) => [field, reason, message] as const);
  }
}

function metaCauses({ plural, metadata }: Pick<BadMetadata, "plural" | "metadata">) {
  const resource = RESOURCES.find((one) => one.plural === plural);
  if (resource === undefined) throw new Error(`there are no ${plural}`);
  const { group, version, kind, namespaced } = resource;
  const object = {
    apiVersion: `${group}/${version}`,
    kind,
    metadata: { name: "", ...(namespaced ? { namespace: "shop" } : {}), ...metadata },
  };
  return causesOf(() => validateMeta(object, resource));
}

test.each(BAD_METADATA)("$name is refused with the server's causes", (one) => {
  const got = metaCauses(one);
  expect(got.map(([field, reason]) => [field, reason])).toEqual(one.causes.map(([field, reason]) => [field, reason]));
  for (const [at, [, , message]] of one.causes.entries())
    expect(got[at]?.[2].startsWith(message), got[at]?.[2]).toBe(true);
});

test("good metadata pass, a namespace is needed or forbidden", () => {
  const metadata = { name: "a.b-c", labels: { "x.y/Z_1": "", b: "C.d" }, finalizers: ["a.b/c", "orphan"] };
  expect(metaCauses({ plural: "configmaps", metadata })).toEqual([]);
  expect(metaCauses({ plural: "clusterroles", metadata: { name: "system:A" } })).toEqual([]);
  expect(metaCauses({ plural: "configmaps", metadata: { generateName: "a-", name: "a-b" } })).toEqual([]);
  const forbidden = metaCauses({ plural: "namespaces", metadata: { name: "a", namespace: "b" } });
  expect(forbidden).toEqual([["metadata.namespace", "FieldValueForbidden", "Forbidden: not allowed on this type"]]);
  const required = metaCauses({ plural: "configmaps", metadata: { name: "a", namespace: "" } });
  expect(required).toEqual([["metadata.namespace", "FieldValueRequired", "Required value"]]);
});

const thing = (spec: unknown) =>
  ({ apiVersion: "example.com/v1", kind: "Thing", metadata: { name: "z" }, spec }) as unknown as KubeObject &
    JsonObject;

test.each(BAD_CUSTOM)("$spec has $causes.length causes", ({ spec, causes }) => {
  const { object } = pruneCustom(thing(spec), SCHEMA);
  const got = causesOf(() => validateCustom(thing(defaultCustom(object, SCHEMA)["spec"]), SCHEMA));
  expect(got.sort()).toEqual([...causes].sort());
});

test("what was applied is not pruned, so that null is refused unless it may be or has a default", () => {
  const spec = { replicas: null, none: null, given: null };
  const object = defaultCustom(thing(spec), SCHEMA);
  expect(object["spec"]).toEqual({ replicas: null, none: null, given: "d" });
  expect(causesOf(() => validateCustom(thing(object["spec"]), SCHEMA))).toEqual([
    ["spec.replicas", "FieldValueTypeInvalid", expect.stringContaining("null")],
  ]);
});

test("unknown fields are pruned and named, but for those that are preserved", () => {
  const sent: JsonObject = thing({
    foo: 1,
    open: { any: { thing: 1 } },
    map: [{ k: "a", x: 1 }],
    object: { kind: "Pod", spec: {} },
    counts: { n: 1 },
  });
  const { object: pruned, unknown } = pruneCustom({ ...sent, bar: 1 }, SCHEMA);
  expect(unknown).toEqual(["spec.foo", "spec.map[0].x", "bar"]);
  expect(pruned).toEqual(
    thing({ open: { any: { thing: 1 } }, map: [{ k: "a" }], object: { kind: "Pod", spec: {} }, counts: { n: 1 } }),
  );
});

test("defaults apply inside of defaults, of lists and of maps", () => {
  const part = { type: "object", properties: { x: { type: "integer", default: 1 } } };
  const schema = {
    type: "object",
    properties: {
      whole: { ...part, default: {} },
      absent: part,
      list: { type: "array", items: part },
      map: { type: "object", additionalProperties: part },
    },
  };
  expect(defaultCustom({ list: [{}, { x: 2 }], map: { a: {} } }, schema)).toEqual({
    whole: { x: 1 },
    list: [{ x: 1 }, { x: 2 }],
    map: { a: { x: 1 } },
  });
});
