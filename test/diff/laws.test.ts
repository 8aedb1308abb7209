import fc from "fast-check";
import jsonPatch from "fast-json-patch";
import { describe, expect, test } from "vitest";
import { compare, ruleSetOf, toJsonPatch } from "../../src/diff/index.ts";
import { escapeToken, valueAt } from "../../src/kit/json-pointer.ts";
import {
  ANY_SCHEMA,
  APPLIED_ANNOTATION,
  type FieldChange,
  type Json,
  type KubeObject,
  type LiveObject,
} from "../../src/model/index.ts";
import { deployment } from "./generated.ts";
import { live, stamped } from "./server.ts";
import { DEPLOYMENT } from "./small-schema.ts";

/** Two manifests of one object, the older of which was applied. */
const manifests = fc.tuple(deployment, deployment).map(([newer, older]) => ({ newer: stamped(newer, "two"), older }));

/** Told only where nothing else differs. */
const STAMP = `/metadata/annotations/${APPLIED_ANNOTATION.replace("/", "~1")}`;

function changesOf(desired: KubeObject, there: LiveObject, more: object = {}): readonly FieldChange[] {
  const input = { desired, manifestHash: "two", live: there, schema: DEPLOYMENT, setApplied: true, ...more };
  return compare(input).changes.filter(({ class: kind, path }) => kind !== "foreign" && path !== STAMP);
}

test("an object has no difference to itself, whatever it is, known to the schema or not, owned or not", () => {
  const metadata = { name: "x", namespace: "n" };
  const whatever = fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 4 }));
  fc.assert(
    fc.property(whatever, (fields) => {
      const spec: Json = JSON.parse(JSON.stringify(fields));
      const object: KubeObject = { apiVersion: "example.com/v1", kind: "Thing", metadata, spec };
      const unowned: LiveObject = { ...object, metadata: { ...metadata, uid: "u", resourceVersion: "1" } };
      for (const there of [unowned, live(object, { schema: ANY_SCHEMA })]) {
        const input = { desired: object, manifestHash: "", live: there, schema: ANY_SCHEMA, setApplied: true };
        expect(compare(input).changes).toEqual([]);
      }
    }),
    { numRuns: 300 },
  );
});

test("applying the reported change gives what is desired", () => {
  fc.assert(
    fc.property(manifests, ({ newer, older }) => {
      const there = live(older);
      const found = compare({ desired: newer, manifestHash: "two", live: there, schema: DEPLOYMENT, setApplied: true });
      const after: LiveObject = structuredClone(there);
      jsonPatch.applyPatch(after, toJsonPatch(there, found.changes, newer));
      expect(changesOf(newer, live(newer, { now: after }))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

describe("a field that is left to others", () => {
  const rules = (path: string) =>
    ruleSetOf({ source: "application", where: "spec.ignore", rules: [{ path, reason: "a test" }] });
  const isWithin = (path: string, above: string) =>
    path === above || path.startsWith(`${above}/`) || path.startsWith(`${above}[`);

  test("takes away its own change and no other", () => {
    fc.assert(
      fc.property(manifests, fc.nat(), ({ newer, older }, chance) => {
        const there = live(older);
        const all = changesOf(newer, there).map(({ path }) => path);
        const fields = all.filter((path) => path.startsWith("/spec/") && !path.endsWith("]"));
        const left = fields[chance % Math.max(1, fields.length)];
        if (left === undefined) return;
        const found = changesOf(newer, there, { ignore: rules(left) }).map(({ path }) => path);
        const rest = all.filter((path) => !isWithin(path, left));
        // What goes is told at the highest place of which nothing stays, and that may be higher now.
        const isTold = (path: string, by: readonly string[]) =>
          by.some((one) => isWithin(path, one) || isWithin(one, path));
        expect(rest.filter((path) => !isTold(path, found))).toEqual([]);
        expect(found.filter((path) => !isTold(path, rest) || isWithin(path, left))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

describe("items in whatever order", () => {
  /** Containers and their env in another order; the chances say in which. */
  function shuffled(object: KubeObject, chances: readonly number[]): KubeObject {
    let at = 0;
    const chance = () => chances[at++ % chances.length] ?? 0;
    const mixed = (list: readonly Json[]) =>
      list
        .map((item) => ({ item, rank: chance() }))
        .sort((one, other) => one.rank - other.rank)
        .map(({ item }) => item);
    return JSON.parse(JSON.stringify(object), (key, value) => {
      return (key === "containers" || key === "env") && Array.isArray(value) ? mixed(value) : value;
    });
  }

  interface Item {
    readonly name: string;
    readonly env?: readonly Item[];
  }

  /** The names in each list, by the list's path. */
  function ordersIn(object: KubeObject): Map<string, string> {
    const containers = valueAt(object, ["spec", "template", "spec", "containers"]) as readonly Item[];
    const path = "/spec/template/spec/containers";
    const names = (items: readonly Item[]) => items.map(({ name }) => name).join("\n");
    const envs = containers.flatMap(({ name, env }): [string, string][] =>
      env === undefined ? [] : [[`${path}[name=${escapeToken(name)}]/env`, names(env)]],
    );
    return new Map([[path, names(containers)], ...envs]);
  }

  test("are told apart by key, and exactly the lists in another order are reported, as moves", () => {
    fc.assert(
      fc.property(deployment, fc.array(fc.nat(1000), { minLength: 1, maxLength: 20 }), (object, chances) => {
        const desired = stamped(object, "two");
        const now = shuffled(desired, chances);
        const [wanted, found] = [ordersIn(desired), ordersIn(now)];
        const moved = [...wanted].filter(([path, order]) => found.get(path) !== order).map(([path]) => path);
        const changes = changesOf(desired, live(desired, { now }));
        expect(changes.map(({ path }) => path).sort()).toEqual(moved.sort());
      }),
      { numRuns: 300 },
    );
  });
});
