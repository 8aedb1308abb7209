import { expect, test } from "vitest";
import { fieldSetOf, NO_FIELDS, owns, ownsAll, parseFields, pathsOf } from "../../src/diff/index.ts";
import { web } from "./server.ts";
import { DEPLOYMENT } from "./small-schema.ts";

const IN_CONTAINER = ["f:spec", "f:template", "f:spec", "f:containers", 'k:{"name":"web"}'];
const PORT = 'k:{"containerPort":80,"protocol":"TCP"}';

test("a manifest's field set has leaves, items by key with defaults, and atomic values as one", () => {
  const manifest = web({ container: { ports: [{ containerPort: 80 }], env: [] }, pod: { tolerations: [] } });
  const own = [...pathsOf(fieldSetOf(manifest, DEPLOYMENT))].map((path) => path.join(" "));
  const container = IN_CONTAINER.join(" ");
  expect(own.sort()).toEqual(
    [
      "f:spec f:selector",
      "f:spec f:template f:metadata f:labels f:app",
      "f:spec f:template f:spec f:tolerations",
      ...[container, `${container} f:name`, `${container} f:image`],
      ...[`${container} f:ports ${PORT}`, `${container} f:ports ${PORT} f:containerPort`],
    ].sort(),
  );
});

test("a set owns all of another where it has each of its places, or something atomic above it", () => {
  const more = fieldSetOf(web({ replicas: 2 }), DEPLOYMENT);
  const less = fieldSetOf(web(), DEPLOYMENT);
  expect([ownsAll(more, less), ownsAll(less, more)]).toEqual([true, false]);
  const read = (fields: object) => parseFields(fields) ?? NO_FIELDS;
  const inside = read({ "f:spec": { "f:selector": { "f:app": {} } } });
  expect(ownsAll(read({ "f:spec": { "f:selector": {} } }), inside)).toBe(true);
  const item = read({ "f:items": { 'k:{"a":1}': { ".": {}, "f:a": {} } } });
  expect(ownsAll(read({ "f:items": { 'k:{"a":1}': { "f:a": {} } } }), item)).toBe(false);
});

test("an atomic value is owned with all that is in it, an item of a list only by itself", () => {
  const tree = parseFields({ "f:selector": {}, "f:items": { 'k:{"b":1, "a":2}': { "f:x": {} } } });
  const owned = (...path: string[]) => tree !== undefined && owns(tree, path);
  expect(owned("f:selector", "f:app")).toBe(true);
  expect(owned("f:items")).toBe(true);
  expect(owned("f:items", 'k:{"a":2,"b":1}', "f:x")).toBe(true);
  expect(owned("f:items", 'k:{"a":2,"b":1}')).toBe(false);
  expect(owned("f:other")).toBe(false);
});

test.for([null, [], "x", { spec: {} }, { "k:[1]": {} }, { "k:{": {} }, { "f:a": 1 }, { "v:x": {} }])(
  "%j is nobody's field set",
  (fields) => {
    expect(parseFields(fields)).toBeUndefined();
  },
);
