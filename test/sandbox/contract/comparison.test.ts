/** The suite is worth what its comparison sees. */
import { expect, test } from "vitest";
import { differencesOf } from "./differences.ts";
import { excuses } from "./exceptions.ts";
import { type GoldenAnswer, normalise } from "./normalise.ts";
import type { Answer, Scenario } from "./scenario.ts";

const SCENARIO: Scenario = { name: "any", steps: [] };

function answersOf(...bodies: readonly unknown[]): GoldenAnswer[] {
  const played = bodies.map((body) => ({ asked: "GET /contract-1", answer: okay(body), given: false }));
  return normalise({ namespace: "contract-1", played }, SCENARIO);
}

const okay = (body: unknown): Answer => ({ status: 200, headers: { "content-type": "application/json" }, body });
const configMap = (resourceVersion: string, more: object = {}): object => ({
  metadata: { name: "a", namespace: "contract-1", uid: "11111111-2222-3333-4444-555555555555", resourceVersion },
  ...more,
});

test("what every server makes up is no difference", () => {
  const here = {
    metadata: { uid: "99999999-2222-3333-4444-555555555555", resourceVersion: "7", namespace: "contract-1" },
  };
  const there = {
    metadata: { uid: "11111111-2222-3333-4444-555555555555", resourceVersion: "900", namespace: "contract-1" },
  };
  expect(differencesOf(answersOf(here), answersOf(there))).toEqual([]);
});

test("a version that moves where the real one stands still is a difference", () => {
  const real = answersOf(configMap("10"), configMap("10"));
  const got = answersOf(configMap("10"), configMap("11"));
  expect(differencesOf(real, got)).toEqual([
    { asked: "1 GET /$ns", path: "/body/metadata/resourceVersion", real: "<v1>", got: "<v2>" },
  ]);
});

test("a list's version may be any that is not before its objects", () => {
  const list = (version: string) => ({ metadata: { resourceVersion: version }, items: [configMap("10")] });
  expect(differencesOf(answersOf(list("10")), answersOf(list("44")))).toEqual([]);
  expect(differencesOf(answersOf(list("10")), answersOf(list("9")))).toHaveLength(1);
});

test("a field too many and one too few are told at their places", () => {
  const real = answersOf(configMap("1", { data: { k: "1" } }));
  const got = answersOf(configMap("1", { data: { l: "1" } }));
  expect(differencesOf(real, got).map(({ path, real: was, got: is }) => [path, was, is])).toEqual([
    ["/body/data/k", "1", undefined],
    ["/body/data/l", undefined, "1"],
  ]);
});

test("another status is one difference, whatever the bodies are", () => {
  const [real] = answersOf(configMap("1"));
  const got = { asked: "GET /$ns", status: 404, body: { failure: { reason: "NotFound" } } };
  expect(differencesOf(real ? [real] : [], [got]).map(({ path }) => path)).toEqual(["/status"]);
});

test("an answer that is missing is a difference", () => {
  expect(differencesOf(answersOf(configMap("1"), {}), answersOf(configMap("1")))).toHaveLength(1);
});

test("an exception excuses its own place only", () => {
  const exception = { theme: "lists", scenario: "a token*", path: "/body/failure/*message", reason: "words" };
  const difference = { asked: "0 GET /", path: "/body/failure/message", real: "a", got: "b" };
  const place = { theme: "lists", scenario: "a token to go on with" };
  expect(excuses(exception, place, difference)).toBe(true);
  expect(excuses(exception, place, { ...difference, path: "/status" })).toBe(false);
  expect(excuses(exception, { ...place, theme: "tables" }, difference)).toBe(false);
});
