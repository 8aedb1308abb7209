import { expect, test } from "vitest";
import { Entries } from "../../src/sync/entries.ts";
import { application } from "./applications.ts";

const declared = (spec: object) =>
  new Map([["default/web", { application: application("web", [], spec), by: "file apps" }]]);

function kept(spec: object) {
  const entries = new Entries("plumbline-system", "home");
  entries.replace(declared({ destination: { namespace: "shop" } }));
  const before = entries.get("default/web")?.memory;
  entries.replace(declared(spec));
  return entries.get("default/web")?.memory === before;
}

test("what was seen as one service account, or in one cluster, is not remembered for another", () => {
  const destination = { namespace: "shop" };
  expect(kept({ destination, sync: { interval: "1h" } })).toBe(true);
  expect(kept({ destination: { ...destination, cluster: "home" } })).toBe(true);
  expect(kept({ destination, serviceAccount: "deployer" })).toBe(false);
  expect(kept({ destination: { ...destination, cluster: "east" } })).toBe(false);
});

test("of the same account by its name alone, in another namespace, nothing is remembered either", () => {
  const entries = new Entries("plumbline-system", "home");
  entries.replace(declared({ destination: { namespace: "shop" }, serviceAccount: "deployer" }));
  const before = entries.get("default/web")?.memory;
  entries.replace(declared({ destination: { namespace: "shop" }, serviceAccount: "shop/deployer" }));
  expect(entries.get("default/web")?.memory).toBe(before);
  entries.replace(declared({ destination: { namespace: "till" }, serviceAccount: "deployer" }));
  expect(entries.get("default/web")?.memory).not.toBe(before);
});

test("who another replica works on from now on is let go of, with his clients", () => {
  const entries = new Entries("plumbline-system", "home");
  entries.replace(declared({}));
  const before = entries.get("default/web");
  entries.forgetWork("default/web");
  expect(before?.forgotten.signal.aborted).toBe(true);
  expect(entries.get("default/web")?.forgotten.signal.aborted).toBe(false);
});
