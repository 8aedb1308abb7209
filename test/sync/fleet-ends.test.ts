import { expect, test } from "vitest";
import { fleetEnds } from "../../src/sync/fleet-ends.ts";
import { endingsOf } from "../../src/sync/judge-endings.ts";
import { application } from "./applications.ts";

const clusters = { home: { name: "home" } as never, names: () => ["home", "eu", "us"] };

function endsOf(seen: readonly string[], ...destinations: readonly object[]) {
  const members = destinations.map((destination, i) => application(`a${i}`, [], { destination }));
  const ending = { name: "default/apps" as const, how: "prune" as const, members };
  const nobody = { parents: [], known: new Map(), declared: new Set<string>() };
  const { ended } = endingsOf([{ id: "cluster default/apps", applications: [], ending }], nobody);
  return fleetEnds(ended, { clusters, isSeen: (name) => seen.includes(name) });
}

test("a declaration of many waits for the clusters that its applications are for, and no other keeps it", () => {
  expect(endsOf(["home", "eu"], {}, { cluster: "eu" }).over).toEqual(["default/apps"]);
  const { over, held } = endsOf(["home", "us"], {}, { cluster: "eu" }, { cluster: "us" });
  expect(over).toEqual([]);
  expect(held.get("default/apps")).toMatch(/^what is left in eu is not known: that cluster cannot be looked into now/);
});

test("one of which nobody knows what it made waits for all clusters, and for none that is not declared any more", () => {
  expect(endsOf(["home", "eu"]).held.get("default/apps")).toContain("left in us");
  expect(endsOf(["home", "eu", "us"]).over).toEqual(["default/apps"]);
  expect(endsOf(["home"], { cluster: "gone" }).over).toEqual(["default/apps"]);
  expect(endsOf(["eu"], { cluster: "eu" }).held.get("default/apps")).toContain("left in home");
});
