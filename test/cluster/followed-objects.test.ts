import fc from "fast-check";
import { expect, test } from "vitest";
import { FollowedObjects } from "../../src/cluster/followed-objects.ts";
import type { Following } from "../../src/cluster/index.ts";
import { type LiveObject, PART_OF_LABEL, refKey, refOf } from "../../src/model/index.ts";

interface Parts {
  readonly version: number;
  readonly uid?: string;
  readonly set?: string | null;
}

/** ConfigMap a; `set: null` is without the label. */
function object({ version, uid = "u1", set = "s" }: Parts): LiveObject {
  const labels = set === null ? {} : { [PART_OF_LABEL]: set };
  const metadata = { namespace: "n", name: "a", uid, resourceVersion: String(version), labels };
  return { apiVersion: "v1", kind: "ConfigMap", metadata };
}

const A = refOf(object({ version: 1 }));
const KEY = refKey(A);

function follow(what: Following = "members") {
  const told: string[] = [];
  const objects = new FollowedObjects({
    what,
    report: ({ type, object: { metadata }, applySetId }) =>
      told.push(`${type} ${metadata.uid} v${metadata.resourceVersion} of ${applySetId}`),
  });
  objects.listed({ items: [object({ version: 10 })], resourceVersion: "10" }, { first: true });
  return { objects, told, version: () => objects.index.get(KEY)?.object.metadata.resourceVersion };
}

test("an older event changes nothing, a newer one is told", () => {
  const { objects, told, version } = follow();
  objects.put(object({ version: 12 }));
  objects.event({ type: "MODIFIED", object: object({ version: 11 }) });
  expect([version(), told]).toEqual(["12", []]);
  objects.event({ type: "MODIFIED", object: object({ version: 13 }) });
  expect([version(), told]).toEqual(["13", ["present u1 v13 of s"]]);
});

test("what left the selection is kept until a GET has told", () => {
  const { objects, told, version } = follow();
  objects.event({ type: "DELETED", object: object({ version: 11 }) });
  expect([version(), told, objects.missing().map(refKey)]).toEqual(["10", [], [KEY]]);
  objects.settle(A, undefined);
  expect([version(), told, objects.missing()]).toEqual([undefined, ["gone u1 v10 of s"], []]);
});

test("an object that only lost its label stays under its ApplySet as an orphan, until the label is back", () => {
  const { objects, told } = follow();
  objects.event({ type: "DELETED", object: object({ version: 11, set: null }) });
  objects.settle(A, object({ version: 11, set: null }));
  expect([told, objects.orphans().map(refKey)]).toEqual([["present u1 v11 of s"], [KEY]]);
  objects.settle(A, object({ version: 12, set: null }));
  expect(told).toHaveLength(2);
  objects.event({ type: "ADDED", object: object({ version: 13 }) });
  expect([told.length, objects.orphans()]).toEqual([3, []]);
});

test("an orphan that a GET does not find is gone", () => {
  const { objects, told } = follow();
  objects.event({ type: "DELETED", object: object({ version: 11 }) });
  objects.settle(A, object({ version: 11, set: null }));
  objects.settle(A, undefined);
  expect(told).toEqual(["present u1 v11 of s", "gone u1 v11 of s"]);
});

test("a late answer about an object that is gone does not bring it back", () => {
  const { objects, version } = follow();
  objects.event({ type: "DELETED", object: object({ version: 13 }) });
  objects.put(object({ version: 12 }));
  expect(objects.missing()).toHaveLength(1);
  objects.settle(A, undefined);
  objects.put(object({ version: 14 }));
  expect(version()).toBeUndefined();
});

test("an object created anew under the name is another: the old is gone, the new is there", () => {
  const { objects, told } = follow();
  objects.event({ type: "DELETED", object: object({ version: 11 }) });
  objects.settle(A, object({ version: 12, uid: "u2" }));
  expect(told).toEqual(["gone u1 v10 of s", "present u2 v12 of s"]);
});

test("an object of that name without the label, created anew, is none of ours", () => {
  const { objects, told } = follow();
  objects.event({ type: "DELETED", object: object({ version: 11 }) });
  objects.settle(A, object({ version: 12, uid: "u2", set: null }));
  expect([told, objects.index.get(KEY)]).toEqual([["gone u1 v10 of s"], undefined]);
});

test("our own deletion is not told, whatever the watch brings afterwards", () => {
  const { objects, told, version } = follow();
  objects.remove(KEY, "u1");
  objects.event({ type: "MODIFIED", object: object({ version: 11 }) });
  objects.event({ type: "DELETED", object: object({ version: 12 }) });
  expect([version(), told, objects.missing()]).toEqual([undefined, [], []]);
  objects.event({ type: "ADDED", object: object({ version: 13, uid: "u2" }) });
  expect(version()).toBe("13");
});

test("an object answered after the list was taken is not missing from it", () => {
  const { objects, version } = follow();
  objects.put(object({ version: 20 }));
  objects.listed({ items: [], resourceVersion: "15" });
  expect([version(), objects.missing()]).toEqual(["20", []]);
  objects.listed({ items: [], resourceVersion: "21" });
  expect(objects.missing()).toHaveLength(1);
});

test("when the server's versions went back, its list is right", () => {
  const { objects, told, version } = follow();
  objects.listed({ items: [object({ version: 4 })], resourceVersion: "5" }, { reset: true });
  expect([version(), told]).toEqual(["4", ["present u1 v4 of s"]]);
});

test("where all are followed, a deletion needs no GET", () => {
  const { objects, told } = follow("all");
  objects.event({ type: "DELETED", object: object({ version: 11 }) });
  expect([told, objects.missing()]).toEqual([["gone u1 v10 of undefined"], []]);
});

test("an answer about what is not followed here is not kept", () => {
  const { objects, version } = follow("parents");
  objects.listed({ items: [], resourceVersion: "11" });
  objects.settle(A, undefined);
  objects.put(object({ version: 12, uid: "u3" }));
  expect(version()).toBeUndefined();
});

test("versions never go back, in whatever order events and answers come", () => {
  const step = fc.record({ version: fc.integer({ min: 11, max: 30 }), how: fc.constantFrom("put", "event", "lost") });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const { objects, version } = follow();
      let newest = 10;
      for (const { version: next, how } of steps) {
        if (how === "put") objects.put(object({ version: next }));
        else objects.event({ type: how === "lost" ? "DELETED" : "MODIFIED", object: object({ version: next }) });
        expect(Number(version())).toBeGreaterThanOrEqual(newest);
        newest = Number(version());
      }
    }),
  );
});
