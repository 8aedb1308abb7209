import { expect, test } from "vitest";
import { applySetId } from "../../src/plan/index.ts";
import { SetIds } from "../../src/sync/set-ids.ts";

test("the set of an application is what its parent says, is kept, and is forgotten when most that are kept are gone", () => {
  const ids = new SetIds("plumbline-system");
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 40; i++) expect(ids.of(`team/a${i}`)).toBe(applySetId(`team/a${i}`, "plumbline-system"));
    expect(ids.size).toBe(40);
    ids.trim(40);
  }
  expect(ids.size).toBe(40);
  ids.trim(10);
  expect(ids.size).toBe(0);
  expect(ids.of("team/a1")).toBe(applySetId("team/a1", "plumbline-system"));
});
