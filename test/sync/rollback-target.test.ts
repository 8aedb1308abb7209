import { expect, test } from "vitest";
import type { SyncRecord } from "../../src/report/index.ts";
import { knownSyncs, lastGood, wholeId } from "../../src/sync/rollback-target.ts";

const AT = "2026-01-01T00:00:00.000Z";
let nextId = 100;

/** The newest first, as the history gives them: "a+" was well, "a-" was not. */
function records(text: string): SyncRecord[] {
  return text.split(" ").map((one): SyncRecord => {
    const set = one.slice(0, -1);
    return {
      id: nextId--,
      trigger: "commit",
      startedAt: AT,
      finishedAt: AT,
      durationMs: 1,
      outcomes: {},
      objects: [],
      revision: set.padEnd(40, set),
      plan: { hash: "", setHash: set, actions: {} },
      good: one.endsWith("+"),
    };
  });
}

const target = (text: string, current: string) => lastGood("shop/web", { records: records(text), current }).slice(0, 1);

test("a rollback without a revision goes to the newest with which the application was well, before what is applied now", () => {
  expect(target("c- b+ a+", "c")).toBe("b");
  expect(target("c+ b- a+", "c")).toBe("a");
});

test("what is applied now is no way back, however often it was applied", () => {
  expect(target("c- c+ b+", "c")).toBe("b");
  expect(target("b+ c+ b+ a+", "b")).toBe("c");
});

test("what was never applied (a new commit that waits, or is broken) leaves the newest that was well", () => {
  expect(target("c+ b+", "d")).toBe("c");
});

test("where nothing is known, or nothing was well, it says so with numbers", () => {
  expect(() => lastGood("shop/web", { records: [], current: "c" })).toThrow("no sync of shop/web is known");
  expect(() => target("c+ b- a-", "c")).toThrow("of the 3 syncs of shop/web that are known, none before");
});

test("the beginning of an id means what the history has of it, and never two", () => {
  const known = [...records("abcd1+ abcd2+ abcd2-"), ...records("ffff+")];
  expect(wholeId("shop/web", "FFFF", known)).toBe("f".repeat(40));
  expect(wholeId("shop/web", "abcd2", known)).toBe("abcd2".repeat(8));
  expect(() => wholeId("shop/web", "abcd", known)).toThrow("abcd is the beginning of 2 revisions");
  expect(wholeId("shop/web", "1234567", known)).toBe("1234567");
  expect(wholeId("shop/web", "release-1", known)).toBe("release-1");
});

test("what other processes know counts by when it was, and while one of them does not answer a revision must be named", () => {
  const at = (day: number) => records("a+").map((one) => ({ ...one, finishedAt: `2026-01-0${day}T00:00:00.000Z` }));
  const own = [...at(3), ...at(1)];
  const known = knownSyncs("shop/web", { own, elsewhere: { records: at(2), away: [] }, asked: undefined });
  expect(known.map(({ finishedAt }) => finishedAt.slice(8, 10))).toEqual(["03", "02", "01"]);
  const elsewhere = { records: [], away: ["web-0"] };
  expect(() => knownSyncs("shop/web", { own, elsewhere, asked: undefined })).toThrow("replica web-0, which may know");
  expect(knownSyncs("shop/web", { own, elsewhere, asked: "a" })).toHaveLength(2);
});
