import { describe, expect, test } from "vitest";
import { compare, isUntouched, keptAfterApply } from "../../src/diff/index.ts";
import type { LiveObject } from "../../src/model/index.ts";
import { entryOf, live, stamped, web } from "./server.ts";
import { DEPLOYMENT } from "./small-schema.ts";

const env = (...names: string[]) =>
  stamped(web({ replicas: 2, container: { env: names.map((name) => ({ name, value: "1" })) } }), "one");
const applied = env("A", "B");
const there = live(applied);
const kept = keptAfterApply({ manifestHash: "one", live: there });
const untouched = (now: LiveObject, hash = "one") => isUntouched(kept, hash, now);

describe("an object is untouched", () => {
  test("when only what is not ours moved: status, other fields, the time and the resourceVersion", () => {
    const [ours] = there.metadata.managedFields ?? [];
    const metadata = {
      ...{ ...there.metadata, resourceVersion: "9", labels: { extra: "1" } },
      managedFields: [{ ...ours, time: "2027-01-01T00:00:00Z" }, entryOf("x", { "f:status": {} })],
    };
    expect(untouched({ ...there, metadata, status: { replicas: 1 } })).toBe(true);
  });

  test("whatever the server made of our values, for they are remembered in its spelling", () => {
    const spelt = live(applied, { now: stamped(web({ replicas: 7 }), "one") });
    expect(isUntouched(keptAfterApply({ manifestHash: "one", live: spelt }), "one", spelt)).toBe(true);
  });
});

describe("an object is touched", () => {
  test("when a value of ours differs, or a list map of ours has another order", () => {
    expect(untouched(live(applied, { now: stamped(web({ replicas: 3 }), "one") }))).toBe(false);
    expect(untouched(live(applied, { now: env("B", "A") }))).toBe(false);
  });

  test("when a field left our entry, even with our value", () => {
    expect(untouched(live(applied, { lost: [["f:spec", "f:replicas"]] }))).toBe(false);
  });

  test("when the manifest is another, when it is being deleted, when nothing is ours", () => {
    expect(untouched(there, "two")).toBe(false);
    const metadata = { ...there.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" };
    expect(untouched({ ...there, metadata })).toBe(false);
    const nobodys = { ...there, metadata: { ...there.metadata, managedFields: [] } };
    expect(isUntouched(keptAfterApply({ manifestHash: "one", live: nobodys }), "one", nobodys)).toBe(false);
  });

  test("when a key in managedFields is spelt as Go spells it, and the value behind it moved", () => {
    const named = (name: string, value: string): LiveObject => {
      const object = live(web({ container: { env: [{ name, value }] } }));
      const text = JSON.stringify(object.metadata.managedFields).replaceAll("a<b", "a\\\\\\\\u003cb");
      return { ...object, metadata: { ...object.metadata, managedFields: JSON.parse(text) } };
    };
    const first = named("a<b", "1");
    expect(JSON.stringify(first.metadata.managedFields)).toContain("u003c");
    const before = keptAfterApply({ manifestHash: "one", live: first });
    expect(isUntouched(before, "one", first)).toBe(true);
    expect(isUntouched(before, "one", named("a<b", "2"))).toBe(false);
  });
});

test("what is kept spares the comparison, and foreign fields are still seen", () => {
  const others = [entryOf("kubectl-edit", { "f:spec": { "f:paused": {} } })];
  const now = stamped(web({ replicas: 2, spec: { paused: true } }), "one");
  const before = stamped(web({ replicas: 2 }), "one");
  const remembered = keptAfterApply({ manifestHash: "one", live: live(before) });
  const found = compare({
    ...{ desired: before, manifestHash: "one", live: live(before, { now, others }) },
    ...{ schema: DEPLOYMENT, setApplied: true, kept: remembered },
  });
  expect(found).toMatchObject({ status: "Synced", changes: [{ path: "/spec/paused", class: "foreign" }] });
  expect(found.kept).toEqual(remembered);
});

test("a comparison that found nothing gives the same to keep as an apply", () => {
  const found = compare({ desired: applied, manifestHash: "one", live: there, schema: DEPLOYMENT, setApplied: true });
  expect(found.kept).toEqual(kept);
});
