import { Value } from "typebox/value";
import { describe, expect, test } from "vitest";
import { IgnoreRuleSchema } from "../../src/model/index.ts";
import type { DriftTrack } from "../../src/sync/drift-tracks.ts";
import { episodeOf, healDistanceMs, healsAt, waitingSentence } from "../../src/sync/fights.ts";
import { change, deployment } from "../report/statuses.ts";

const MINUTE = 60_000;

/** A field found at these times, and healed at the last of them unless told. */
function track(found: readonly number[], over: Partial<DriftTrack> = {}): DriftTrack {
  const last = found.at(-1) ?? 0;
  return {
    ref: deployment("web"),
    change: change({ manager: "foo-operator" }),
    firstSeen: found[0] ?? 0,
    lastSeen: last,
    count: found.length,
    found,
    healedAt: last,
    manifestHash: "one",
    resourceVersion: "1",
    ...over,
  };
}

const everySecond = (times: number) => Array.from({ length: times }, (_unused, n) => n * 1000);

describe("the distance between two healings of a field", () => {
  test("is none for the first three, then doubles, up to a minute", () => {
    const distances = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 500].map(healDistanceMs);
    expect(distances).toEqual([0, 0, 0, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  test("is counted from our own last healing, and what we never healed waits for nothing", () => {
    expect(healsAt(track(everySecond(7)))).toBe(6000 + 8000);
    const { healedAt: _, ...never } = track(everySecond(7));
    expect(healsAt(never)).toBe(Number.NEGATIVE_INFINITY);
  });

  test("bounds what a fight of an hour costs: a write a minute and ten", () => {
    let [now, heals, count] = [0, 0, 0];
    while (now < 60 * MINUTE) {
      now += healDistanceMs(++count);
      heals++;
    }
    expect(heals).toBeLessThanOrEqual(70);
  });
});

describe("a fight", () => {
  test("is four times within five minutes, and is named with who and how often", () => {
    expect(episodeOf(track(everySecond(3)), 0).fight).toBeUndefined();
    expect(episodeOf(track([0, 1, 2, 6].map((n) => n * MINUTE)), 0).fight).toBeUndefined();
    expect(episodeOf(track(everySecond(7)), 7000).fight).toEqual({
      times: 7,
      message: "foo-operator has changed spec.replicas of Deployment shop/web 7 times within 5 minutes",
      healsAt: "1970-01-01T00:00:14.000Z",
      rule: {
        kind: "Deployment",
        name: "web",
        path: "/spec/replicas",
        manager: "foo-operator",
        reason: "left to foo-operator",
      },
    });
  });

  test("counts only the five minutes before it was found last", () => {
    const found = [...everySecond(4), 10 * MINUTE, 14 * MINUTE];
    expect(episodeOf(track(found), 0).fight).toMatchObject({ times: 2 });
  });

  test("waits for nothing once its field is as Git wants it, or its time has come", () => {
    const ended = track(everySecond(7), { end: { how: "healed", at: 6000 } });
    expect(episodeOf(ended, 7000).fight).not.toHaveProperty("healsAt");
    expect(episodeOf(track(everySecond(7)), 14_000).fight).not.toHaveProperty("healsAt");
  });

  test("suggests a rule that the schema takes, and none for a whole object", () => {
    const rule = episodeOf(track(everySecond(7)), 0).fight?.rule;
    expect(Value.Check(IgnoreRuleSchema, rule)).toBe(true);
    const whole = track(everySecond(7), { change: change({ path: "", pointer: "" }) });
    expect(episodeOf(whole, 0).fight).not.toHaveProperty("rule");
  });
});

describe("what an application says while it waits", () => {
  test("is how long, for what, who, how often, and which rule would end it", () => {
    expect(waitingSentence(track(everySecond(7)))).toBe(
      "waits 8 s before healing spec.replicas of Deployment shop/web again: foo-operator has changed it 7 times within 5 minutes; " +
        "to leave it to foo-operator: ignore: [{ kind: Deployment, name: web, path: /spec/replicas, manager: foo-operator, " +
        "reason: left to foo-operator }]",
    );
  });

  test("names nobody for sure where the server does not", () => {
    const { manager: _, ...nobodys } = change({ likely: [{ manager: "ann" }] });
    expect(waitingSentence(track(everySecond(7), { change: nobodys }))).toContain(
      "again: somebody (likely ann) has changed it 7 times within 5 minutes; to leave it to others: ignore: [{ kind:",
    );
  });

  test("quotes in the rule what YAML would read otherwise", () => {
    const path = "/spec/template/spec/containers[name=web]/image";
    const fought = track(everySecond(7), { change: change({ path, manager: 'a: "b", c' }) });
    expect(waitingSentence(fought)).toContain(`path: ${JSON.stringify(path)}, manager: "a: \\"b\\", c"`);
  });
});
