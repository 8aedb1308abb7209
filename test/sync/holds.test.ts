import { describe, expect, test } from "vitest";
import type { Comparison } from "../../src/diff/index.ts";
import { type FieldChange, type LiveObject, type PlanStep, refKey, type SyncStatus } from "../../src/model/index.ts";
import type { DriftTrack, DriftTracks } from "../../src/sync/drift-tracks.ts";
import { heldWhole, holdsOf, waitingOf } from "../../src/sync/holds.ts";
import { live, web } from "../diff/server.ts";
import { change, deployment } from "../report/statuses.ts";

const ref = deployment("web");
const key = refKey(ref);
const manifest = web({ replicas: 2, image: "nginx:2" });
const IMAGE = "/spec/template/spec/containers[name=web]/image";
const CONTAINER = ["f:spec", "f:template", "f:spec", "f:containers", 'k:{"name":"web"}'];
const lost = [
  ["f:spec", "f:replicas"],
  [...CONTAINER, "f:image"],
];
const there = live(manifest, { lost });
const REPLICAS = change();
const OTHER = change({ path: IMAGE, pointer: "/spec/template/spec/containers/0/image", desired: "nginx:2", live: "x" });
const NOW = 10_000;

function track(count: number, field: FieldChange, over: Partial<DriftTrack> = {}): DriftTrack {
  const about = { ref, change: field, manifestHash: "one", resourceVersion: "1" };
  return { ...about, firstSeen: 0, lastSeen: NOW, count, found: [], healedAt: NOW, ...over };
}

interface Sight {
  readonly changes?: readonly FieldChange[];
  readonly status?: SyncStatus;
  readonly object?: LiveObject | undefined;
}

function holds(
  tracks: readonly DriftTrack[],
  { changes = [REPLICAS, OTHER], status = "Drifted", object = there }: Sight = {},
) {
  const step: PlanStep = { ref, action: "update", stage: "workloads", wave: 0, reason: "", changes };
  const comparison: Comparison = { status, changes, doubtful: false, owned: true, kept: undefined };
  const observed = {
    plan: { steps: [step] },
    comparisons: new Map([[key, comparison]]),
    live: new Map([[key, object]]),
  };
  const known: DriftTracks = new Map(tracks.map((one, n) => [`${n}`, one]));
  return holdsOf({ tracks: known, observed, objects: [{ ref, object: manifest }], now: NOW });
}

describe("healing that waits", () => {
  test("is none where no field came back often", () => {
    expect(holds([track(3, REPLICAS), track(1, OTHER)]).size).toBe(0);
  });

  test("leaves out the fought field only, and says how long", () => {
    const found = holds([track(7, REPLICAS), track(1, OTHER)]);
    expect(heldWhole(found).size).toBe(0);
    expect(found.get(key)).toMatchObject({ waitMs: 8000, object: web({ image: "nginx:2" }) });
    expect(waitingOf(found).waiting).toMatch(
      /^waits 8 s before healing spec\.replicas of Deployment shop\/web again: /,
    );
  });

  test("is that of the whole object where nothing else drifts, or the field cannot be left out", () => {
    expect([...heldWhole(holds([track(7, REPLICAS)], { changes: [REPLICAS] }))]).toEqual([key]);
    const ours = live(manifest);
    expect([...heldWhole(holds([track(7, REPLICAS), track(1, OTHER)], { object: ours }))]).toEqual([key]);
  });

  test("is none for a commit, and none once the time has come", () => {
    expect(holds([track(7, REPLICAS)], { status: "Diverged" }).size).toBe(0);
    expect(holds([track(7, REPLICAS, { healedAt: NOW - 8000 })]).size).toBe(0);
  });

  test("is none for a field of others that is only reported", () => {
    expect(holds([track(7, change({ class: "foreign" }))]).size).toBe(0);
  });

  test("is that of the whole object where more fields drift than are followed", () => {
    const many = Array.from({ length: 60 }, (_unused, n) => change({ path: `/metadata/labels/${n}` }));
    const found = holds([track(7, REPLICAS)], { changes: [REPLICAS, ...many] });
    expect([...heldWhole(found)]).toEqual([key]);
  });

  test("comes for an object, too, of which never the same field is taken twice", () => {
    const taken = (heals: number) =>
      Array.from({ length: heals }, (_unused, n) =>
        track(1, change({ path: `/metadata/labels/${n}`, manager: "ann" }), { healedAt: NOW - heals + n + 1 }),
      );
    expect(holds(taken(10)).size).toBe(0);
    const found = holds(taken(14));
    expect([...heldWhole(found)]).toEqual([key]);
    expect(found.get(key)?.waitMs).toBe(8000);
    expect(waitingOf(found).waiting).toBe(
      "waits 8 s before healing Deployment shop/web again: ann has changed 14 of its fields within 5 minutes, and it was healed 14 times",
    );
  });
});
