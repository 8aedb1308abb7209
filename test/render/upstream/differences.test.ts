import { expect, test } from "vitest";
import type { JsonObject, KubeObject } from "../../../src/model/index.ts";
import { differences } from "./differences.ts";

const settings = (data: JsonObject, name = "settings"): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name },
  data,
});

test("the same objects in another order do not differ", () => {
  const [a, b] = [settings({ x: "1" }, "a"), settings({ y: "2" }, "b")];
  expect(differences([a, b], [b, a])).toEqual([]);
});

test("the first path that differs is named with both values", () => {
  expect(differences([settings({ "a/b": [1, 2] })], [settings({ "a/b": [1, "2"] })])).toEqual([
    "v1 ConfigMap /settings differs at /data/a~1b/1",
    "  upstream 2",
    '  here     "2"',
  ]);
});

test("an object on one side only is named", () => {
  expect(differences([settings({}, "a")], [settings({}, "b")])).toEqual([
    "missing here: v1 ConfigMap /a",
    "only here: v1 ConfigMap /b",
  ]);
});

test("copies of one object are counted", () => {
  expect(differences([settings({}), settings({})], [settings({})])).toEqual([
    "missing here: v1 ConfigMap /settings (2)",
  ]);
});
