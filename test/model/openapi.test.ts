import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compileOpenApi, type JsonObject, type SchemaNode } from "../../src/model/index.ts";

const META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
const KIND = { group: "example.com", version: "v1", kind: "Thing" };

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** The schema of `spec` of a kind whose spec is this. */
function specOf(spec: JsonObject, others: JsonObject = {}): SchemaNode {
  const thing = {
    type: "object",
    properties: { metadata: { allOf: [ref(META)] }, spec },
    "x-kubernetes-group-version-kind": [KIND],
  };
  const labels = { type: "object", additionalProperties: { type: "string", default: "" } };
  const schemas = { [META]: { type: "object", properties: { labels } }, thing, ...others };
  const node = compileOpenApi({ components: { schemas } }).schema(KIND)?.field("spec");
  if (node === undefined) throw new Error("there is no spec");
  return node;
}

test("a struct knows its fields, a map has one schema for all", () => {
  const spec = specOf({
    type: "object",
    properties: {
      a: { type: "integer", format: "int32" },
      m: { type: "object", additionalProperties: { type: "boolean" } },
    },
  });
  expect([spec.kind, spec.atomic, spec.fieldNames()]).toEqual(["struct", false, ["a", "m"]]);
  expect(spec.field("a")).toMatchObject({ kind: "scalar", scalar: "integer", format: "int32" });
  expect(spec.field("toString")).toBeUndefined();
  expect([spec.field("m")?.kind, spec.field("m")?.field("anything")?.scalar]).toEqual(["map", "boolean"]);
});

