import { expect, test } from "vitest";
import { timedSentence, untimedSentence } from "../../src/report/index.ts";

const SENTENCE = "waits for Deployment shop/db: 1/3 replicas available";
const SINCE = "2026-01-01T00:00:00.000Z";
const after = (ms: number) => timedSentence(SENTENCE, SINCE, Date.parse(SINCE) + ms);

test("what waits says for how long, in seconds for the first ten minutes", () => {
  expect([999, 40_400, 330_000, 3_900_000].map(after)).toEqual([
    SENTENCE,
    `${SENTENCE}, 40 s`,
    `${SENTENCE}, 330 s`,
    `${SENTENCE}, 1h5m`,
  ]);
  expect(timedSentence(SENTENCE, undefined, 0)).toBe(SENTENCE);
});

test("but for the time, the sentence is the same as before", () => {
  for (const ms of [0, 40_400, 3_900_000]) expect(untimedSentence(after(ms))).toBe(SENTENCE);
  expect(untimedSentence("waits for a, b")).toBe("waits for a, b");
});
