import { expect, test } from "vitest";
import { rendezvous } from "../../src/kit/rendezvous.ts";

const KEYS = Array.from({ length: 10_000 }, (_, i) => `team-${i % 37}/app-${i}`);

function divided(ids: readonly string[]): Map<string, string | undefined> {
  return new Map(KEYS.map((key) => [key, rendezvous(key, ids)]));
}

function shares(division: Map<string, string | undefined>): Map<string | undefined, number> {
  const counts = new Map<string | undefined, number>();
  for (const id of division.values()) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

function moved(before: Map<string, string | undefined>, after: Map<string, string | undefined>): string[] {
  return KEYS.filter((key) => before.get(key) !== after.get(key));
}

test("nobody has a key where there is nobody", () => {
  expect(rendezvous("shop/web", [])).toBeUndefined();
});

test("one has everything", () => {
  expect(shares(divided(["a"]))).toEqual(new Map([["a", KEYS.length]]));
});

test("the order in which the others are known does not matter", () => {
  expect(divided(["a", "b", "c"])).toEqual(divided(["c", "a", "b"]));
});

test.each([2, 3, 4, 8])("%i share evenly: nobody has a tenth more or less than his part", (count) => {
  const ids = Array.from({ length: count }, (_, i) => `replica-${i}`);
  const part = KEYS.length / count;
  const counts = shares(divided(ids));
  expect(counts.size).toBe(count);
  for (const number of counts.values()) expect(Math.abs(number - part) / part).toBeLessThan(0.1);
});

test("one who joins takes his part, and between the others nothing moves", () => {
  const before = divided(["a", "b", "c"]);
  const after = divided(["a", "b", "c", "d"]);
  const changes = moved(before, after);
  expect(new Set(changes.map((key) => after.get(key)))).toEqual(new Set(["d"]));
  expect(changes.length / KEYS.length).toBeCloseTo(1 / 4, 1);
});

test("one who leaves gives his part to all others, and between these nothing moves", () => {
  const before = divided(["a", "b", "c", "d"]);
  const after = divided(["a", "b", "d"]);
  const changes = moved(before, after);
  expect(new Set(changes.map((key) => before.get(key)))).toEqual(new Set(["c"]));
  expect(new Set(changes.map((key) => after.get(key)))).toEqual(new Set(["a", "b", "d"]));
});
