import { expect, test } from "vitest";
import { Others } from "../../src/replicas/others.ts";

const notice = (version: string) => [{ id: "b", version, claims: ["a", "b"] }];

test("a look that this process was paused in says nothing of how long the others have been silent", () => {
  const others = new Others("a", 9000);
  others.look({ notices: notice("1"), askedAt: 0, seenAt: 10 });
  others.look({ notices: notice("1"), askedAt: 2000, seenAt: 60_000 });
  expect(others.alive().map(({ id }) => id)).toEqual(["b"]);
});

test("a replica is dead after nine seconds without a sign of life, and alive again with the next", () => {
  const others = new Others("a", 9000);
  others.look({ notices: notice("1"), askedAt: 0, seenAt: 10 });
  others.look({ notices: notice("1"), askedAt: 9010, seenAt: 9020 });
  expect(others.alive()).toHaveLength(1);
  expect(others.nextDeathAt()).toBe(9010);
  others.look({ notices: notice("1"), askedAt: 9011, seenAt: 9020 });
  expect(others.alive()).toEqual([]);
  others.look({ notices: notice("2"), askedAt: 9500, seenAt: 9510 });
  expect(others.alive()).toHaveLength(1);
});

test("what has ended is taken off the board when everybody has had the time to see it", () => {
  const others = new Others("a", 9000);
  const released = [{ id: "b", version: "2", released: true }];
  expect(others.look({ notices: released, askedAt: 0, seenAt: 0 })).toEqual([]);
  expect(others.alive()).toEqual([]);
  expect(others.look({ notices: released, askedAt: 60_001, seenAt: 60_001 })).toEqual(released);
});
