import { expect, test } from "vitest";
import { FollowedObjects } from "../../src/cluster/followed-objects.ts";
import { APPLICATION_ANNOTATION, APPLYSET_ID_LABEL, type LiveObject, PART_OF_LABEL } from "../../src/model/index.ts";
import { applySetId } from "../../src/plan/index.ts";
import { KeptApplications } from "../../src/sync/index.ts";

const NS = "plumbline-system";
const [MINE, THEIRS, NEW] = ["team/mine", "team/theirs", "team/new"];
const idOf = (application: string): string => applySetId(application, NS);

interface Parts {
  readonly of: string | undefined;
  readonly version: number;
  readonly name?: string;
  readonly uid?: string;
}

function member({ of, version, name = "a", uid = `u-${name}` }: Parts): LiveObject {
  const labels = of === undefined ? {} : { [PART_OF_LABEL]: idOf(of) };
  const metadata = { namespace: "n", name, uid, resourceVersion: String(version), labels };
  return { apiVersion: "v1", kind: "ConfigMap", metadata };
}

function parent({ of = "", version, revision = "1" }: Parts & { revision?: string }): LiveObject {
  const metadata = {
    ...{ namespace: NS, name: `of-${of.replace("/", "-")}`, uid: of, resourceVersion: String(version) },
    ...{ labels: { [APPLYSET_ID_LABEL]: idOf(of) }, annotations: { [APPLICATION_ANNOTATION]: of, revision } },
  };
  return { apiVersion: "v1", kind: "ConfigMap", metadata, data: { much: "more" } };
}

/** One watch in a replica that works on team/mine alone, as its feed drives it. */
function watch(items: readonly LiveObject[], { what = "members" as "members" | "parents", version = 10 } = {}) {
  const kept = new KeptApplications(NS);
  kept.keep(MINE);
  const told: string[] = [];
  const objects = new FollowedObjects({
    ...{ what, kept },
    report: ({ type, object: { metadata }, applySetId: id }) => {
      const of = [MINE, THEIRS, NEW].find((name) => idOf(name) === id);
      told.push(`${type} ${metadata.name} v${metadata.resourceVersion} of ${of}`);
    },
  });
  kept.onLost((ids) => objects.trim(ids));
  const list = (all: readonly LiveObject[], at: number, options: { first?: boolean } = {}) => {
    const relisting = objects.relisting();
    const taken = all.filter((one) => relisting.keep?.(one) !== false);
    objects.listed({ items: taken, resourceVersion: String(at) }, { ...options, relisting });
  };
  list(items, version, { first: true });
  const names = (of: string) => [...objects.index.members(idOf(of))].map(({ object }) => object.metadata.name);
  const versions = (of: string) =>
    [...objects.index.members(idOf(of))].map(({ object }) => object.metadata.resourceVersion);
  return { kept, objects, told, list, names, versions };
}

test("what another replica works on is dropped as it arrives, and only that it is there is known", () => {
  const { objects, told, names } = watch([
    member({ of: MINE, version: 1 }),
    member({ of: THEIRS, version: 2, name: "b" }),
  ]);
  objects.event({ type: "ADDED", object: member({ of: THEIRS, version: 11, name: "c" }) });
  objects.put(member({ of: THEIRS, version: 12, name: "d" }));
  expect([names(MINE), names(THEIRS), told]).toEqual([["a"], [], []]);
  const isThere = (name: string) => objects.elsewhere.has({ namespace: "n", name });
  expect(["a", "b", "c", "d"].map(isThere)).toEqual([false, true, true, false]);
  objects.event({ type: "DELETED", object: member({ of: THEIRS, version: 13, name: "c" }) });
  expect([isThere("c"), objects.missing(), told]).toEqual([false, [], []]);
});

test("an object that moves to another replica's application is told to the one that has lost it, by the watch as by a new list", () => {
  const { objects, told, names, list } = watch([
    member({ of: MINE, version: 1 }),
    member({ of: MINE, version: 2, name: "b" }),
  ]);
  objects.event({ type: "MODIFIED", object: member({ of: THEIRS, version: 11 }) });
  expect([told, names(MINE)]).toEqual([["present a v11 of team/mine"], ["b"]]);
  list([member({ of: THEIRS, version: 11 }), member({ of: THEIRS, version: 12, name: "b" })], 20);
  const [missing] = objects.missing();
  expect(missing).toMatchObject({ name: "b" });
  if (missing !== undefined) objects.settle(missing, member({ of: THEIRS, version: 12, name: "b" }));
  expect([told.slice(1), names(MINE), objects.missing()]).toEqual([["present b v12 of team/mine"], [], []]);
});

test("one that moves here out of another replica's application is there from then on", () => {
  const { objects, told, names } = watch([member({ of: THEIRS, version: 1 })]);
  objects.event({ type: "MODIFIED", object: member({ of: MINE, version: 11 }) });
  expect([told, names(MINE)]).toEqual([["present a v11 of team/mine"], ["a"]]);
  expect(objects.elsewhere.has({ namespace: "n", name: "a" })).toBe(false);
});

