import fc from "fast-check";
import { expect, test } from "vitest";
import { fieldSetOf, fieldsV1Of, parseFields, pathsOf, union, without } from "../../../src/diff/index.ts";
import type { JsonObject, KubeObject } from "../../../src/model/index.ts";
import { DEPLOYMENT } from "../../diff/small-schema.ts";
import { Managed } from "./managed.ts";

const word = fc.constantFrom("a", "b", "c", "d", "app.io/x");
const some = (parts: { readonly [name: string]: fc.Arbitrary<unknown> }) => fc.record(parts, { requiredKeys: [] });
const items = (key: string, keys: fc.Arbitrary<unknown>, parts: { readonly [name: string]: fc.Arbitrary<unknown> }) =>
  fc.uniqueArray(fc.record({ [key]: keys, ...parts }, { requiredKeys: [key] }), {
    selector: (item) => item[key],
    maxLength: 3,
  });
const words = fc.dictionary(word, word, { maxKeys: 3 });
const container = {
  image: word,
  stdin: fc.boolean(),
  env: items("name", word, { value: word }),
  ports: items("containerPort", fc.nat(3), { hostPort: fc.nat(3) }),
  resources: some({ limits: words }),
};
const finalizers = fc.uniqueArray(word, { maxLength: 3 });
const manifest: fc.Arbitrary<KubeObject> = fc
  .record({
    metadata: some({ labels: words, annotations: words, finalizers }),
    spec: some({
      replicas: fc.nat(3),
      selector: fc.record({ matchLabels: words }),
      template: fc.record({
        metadata: some({ labels: words }),
        spec: some({
          containers: items("name", word, container),
          tolerations: fc.array(fc.record({ key: word }), { maxLength: 2 }),
          nodeSelector: words,
        }),
      }),
    }),
  })
  .map(({ metadata, spec }) => asManifest(metadata, spec));

function asManifest(metadata: object = {}, spec: object = {}): KubeObject {
  const sent: JsonObject = JSON.parse(JSON.stringify({ metadata, spec }));
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", ...metadata },
    spec: sent["spec"] ?? {},
  };
}

test("applying twice changes nothing", () => {
  fc.assert(
    fc.property(manifest, manifest, (others, wanted) => {
      const object = new Managed(DEPLOYMENT);
      object.update("others", others);
      object.apply("ann", wanted, { force: true });
      const before = object.live;
      object.apply("ann", wanted);
      expect(object.live).toEqual(before);
    }),
  );
});

test("whoever applies owns just what the manifest names, and others own it only with that value", () => {
  fc.assert(
    fc.property(manifest, manifest, (first, second) => {
      const object = new Managed(DEPLOYMENT);
      object.apply("ann", first);
      object.apply("bob", second, { force: true });
      expect(object.owners()["bob"] ?? {}).toEqual(fieldsV1Of(fieldSetOf(second, DEPLOYMENT)));
      // So what ann still has, ann could apply again without a conflict.
      const left = parseFields(object.owners()["ann"] ?? {});
      const had = fieldSetOf(first, DEPLOYMENT);
      expect(left && [...pathsOf(without(left, had))]).toEqual([]);
    }),
  );
});

test("two who apply different labels both own theirs, whoever comes first", () => {
  fc.assert(
    fc.property(words, words, (one, other) => {
      const annotated = asManifest({ annotations: one });
      const labelled = asManifest({ labels: other });
      const [ab, ba] = [new Managed(DEPLOYMENT), new Managed(DEPLOYMENT)];
      ab.apply("ann", annotated);
      ab.apply("bob", labelled);
      ba.apply("bob", labelled);
      ba.apply("ann", annotated);
      expect(ab.owners()).toEqual(ba.owners());
      expect({ ...ab.live?.metadata, managedFields: [] }).toEqual({ ...ba.live?.metadata, managedFields: [] });
    }),
  );
});

test("applying what nobody else has, and then nothing, brings back what was there", () => {
  fc.assert(
    fc.property(manifest, words, (others, labels) => {
      const object = new Managed(DEPLOYMENT);
      object.apply("ann", others);
      const before = object.live;
      const own = Object.fromEntries(Object.entries(labels).map(([name, value]) => [`own-${name}`, value]));
      object.apply("bob", asManifest({ labels: own }, {}));
      object.apply("bob", { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" } });
      expect(withoutEmpty(object.live)).toEqual(withoutEmpty(before));
    }),
  );
});

/** As the server decodes it: an emptied map is there no more. */
function withoutEmpty(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, part: unknown) => (isEmpty(part) ? undefined : part));
}

function isEmpty(part: unknown): boolean {
  return part === null || (typeof part === "object" && !Array.isArray(part) && Object.keys(part).length === 0);
}

test("an update by value moves just what changed: afterwards each field has an owner", () => {
  fc.assert(
    fc.property(manifest, manifest, (first, second) => {
      const object = new Managed(DEPLOYMENT);
      object.update("ann", first);
      object.update("bob", second);
      const owned = object
        .entries()
        .map(({ fieldsV1 }) => parseFields(fieldsV1))
        .reduce((sum, fields) => (sum && fields ? union(sum, fields) : undefined), parseFields({}));
      const unowned = owned && [...pathsOf(without(fieldSetOf(second, DEPLOYMENT), owned))];
      expect(unowned).toEqual([]);
    }),
  );
});
