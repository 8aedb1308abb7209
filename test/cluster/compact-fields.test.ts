import { expect, test } from "vitest";
import { toLiveObject } from "../../src/cluster/answer.ts";
import { isJsonObject } from "../../src/model/index.ts";

const answerOf = (managedFields: unknown) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", uid: "u", resourceVersion: "1", managedFields },
});

test("leaves of the fields of two answers are one object, and nothing else of an answer is another", () => {
  const entry = { manager: "m", fieldsV1: { "f:data": { ".": {}, "f:a": {}, 'k:{"name":"x"}': { ".": {} } } } };
  const text = JSON.stringify(answerOf([entry, { ...entry, manager: "n" }]));
  const live = toLiveObject(JSON.parse(text), "a");
  expect(JSON.stringify(live)).toBe(text);
  const leaves = live.metadata.managedFields?.map(({ fieldsV1 }) => fieldsV1?.["f:data"]);
  expect(leaves?.map((data) => isJsonObject(data) && data["f:a"])).toSatisfy(([one, other]) => one === other);
});

test.each([
  ["no list", {}],
  ["no entries", [null, 1, "x", [], {}]],
  ["no fields", [{ fieldsV1: null }, { fieldsV1: "x" }, { fieldsV1: [{}] }]],
  ["odd names", [{ fieldsV1: JSON.parse('{"__proto__":{},"constructor":{"f:a":{}},"":{}}') }]],
])("managedFields with %s stay as they are", (_what, managedFields) => {
  const text = JSON.stringify(answerOf(managedFields));
  expect(JSON.stringify(toLiveObject(JSON.parse(text), "a"))).toBe(text);
  expect(Object.getPrototypeOf({})).toBe(Object.prototype);
});

test("fields that are nested far too deep are taken as they come", () => {
  const deep = JSON.parse(`${'{"f:a":'.repeat(20_000)}{}${"}".repeat(20_000)}`);
  expect(toLiveObject(answerOf([{ fieldsV1: deep }]), "a").metadata.name).toBe("a");
});
