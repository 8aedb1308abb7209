import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  compare,
  fieldSetOf,
  fieldsV1Of,
  isUntouched,
  keptAfterApply,
  maskObject,
  normaliseDesired,
  parseFields,
  pathsOf,
  printComparison,
  sidesOf,
  toJsonPatch,
} from "../../src/diff/index.ts";
import {
  ANY_SCHEMA,
  APPLIED_ANNOTATION,
  FIELD_MANAGER,
  type KubeObject,
  type LiveObject,
  refOf,
} from "../../src/model/index.ts";
import { deployment, name, text } from "./generated.ts";
import { live, stamped } from "./server.ts";
import { DEPLOYMENT, SECRET } from "./small-schema.ts";

function verdict(desired: KubeObject, there: LiveObject | undefined, schema = DEPLOYMENT) {
  return compare({ desired, manifestHash: "one", live: there, schema, setApplied: true });
}

describe("for every object", () => {
  test("what was applied and not touched is Synced, sure of it, and remembered", () => {
    fc.assert(
      fc.property(deployment, (desired) => {
        const there = live(desired);
        const found = verdict(desired, there);
        expect(found).toMatchObject({ status: "Synced", changes: [], doubtful: false });
        expect(found.kept !== undefined && isUntouched(found.kept, "one", there)).toBe(true);
      }),
    );
  });

  test("the field set survives being written as fieldsV1", () => {
    fc.assert(
      fc.property(deployment, (desired) => {
        const tree = fieldSetOf(desired, DEPLOYMENT);
        const read = parseFields(fieldsV1Of(tree));
        expect(read && [...pathsOf(read)].sort()).toEqual([...pathsOf(tree)].sort());
      }),
    );
  });

  test("items in another order in live are at most moves, and no field differs", () => {
    fc.assert(
      fc.property(deployment, (desired) => {
        const there = live(desired, { now: reversed(desired) });
        for (const { path, desired: wanted, live: found } of verdict(desired, there).changes) {
          expect(path).toMatch(/\/(containers|env|finalizers)$/);
          expect([...[wanted].flat()].sort()).toEqual([...[found].flat()].sort());
        }
      }),
    );
  });

  test("every difference of two objects is found, has values on a side, and can be printed and patched", () => {
    fc.assert(
      fc.property(deployment, deployment, (desired, other) => {
        const there = live(other);
        const found = compare({ desired, manifestHash: "two", live: there, schema: DEPLOYMENT, setApplied: true });
        for (const change of found.changes) expect("desired" in change || "live" in change).toBe(true);
        printComparison(refOf(desired), found, { now: 0 });
        toJsonPatch(there, found.changes);
        expect(found.changes.map(({ path }) => path)).toEqual(found.changes.map(({ path }) => path).sort());
      }),
    );
  });
});

/** Lists of items by key or value turned round; atomic ones stay. */
function reversed(object: KubeObject): KubeObject {
  const turn = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turn).toReversed();
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).map(([key, part]) => [key, key === "tolerations" ? part : turn(part)]);
    return Object.fromEntries(entries);
  };
  const { metadata, ...rest } = object;
  const turned: object = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, turn(value)]));
  return { ...object, ...turned, metadata: { ...metadata, finalizers: metadata.finalizers?.toReversed() ?? [] } };
}

describe("whatever stands in managedFields", () => {
  const element = fc.oneof(
    name.map((one) => `f:${one}`),
    text,
    text.map((one) => `k:${one}`),
    text.map((one) => `v:${one}`),
    fc.constantFrom(".", "f:spec", "f:replicas", "f:metadata", "__proto__", 'k:{"name":"a"}', "k:[]", "v:1"),
  );
  const { fields } = fc.letrec((tie) => ({
    fields: fc.oneof(
      { maxDepth: 6 },
      fc.constant({}),
      fc.dictionary(element, tie("fields"), { maxKeys: 4 }),
      fc.jsonValue(),
    ),
  }));
  const manager = fc.constantFrom<unknown>(FIELD_MANAGER, "kubectl-edit", undefined, 1, null);
  const entry = fc.record(
    {
      manager,
      operation: fc.constantFrom<unknown>("Apply", "Update", "x", undefined),
      fieldsV1: fields,
      ...{
        time: fc.oneof(text, fc.constant("2026-01-01T00:00:00Z"), fc.nat()),
        subresource: fc.constantFrom("", "scale", "status"),
      },
    },
    { requiredKeys: [] },
  );
  const spoilt = fc.oneof(fc.array(fc.oneof(entry, fc.jsonValue()), { maxLength: 4 }), fc.jsonValue());

  test("nothing throws, and no field that is as wanted is reported as drift", () => {
    fc.assert(
      fc.property(deployment, spoilt, (desired, managedFields) => {
        const there: LiveObject = JSON.parse(
          JSON.stringify({
            ...desired,
            metadata: { ...desired.metadata, uid: "u", resourceVersion: "1", managedFields },
          }),
        );
        const { changes } = verdict(desired, there);
        const wanted = changes.filter(({ class: kind, desired: value }) => kind !== "foreign" && value !== undefined);
        expect(wanted).toEqual([]);
        isUntouched(keptAfterApply({ manifestHash: "one", live: there }), "one", there);
      }),
      { numRuns: 300 },
    );
  });

  test("a tree that is far too deep is nobody's", () => {
    let deep: object = {};
    for (let depth = 0; depth < 5_000; depth++) deep = { "f:a": deep };
    expect(parseFields(deep)).toBeUndefined();
  });
});

describe("seeded secrets", () => {
  const seed = fc.uuid().map((id) => `SEED-${id}`);
  const secretWith = (data: object): KubeObject =>
    stamped({ apiVersion: "v1", kind: "Secret", metadata: { name: "s", namespace: "n" }, ...data }, "one");
  const shape = seed.chain((value) =>
    fc.constantFrom<object>(
      ...[
        { data: { a: value } },
        { stringData: { a: value } },
        { data: value },
        { data: [value] },
        { data: { a: { b: value } } },
      ],
      ...[
        { stringData: [value] },
        { dat: { a: value } },
        { spec: { template: { a: value } } },
        { data: null, x: [[value]] },
      ],
    ),
  );

  test("appear in no change, print, patch or warning, whatever the shapes on the two sides", () => {
    fc.assert(
      fc.property(shape, shape, fc.constantFrom(SECRET, ANY_SCHEMA), fc.boolean(), (wanted, found, schema, isThere) => {
        const { object: desired, warnings } = normaliseDesired(secretWith(wanted));
        const there = isThere ? live(secretWith(found), { schema }) : undefined;
        const hash = desired.metadata.annotations?.[APPLIED_ANNOTATION] ?? "";
        for (const manifestHash of [hash, "two"]) {
          const result = compare({
            desired,
            manifestHash,
            live: there,
            schema,
            setApplied: true,
            base: secretWith(found),
          });
          const printed = printComparison(refOf(desired), result, { now: 0 });
          const out = JSON.stringify([
            result,
            printed,
            warnings,
            toJsonPatch(there, result.changes, desired),
            sidesOf(there, result.changes, desired),
            maskObject(desired),
          ]);
          expect(out).not.toContain("SEED");
          expect(out).not.toContain(Buffer.from("SEED-").toString("base64").slice(0, 6));
        }
      }),
      { numRuns: 300 },
    );
  });
});