test("a set is known by a list that began after it was kept, and by no event before", () => {
  const { objects, kept, names, list, told } = watch([]);
  expect([objects.knows(idOf(MINE)), objects.knows(idOf(NEW))]).toEqual([true, false]);
  const early = objects.relisting();
  kept.keep(NEW);
  objects.listed({ items: [], resourceVersion: "11" }, { relisting: early });
  objects.event({ type: "ADDED", object: member({ of: NEW, version: 12 }) });
  expect([objects.knows(idOf(NEW)), names(NEW)]).toEqual([false, ["a"]]);
  const taking = objects.gaining([idOf(NEW)]);
  objects.gained([member({ of: NEW, version: 12 }), member({ of: NEW, version: 9, name: "old" })], taking);
  expect([objects.knows(idOf(NEW)), names(NEW)]).toEqual([true, ["a", "old"]]);
  expect(told, "what the pass that waits for the list sees anyway").toEqual(["present a v12 of team/new"]);
  list([member({ of: NEW, version: 12 })], 30);
  expect(objects.knows(idOf(NEW))).toBe(true);
});

test("what the watch has said while a gained set was listed is newer than the list", () => {
  const { objects, kept, versions, names, told } = watch([]);
  kept.keep(NEW);
  const taking = objects.gaining([idOf(NEW)]);
  objects.event({ type: "MODIFIED", object: member({ of: NEW, version: 14, name: "edited" }) });
  objects.event({ type: "DELETED", object: member({ of: NEW, version: 15, name: "deleted" }) });
  objects.event({ type: "MODIFIED", object: member({ of: THEIRS, version: 16, name: "moved" }) });
  const listed = ["edited", "deleted", "moved"].map((name) => member({ of: NEW, version: 12, name }));
  objects.gained(listed, taking);
  expect([names(NEW), versions(NEW)]).toEqual([["edited"], ["14"]]);
  objects.event({ type: "ADDED", object: member({ of: NEW, version: 17, name: "deleted", uid: "again" }) });
  expect([names(NEW), told.at(-1)]).toEqual([["edited", "deleted"], "present deleted v17 of team/new"]);
});

test("a list that is older than the gain's end is heeded again later: an object whose label comes back is seen", () => {
  const { objects, kept, names } = watch([]);
  kept.keep(NEW);
  const taking = objects.gaining([idOf(NEW)]);
  objects.event({ type: "DELETED", object: member({ of: NEW, version: 15 }) });
  objects.gained([member({ of: NEW, version: 12 })], taking);
  objects.event({ type: "ADDED", object: member({ of: NEW, version: 16 }) });
  expect(names(NEW)).toEqual(["a"]);
});

test("a set that is lost is trimmed at once, and known no more: also where a list of it is under way", () => {
  const { objects, kept, names, told } = watch([member({ of: MINE, version: 1 })]);
  objects.event({ type: "DELETED", object: member({ of: MINE, version: 11 }) });
  kept.drop([MINE]);
  expect([names(MINE), objects.missing(), objects.knows(idOf(MINE)), told]).toEqual([[], [], false, []]);
  kept.keep(NEW);
  const taking = objects.gaining([idOf(NEW)]);
  kept.drop([NEW]);
  kept.keep(NEW);
  objects.gained([member({ of: NEW, version: 12 })], taking);
  expect([names(NEW), objects.knows(idOf(NEW))]).toEqual([[], false]);
});

test("an orphan of a set that is lost is not asked for any more", () => {
  const { objects, kept } = watch([member({ of: MINE, version: 1 })]);
  objects.event({ type: "DELETED", object: member({ of: MINE, version: 11 }) });
  for (const ref of objects.missing()) objects.settle(ref, member({ of: undefined, version: 11 }));
  expect(objects.orphans()).toHaveLength(1);
  kept.drop([MINE]);
  expect(objects.orphans()).toEqual([]);
});

test("of another replica's parents a digest is known, and told when it says something else", () => {
  const { objects, told, list } = watch([parent({ of: MINE, version: 1 }), parent({ of: THEIRS, version: 2 })], {
    what: "parents",
  });
  const [digest] = objects.elsewhere.digests();
  expect(digest?.metadata.annotations).toEqual({ [APPLICATION_ANNOTATION]: THEIRS });
  expect(digest).not.toHaveProperty("data");
  objects.event({ type: "MODIFIED", object: parent({ of: THEIRS, version: 11, revision: "2" }) });
  expect(told).toEqual([]);
  objects.event({ type: "ADDED", object: parent({ of: NEW, version: 12 }) });
  list([parent({ of: MINE, version: 1 }), parent({ of: NEW, version: 12 })], 20);
  expect(told).toEqual(["present of-team-new v12 of team/new", "gone of-team-theirs v11 of team/theirs"]);
  objects.event({ type: "DELETED", object: parent({ of: NEW, version: 21 }) });
  expect([told.at(-1), objects.elsewhere.digests()]).toEqual(["gone of-team-new v12 of team/new", []]);
});

test("a parent that is gained is whole from then on", () => {
  const { objects, kept } = watch([parent({ of: NEW, version: 2 })], { what: "parents" });
  kept.keep(NEW);
  objects.gained([parent({ of: NEW, version: 2 })], objects.gaining([idOf(NEW)]));
  expect(objects.elsewhere.digests()).toEqual([]);
  expect([...objects.index.members(idOf(NEW))][0]?.object).toHaveProperty("data");
});

test("alone, everything is kept and known", () => {
  const objects = new FollowedObjects({ what: "members", report: () => {} });
  objects.listed({ items: [member({ of: THEIRS, version: 1 })], resourceVersion: "1" }, { first: true });
  expect(objects.relisting().keep).toBeUndefined();
  expect([objects.knows(idOf(NEW)), [...objects.index.members(idOf(THEIRS))].length]).toEqual([true, 1]);
});
