import { expect, test } from "vitest";
import { type CompareInput, compare } from "../../src/diff/index.ts";
import { APPLIED_ANNOTATION, type KubeObject, type LiveObject } from "../../src/model/index.ts";
import { entryOf, live, stamped, web } from "./server.ts";
import { DEPLOYMENT } from "./small-schema.ts";

function verdict(desired: KubeObject, there: LiveObject, more: Partial<CompareInput> = {}) {
  const manifestHash = desired.metadata.annotations?.[APPLIED_ANNOTATION] ?? "";
  return compare({ desired, manifestHash, live: there, schema: DEPLOYMENT, setApplied: true, ...more });
}

const sidecar = { name: "sidecar", image: "side:1" };
const withSidecar = stamped(web({ pod: { containers: [{ name: "web", image: "nginx" }, sidecar] } }), "one");
const without = stamped(web({ pod: { containers: [{ name: "web", image: "nginx" }] } }), "two");
const inBeta = { ...entryOf("controller", { "f:spec": { "f:oldName": {} } }), apiVersion: "apps/v1beta2" };

test("an item that only we have goes for sure, unless somebody wrote in another version, whose paths tell nothing here", () => {
  expect(verdict(without, live(withSidecar)).doubtful).toBe(false);
  const mixed = verdict(without, live(withSidecar, { others: [inBeta] }));
  expect(mixed.doubts).toEqual(["/spec/template/spec/containers[name=sidecar]"]);
  const status = { ...inBeta, subresource: "status" };
  expect(verdict(without, live(withSidecar, { others: [status] })).doubtful).toBe(false);
});

test("a field that is gone from us and that nobody has here is likely of who wrote in another version", () => {
  const two = stamped(web({ replicas: 2 }), "one");
  const now = stamped(web({ replicas: 9 }), "one");
  const there = live(two, { now, lost: [["f:spec", "f:replicas"]], others: [inBeta] });
  const change = verdict(two, there).changes.find(({ path }) => path === "/spec/replicas");
  expect(change).toMatchObject({ class: "drift", likely: [{ manager: "controller" }] });
});

test("what was applied before in another version tells nothing of this one's fields", () => {
  const now = stamped(web({ replicas: 3 }), "two");
  const there = live(stamped(web({ replicas: 5 }), "one"), { lost: [["f:spec", "f:replicas"]] });
  const base = stamped(web({ replicas: 3 }), "one");
  const classOf = (given: KubeObject) =>
    verdict(now, there, { base: given }).changes.find(({ path }) => path === "/spec/replicas")?.class;
  expect(classOf(base)).toBe("drift");
  expect(classOf({ ...base, apiVersion: "apps/v1beta2" })).toBe("pending");
});
