import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatPath, jsonOf } from "../../../src/diff/field-path.ts";
import { holds, type Tally } from "../../../src/diff/ignore/filter.ts";
import { readJsonPath, readPointer, type Segment } from "../../../src/diff/ignore/segments.ts";
import { rootSpot, select } from "../../../src/diff/ignore/spot.ts";
import { compare, ruleSetOf } from "../../../src/diff/index.ts";
import {
  ANY_SCHEMA,
  APPLIED_ANNOTATION,
  FIELD_MANAGER,
  type FieldChange,
  type IgnoreRule,
  type Json,
  type JsonObject,
  type KubeObject,
  type LiveObject,
  PlumblineError,
} from "../../../src/model/index.ts";
import { Managed } from "../../sandbox/fields/managed.ts";
import { DEPLOYMENT } from "../small-schema.ts";

const word = fc.constantFrom("a", "b", "c", "app.io/x");
const words = fc.dictionary(word, word, { maxKeys: 3 });
const some = (parts: { readonly [name: string]: fc.Arbitrary<unknown> }) => fc.record(parts, { requiredKeys: [] });
const named = (parts: { readonly [name: string]: fc.Arbitrary<unknown> }) =>
  fc.uniqueArray(fc.record({ name: word, ...parts }), { selector: ({ name }) => name, maxLength: 3 });
/** So that no spec becomes empty: the server then takes two applies to settle (server fact 17). */
const SELECTOR = { selector: { matchLabels: { app: "web" } } };
const manifest = fc
  .record({
    labels: words,
    spec: some({
      replicas: fc.nat(3),
      template: fc.record({
        spec: fc.record(
          {
            serviceAccountName: fc.constant("sa"),
            containers: named({ image: word, env: named({ value: word }) }),
            tolerations: fc.uniqueArray(fc.record({ key: word }), { selector: ({ key }) => key, maxLength: 2 }),
            nodeSelector: words,
          },
          { requiredKeys: ["serviceAccountName"] },
        ),
      }),
    }),
  })
  .map(({ labels, spec }): KubeObject => {
    const plain: JsonObject = JSON.parse(JSON.stringify(spec));
    const annotations = { [APPLIED_ANNOTATION]: "one" };
    const metadata = { name: "web", labels, annotations };
    return { apiVersion: "apps/v1", kind: "Deployment", metadata, spec: { ...SELECTOR, ...plain } };
  });

const POD = ".spec.template.spec";
const RULES: readonly Partial<IgnoreRule>[] = [
  { path: "/spec/replicas" },
  { path: "/metadata/labels/a" },
  { jsonPath: ".metadata.labels['app.io/x']" },
  { jsonPath: `${POD}.containers[*].image` },
  { jsonPath: `${POD}.containers[?(@.name=="a")]` },
  { jsonPath: `${POD}.containers[*].env[?(@.name!="b")]` },
  { jsonPath: `${POD}.containers[*].env[?(@.value=="b")]` },
];
/** Of values that are owned as one. */
const WHOLE_RULES: readonly Partial<IgnoreRule>[] = [
  { jsonPath: `${POD}.tolerations[?(@.key=="b")]` },
  { jsonPath: `${POD}.nodeSelector.b` },
];
const STAMP = "plumbline.dev~1applied";
const someOf = (rules: readonly Partial<IgnoreRule>[]) => fc.subarray([...rules], { minLength: 1 });

function wayOf({ path, jsonPath }: Partial<IgnoreRule>): readonly Segment[] {
  return path === undefined ? readJsonPath(jsonPath ?? "") : readPointer(path);
}

function placesOf(rules: readonly Partial<IgnoreRule>[], object: KubeObject) {
  return rules.flatMap((rule) => select(wayOf(rule), rootSpot(jsonOf(object), DEPLOYMENT), { steps: 0 }));
}

interface History {
  readonly first: KubeObject;
  readonly others: KubeObject;
  readonly byApply: boolean;
}
const history = fc.record({ first: manifest, others: manifest, byApply: fc.boolean() });

/** Applied by us, and then written by somebody. */
function played({ first, others, byApply }: History): Managed {
  const object = new Managed(DEPLOYMENT);
  object.apply(FIELD_MANAGER, first);
  if (byApply) object.apply("others", others, { force: true });
  else object.update("others", others);
  return object;
}

function liveOf({ live }: Managed): KubeObject {
  return live ?? expect.fail("there is no object");
}

function found(desired: KubeObject, object: Managed, rules: readonly Partial<IgnoreRule>[]) {
  const written = rules.map((rule) => ({ reason: "r", ...rule }));
  const live = liveOf(object);
  const there: LiveObject = { ...live, metadata: { ...live.metadata, uid: "u", resourceVersion: "1" } };
  const ignore = ruleSetOf({ source: "application", rules: written, where: "ignore" });
  return compare({ desired, manifestHash: "one", live: there, schema: DEPLOYMENT, setApplied: true, ignore });
}

