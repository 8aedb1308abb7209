import { describe, expect, test } from "vitest";
import type { DriftEnd, FieldChange } from "../../src/model/index.ts";
import {
  afterHeal,
  afterLook,
  type DriftTrack,
  type DriftTracks,
  followed,
  NO_DRIFT,
} from "../../src/sync/drift-tracks.ts";
import { change, deployment } from "../report/statuses.ts";

const MINUTE = 60_000;
const ref = deployment("web");
const REVERTED = { how: "reverted" } as const;

interface Looking {
  readonly at: number;
  readonly end?: Omit<DriftEnd, "at"> | undefined;
}

/** Looks at one object, in which these fields differ. */
function look(tracks: DriftTracks, changes: readonly FieldChange[], { at, ...more }: Looking): DriftTracks {
  const fields = changes.map((one) => ({ ref, change: one, manifestHash: "one", resourceVersion: "1" }));
  return afterLook(tracks, { fields, now: at, endOf: () => ("end" in more ? more.end : REVERTED) });
}

const heal = (tracks: DriftTracks, at: number) => afterHeal(tracks, { isWritten: () => true, pass: 7, now: at });
const only = (tracks: DriftTracks): DriftTrack => {
  const [track] = tracks.values();
  if (track === undefined || tracks.size !== 1) throw new Error(`${tracks.size} tracks`);
  return track;
};

const drift = [change()];

describe("an episode", () => {
  test("goes on while its field differs, whatever becomes of value, author and class", () => {
    const first = look(NO_DRIFT, drift, { at: 0 });
    const then = look(first, [change({ live: 7, manager: "ann", class: "conflict" })], { at: MINUTE });
    expect(only(then)).toMatchObject({ firstSeen: 0, lastSeen: MINUTE, count: 1, found: [0], change: { live: 7 } });
  });

  test("ends with what ended it, and keeps when it was last seen", () => {
    const gone = look(look(NO_DRIFT, drift, { at: 0 }), [], {
      at: 9,
      end: { how: "reverted", by: { manager: "ann" } },
    });
    expect(only(gone)).toMatchObject({ lastSeen: 0, end: { how: "reverted", by: { manager: "ann" }, at: 9 } });
  });

  test("has not ended where nobody looked at its object", () => {
    expect(only(look(look(NO_DRIFT, drift, { at: 0 }), [], { at: 9, end: undefined })).end).toBeUndefined();
  });

  test("that we healed ends with our pass, and the next look does not say otherwise", () => {
    const healed = look(heal(look(NO_DRIFT, drift, { at: 0 }), 5), [], { at: 6 });
    expect(only(healed)).toMatchObject({ healedAt: 5, end: { how: "healed", pass: 7, at: 5 } });
  });

  test("goes on where its field comes back within five minutes, even at the look after its healing", () => {
    let tracks = look(NO_DRIFT, drift, { at: 0 });
    for (let n = 1; n <= 6; n++) tracks = look(heal(tracks, n * MINUTE), drift, { at: n * MINUTE });
    expect(only(tracks)).toMatchObject({ firstSeen: 0, count: 7, healedAt: 6 * MINUTE });
    expect(only(tracks).end).toBeUndefined();
  });

  test("is forgotten after five quiet minutes, so that the next is a new one", () => {
    const healed = heal(look(NO_DRIFT, drift, { at: 0 }), 1);
    expect(look(healed, [], { at: 5 * MINUTE }).size).toBe(1);
    const quiet = look(healed, [], { at: 5 * MINUTE + 1 });
    expect(quiet.size).toBe(0);
    expect(only(look(quiet, drift, { at: 6 * MINUTE }))).toMatchObject({ firstSeen: 6 * MINUTE, count: 1 });
  });

  test("of a field of others that is only reported is none that a write of ours ends", () => {
    const foreign = look(NO_DRIFT, [change({ class: "foreign" })], { at: 0 });
    expect(only(heal(foreign, 1)).end).toBeUndefined();
  });
});

describe("what is remembered is bounded", () => {
  test("by the newest 32 times of a field, however often it comes back", () => {
    let tracks: DriftTracks = NO_DRIFT;
    for (let n = 0; n < 1000; n++) tracks = heal(look(tracks, drift, { at: n }), n);
    expect(only(tracks)).toMatchObject({ count: 1000, firstSeen: 0 });
    expect(only(tracks).found).toEqual(Array.from({ length: 32 }, (_unused, n) => 968 + n));
  });

  test("by 50 fields of an object, those of Git before those of others", () => {
    const foreign = Array.from({ length: 1_000_000 }, (_unused, n) => change({ path: `/f${n}`, class: "foreign" }));
    const many = followed([...foreign, change(), change({ class: "pending" })]);
    expect(many).toHaveLength(50);
    expect(many[0]).toMatchObject({ class: "drift" });
    expect(many.some(({ class: kind }) => kind === "pending")).toBe(false);
  });

  test("by the length of the values of what has ended", () => {
    const long = [change({ live: "x".repeat(100_000), desired: { a: ["y".repeat(5000)] } })];
    const track = only(heal(look(NO_DRIFT, long, { at: 0 }), 1));
    expect(track.change).toMatchObject({
      live: "(100002 characters, not kept)",
      desired: "(5010 characters, not kept)",
    });
  });

  test("by nothing at all where nothing drifts", () => {
    expect(look(NO_DRIFT, [], { at: 0 })).toBe(NO_DRIFT);
  });
});
