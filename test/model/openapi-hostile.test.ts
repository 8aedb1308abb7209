import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compare, fieldSetOf, pathsOf } from "../../src/diff/index.ts";
import { compileOpenApi, type KubeObject, type LiveObject, type SchemaNode } from "../../src/model/index.ts";

const META = "a.meta.v1.ObjectMeta";
const KIND = { group: "example.com", version: "v1", kind: "Thing" };
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** Where most things are what a server would write, and some are not. */
const { schema } = fc.letrec((tie) => ({
  schema: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constantFrom<unknown>(
      ref("a"),
      ref("b"),
      ref("thing"),
      ref("gone"),
      { allOf: [ref("a")] },
      {},
      null,
      1,
      "x",
      [],
    ),
    fc.record(
      {
        type: fc.constantFrom<unknown>("object", "array", "string", "integer", "boolean", "what", 1, null, ["string"]),
        properties: fc.oneof(fc.dictionary(name(), tie("schema"), { maxKeys: 4 }), fc.jsonValue()),
        additionalProperties: fc.oneof(tie("schema"), fc.boolean()),
        items: fc.oneof(tie("schema"), fc.jsonValue()),
        allOf: fc.oneof(fc.array(tie("schema"), { maxLength: 2 }), fc.jsonValue()),
        default: fc.jsonValue(),
        format: fc.constantFrom<unknown>("byte", "int-or-string", "date-time", 1),
        required: fc.jsonValue(),
        "x-kubernetes-list-type": fc.constantFrom<unknown>("map", "set", "atomic", 1),
        "x-kubernetes-list-map-keys": fc.oneof(fc.array(fc.oneof(name(), fc.jsonValue())), fc.jsonValue()),
        "x-kubernetes-map-type": fc.constantFrom<unknown>("atomic", "granular", "x", 1),
        "x-kubernetes-preserve-unknown-fields": fc.jsonValue(),
        "x-kubernetes-int-or-string": fc.boolean(),
        "x-kubernetes-patch-strategy": fc.constantFrom<unknown>("merge", "replace,merge", 1),
      },
      { requiredKeys: [] },
    ),
  ),
}));

function name() {
  return fc.constantFrom("a", "b", "name", "x", "__proto__", "constructor", "toString");
}

function compiled(spec: unknown, others: object = {}): SchemaNode | undefined {
  const thing = {
    properties: { metadata: ref(META), spec },
    "x-kubernetes-group-version-kind": [KIND],
  };
  return compileOpenApi({ components: { schemas: { [META]: {}, thing, ...others } } }).schema(KIND);
}

function objectWith(spec: unknown): KubeObject {
  return JSON.parse(
    JSON.stringify({ apiVersion: "example.com/v1", kind: "Thing", metadata: { name: "t" }, spec: spec ?? null }),
  );
}

function liveOf({ metadata, ...rest }: KubeObject): LiveObject {
  return { ...rest, metadata: { ...metadata, uid: "u", resourceVersion: "1" } };
}

describe("whatever a server publishes as a schema", () => {
  test("it compiles, and objects are compared by it to an end, an object to itself without a difference", () => {
    const value = fc.jsonValue({ maxDepth: 4 });
    fc.assert(
      fc.property(schema, schema, schema, value, value, (spec, a, b, one, other) => {
        const node = compiled(spec, { a, b });
        if (node === undefined) throw new Error("the kind is not known");
        const [desired, there] = [objectWith(one), objectWith(other)];
        expect([...pathsOf(fieldSetOf(desired, node))].length).toBeLessThan(10_000);
        const input = { desired, manifestHash: "", schema: node, setApplied: true };
        compare({ ...input, live: liveOf(there) });
        compare({ ...input, live: liveOf(there), dryRun: liveOf(desired) });
        const same = compare({ ...input, live: liveOf(desired) });
        expect(same.changes.filter(({ desired: wanted, live: found }) => wanted === found)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test("parts that are themselves, one another or nothing are gone down as far as an object goes, and no further", () => {
    const loops = {
      a: ref("b"),
      b: { properties: { a: ref("a"), b: ref("b") } },
      self: { items: ref("self"), type: "array" },
    };
    for (const part of ["a", "b", "self", "gone", "thing"]) {
      let node = compiled(ref(part), loops);
      for (let depth = 0; depth < 1000; depth++) node = node?.field("b") ?? node?.items();
      const deep = objectWith(JSON.parse(`${'{"b":'.repeat(200)}1${"}".repeat(200)}`));
      const root = compiled(ref(part), loops);
      expect(root).toBeDefined();
      if (root !== undefined) expect([...pathsOf(fieldSetOf(deep, root))].length).toBeLessThan(1000);
    }
  });

  test.each([
    ["properties", '{"type":"object","properties":{"a":', "}}"],
    ["items", '{"type":"array","items":', "}"],
    ["values", '{"type":"object","additionalProperties":', "}"],
  ])("%s that are nested far too deep are anything below some depth", (_what, open, close) => {
    const depth = 20_000;
    expect(compiled(JSON.parse(`${open.repeat(depth)}{}${close.repeat(depth)}`))?.field("spec")).toBeDefined();
  });

  test("a default that is nested far too deep is none", () => {
    const deep = JSON.parse(`${"[".repeat(20_000)}${"]".repeat(20_000)}`);
    expect(compiled({ type: "string", default: deep })?.field("spec")?.kind).toBe("scalar");
  });

  test("a document of a hundred thousand parts is read once", () => {
    const parts = Object.fromEntries(
      Array.from({ length: 100_000 }, (_, at) => [`p${at}`, { items: ref(`p${at + 1}`) }]),
    );
    expect(compiled(ref("p0"), parts)?.field("spec")).toBeDefined();
  });
});