describe("for every history of an object", () => {
  test("to ignore and then compare is to compare without those paths", () => {
    fc.assert(
      fc.property(history, manifest, someOf(RULES), (before, desired, rules) => {
        const object = played(before);
        const left = [...placesOf(rules, desired), ...placesOf(rules, liveOf(object))].map(({ path }) =>
          formatPath(path),
        );
        const [ruled, plain] = [found(desired, object, rules), found(desired, object, [])];
        // What goes as a whole may go in parts where something in it is left, and the other way round.
        const torn = [...plain.changes, ...ruled.changes].filter(({ path }) => left.some((one) => isWithin(one, path)));
        const told = (changes: readonly FieldChange[]) =>
          changes
            .filter(
              ({ path }) => !left.some((one) => isWithin(path, one)) && !torn.some((one) => isWithin(path, one.path)),
            )
            .map(({ path, class: kind }) => `${path} ${kind}`)
            .filter((text) => !text.includes(STAMP));
        expect(told(ruled.changes)).toEqual(told(plain.changes));
        for (const { path } of ruled.changes) expect(left.some((one) => isWithin(path, one))).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test("what is sent changes nothing that is left", () => {
    fc.assert(
      fc.property(history, manifest, someOf([...RULES, ...WHOLE_RULES]), (before, desired, rules) => {
        const object = played(before);
        const known = valuesAt(rules, liveOf(object));
        object.apply(FIELD_MANAGER, found(desired, object, rules).sent ?? desired, { force: true });
        const after = valuesAt(rules, liveOf(object));
        for (const [path, value] of known) {
          if (isThere(desired, path)) expect([path, after.get(path)]).toEqual([path, value]);
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** Values by path; of lists without keys by what the item says. */
function valuesAt(rules: readonly Partial<IgnoreRule>[], object: KubeObject): Map<string, Json> {
  return new Map(
    placesOf(rules, object).map(({ path, value }) => {
      const text = formatPath(path);
      return [/tolerations\/\d+$/.test(text) ? `tolerations ${JSON.stringify(value)}` : text, value];
    }),
  );
}

function isWithin(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}/`) || path.startsWith(`${above}[`);
}

/** An item that Git no longer names goes with all that was left in it. */
function isThere(object: KubeObject, path: string): boolean {
  const [, name] = /containers\[name=([^\]]*)\]\//.exec(path) ?? [];
  if (name === undefined) return true;
  const way = readJsonPath(`${POD}.containers[?(@.name=="${name.replace("~1", "/")}")]`);
  return select(way, rootSpot(jsonOf(object), DEPLOYMENT), { steps: 0 }).length > 0;
}

describe("whatever somebody writes as a rule", () => {
  const part = fc.constantFrom(
    ...[
      ".",
      "..",
      "a",
      "*",
      "[*]",
      "[0]",
      "['a']",
      '["a\\"b"]',
      "[?(",
      ")]",
      "@.a",
      "@",
      "==",
      "!=",
      "<",
      "&&",
      "||",
      "!",
      "(",
    ],
    ...[")", "]", "[", "{", "}", "$", "'", '"', "\\", "1", "-1", "1e9", "null", " ", ",", ":", "=", "[a=b]", "\n", "é"],
  );
  const expression = fc.oneof(
    fc.array(part, { maxLength: 40 }).map((parts) => parts.join("")),
    fc.string({ maxLength: 60 }),
  );
  const { object } = fc.letrec((tie) => ({
    object: fc.oneof(
      { maxDepth: 6, depthSize: "large" },
      fc.constantFrom<unknown>(null, true, 1, "a", "b"),
      fc.array(tie("object"), { maxLength: 6 }),
      fc.dictionary(fc.constantFrom("a", "b", "__proto__", "constructor"), tie("object"), { maxKeys: 4 }),
    ),
  }));

  test("it is a rule or an error with a code", () => {
    fc.assert(
      fc.property(expression, (text) => {
        for (const read of [readJsonPath, readPointer]) codeOf(() => read(text));
      }),
      { numRuns: 2000 },
    );
  });

  test("its work is bounded by the size of the object times that of the rule", () => {
    const valid = fc
      .array(fc.constantFrom(".a", ".b", ".*", "[*]", "[0]", "[?(@.a)]", "[?(@.a==@.b || !(@.a<1) && @[0])]"), {
        minLength: 1,
        maxLength: 12,
      })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(valid, object, (text, value) => {
        const way = codeOf(() => readJsonPath(text));
        if (way === undefined) return;
        const json: Json = JSON.parse(JSON.stringify(value));
        const tally: Tally = { steps: 0 };
        select(way, rootSpot(json, ANY_SCHEMA), tally);
        expect(tally.steps).toBeLessThanOrEqual((nodesIn(json) + 1) * (text.length + 2 * way.length));
      }),
      { numRuns: 1000 },
    );
  });

  test("a deep or wide object costs each of its values a few steps, and no stack", () => {
    let deep: Json = 1;
    for (let i = 0; i < 5000; i++) deep = { a: deep };
    const wide = { a: Array.from({ length: 50_000 }, (_, n) => ({ a: n })) };
    const tally: Tally = { steps: 0 };
    select(readJsonPath(".a".repeat(60)), rootSpot(deep, ANY_SCHEMA), tally);
    expect(tally.steps).toBeLessThan(200);
    select(readJsonPath(".a[?(@.a < 10 && @.a >= 5)].a"), rootSpot(wide, ANY_SCHEMA), tally);
    expect(tally.steps).toBeLessThan(50_000 * 6);
  });
});

test("a filter of every depth that is allowed ends", () => {
  const nested = `${"!(".repeat(8)}@.a${")".repeat(8)}`;
  const [segment] = readJsonPath(`[?(${nested})]`);
  const tally: Tally = { steps: 0 };
  expect(segment?.kind === "filter" && holds(segment.filter, { a: 1 }, tally)).toBe(true);
  expect(tally.steps).toBeLessThan(10);
});

function codeOf<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof PlumblineError && error.code === "PL-IGNORE-INVALID") return undefined;
    throw error;
  }
}

function nodesIn(value: Json | undefined): number {
  if (typeof value !== "object" || value === null) return 1;
  return 1 + Object.values(value).reduce<number>((sum, part) => sum + nodesIn(part), 0);
}