test("a list without a type is atomic, and only a list map has keys", () => {
  const items = { type: "object", properties: { name: { type: "string" } } };
  const listed = (extra: JsonObject) => specOf({ type: "array", items, ...extra });
  expect(listed({})).toMatchObject({ kind: "list", listType: "atomic", atomic: true });
  expect(listed({ "x-kubernetes-list-type": "set" })).toMatchObject({ listType: "set", atomic: false });
  const map = listed({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"] });
  expect(map).toMatchObject({ listType: "map", atomic: false, keys: ["name"] });
  expect(map.items()?.field("name")?.scalar).toBe("string");
  expect(listed({ "x-kubernetes-list-map-keys": ["name"] }).keys).toBeUndefined();
});

test("maps and structs that say so are atomic", () => {
  const strings = { type: "object", additionalProperties: { type: "string" }, "x-kubernetes-map-type": "atomic" };
  expect(specOf(strings)).toMatchObject({ kind: "map", atomic: true });
  expect(specOf({ type: "object", properties: {}, "x-kubernetes-map-type": "atomic" })).toMatchObject({
    kind: "struct",
    atomic: true,
  });
});

test("a place may take apart what its type says is one: claimRef of a PersistentVolume", () => {
  const others = {
    Part: { type: "object", properties: { uid: { type: "string" } }, "x-kubernetes-map-type": "atomic" },
  };
  expect(specOf({ allOf: [ref("Part")] }, others).atomic).toBe(true);
  expect(specOf({ allOf: [ref("Part")], "x-kubernetes-map-type": "granular" }, others).atomic).toBe(false);
});

test("quantities and int-or-strings are told by name, format and extension", () => {
  const name = "io.k8s.apimachinery.pkg.api.resource.Quantity";
  const others = { [name]: { oneOf: [{ type: "string" }, { type: "number" }] } };
  expect(specOf({ allOf: [ref(name)], default: {} }, others)).toMatchObject({ kind: "scalar", scalar: "quantity" });
  expect(specOf({ format: "int-or-string", oneOf: [{ type: "integer" }, { type: "string" }] }).scalar).toBe(
    "int-or-string",
  );
  expect(specOf({ anyOf: [], "x-kubernetes-int-or-string": true }).scalar).toBe("int-or-string");
});

test("what preserves unknown fields is anything, granular; what has no inside is one value", () => {
  expect(specOf({ type: "object", "x-kubernetes-preserve-unknown-fields": true })).toMatchObject({
    kind: "any",
    atomic: false,
  });
  expect(specOf({ type: "object" })).toMatchObject({ kind: "any", atomic: true });
  expect(specOf({ description: "any JSON" })).toMatchObject({ kind: "any", atomic: true });
  const half = specOf({
    type: "object",
    "x-kubernetes-preserve-unknown-fields": true,
    properties: { a: { type: "string" } },
  });
  expect([half.kind, half.field("a")?.kind, half.field("b")?.kind]).toEqual(["struct", "scalar", "any"]);
});

test("the place's default and nullable go before those of the part it refers to", () => {
  const others = { part: { type: "object", properties: { a: { type: "string" } }, default: { a: "part" } } };
  expect(specOf({ allOf: [ref("part")], default: { a: "place" }, nullable: true }, others)).toMatchObject({
    kind: "struct",
    default: { a: "place" },
    nullable: true,
  });
  expect(specOf(ref("part"), others)).toMatchObject({ default: { a: "part" } });
});

test("what a strategic merge patch does is told by the place, wrapped or not", () => {
  const strategy = (text: string) => ({ "x-kubernetes-patch-strategy": text });
  const key = { "x-kubernetes-patch-merge-key": "name" };
  const items = { type: "object", properties: { name: { type: "string" } } };
  const others = { part: items };
  const both = { merge: true, retainKeys: true, key: "name" };
  expect(specOf({ type: "array", items, ...strategy("merge,retainKeys"), ...key }).patch).toEqual(both);
  expect(specOf({ type: "array", items: { type: "string" }, ...strategy("merge") }).patch).toEqual({
    merge: true,
    retainKeys: false,
  });
  const retained = { merge: false, retainKeys: true };
  expect(specOf({ allOf: [ref("part")], ...strategy("retainKeys") }, others).patch).toEqual(retained);
  expect(specOf({ ...ref("part"), ...strategy("retainKeys") }, others)).toMatchObject({
    kind: "struct",
    patch: retained,
  });
  expect(specOf(ref("part"), others).patch).toBeUndefined();
  const replaced = { merge: false, retainKeys: false };
  expect(specOf({ allOf: [ref("part")], ...strategy("replace") }, others).patch).toEqual(replaced);
  expect(specOf({ type: "array", items, ...key }).patch).toBeUndefined();
});

test("a part may be its own descendant", () => {
  const others = { tree: { type: "object", properties: { children: { type: "array", items: ref("tree") } } } };
  let node: SchemaNode | undefined = specOf(ref("tree"), others);
  for (let depth = 0; depth < 50; depth++) node = node?.field("children")?.items();
  expect(node?.fieldNames()).toEqual(["children"]);
});

test.each([[undefined], [[]], [{}], [{ components: { schemas: { a: 1, b: { properties: { metadata: null } } } } }]])(
  "%j is no document, and has no kinds",
  (document) => {
    expect(compileOpenApi(document).kinds()).toEqual([]);
    expect(compileOpenApi(document).schema(KIND)).toBeUndefined();
  },
);

test("a reference to what is not there is anything", () => {
  expect(specOf(ref("missing")).kind).toBe("any");
});

/** The published schemas of a real server, where this machine has them. */
const PUBLISHED = new URL("../../../shared/conformance/openapi/", import.meta.url);

test.runIf(existsSync(PUBLISHED))("every kind of a real server compiles, down to every field", () => {
  let fields = 0;
  for (const file of readdirSync(PUBLISHED)) {
    if (!/^api.*\.json$/.test(file)) continue;
    const compiled = compileOpenApi(JSON.parse(readFileSync(new URL(file, PUBLISHED), "utf8")));
    expect(compiled.kinds(), file).not.toEqual([]);
    for (const kind of compiled.kinds()) fields += countFields(compiled.schema(kind), new Set());
  }
  expect(fields).toBeGreaterThan(5000);
});

function countFields(node: SchemaNode | undefined, path: Set<SchemaNode>): number {
  if (node === undefined || path.has(node) || path.size > 12) return 0;
  path.add(node);
  const children = [...node.fieldNames().map((name) => node.field(name)), node.items()];
  if (node.kind === "map") children.push(node.field("any"));
  const count = children.reduce((sum, child) => sum + (child === undefined ? 0 : 1 + countFields(child, path)), 0);
  path.delete(node);
  return count;
}
