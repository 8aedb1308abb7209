import { expect, test } from "vitest";
import type { Application } from "../../src/model/index.ts";
import type { Declarer } from "../../src/sync/declarers.ts";
import type { KnownParent } from "../../src/sync/departure.ts";
import { judgeDepartures } from "../../src/sync/judge-departures.ts";
import { application } from "./applications.ts";

const FILE = "file /etc/plumbline";
const named = (...names: readonly string[]): Application[] => names.map((name) => application(name));
const files = (names: readonly string[], more: Partial<Declarer> = {}): Declarer => ({
  id: FILE,
  applications: named(...names),
  ...more,
});
const parent = (name: string, more: Partial<KnownParent> = {}): KnownParent => ({
  application: `default/${name}`,
  cluster: "home",
  declaration: { by: FILE, deletion: "prune" },
  asked: undefined,
  ...more,
});
const judge = (
  parents: readonly KnownParent[],
  declarers: readonly Declarer[],
  known = new Map<string, Application>(),
) => judgeDepartures({ parents, isWhole: true, declarers, known });
const leave = (judged: ReturnType<typeof judge>) => judged.departures.map(({ name, how }) => [name, how]);
const why = (judged: ReturnType<typeof judge>) => judged.abandoned.map((one) => one.why).join();

test("what its declarer does not name any more ends as its parent says, without any memory", () => {
  expect(leave(judge([parent("a"), parent("b")], [files(["b"])]))).toEqual([["default/a", "prune"]]);
  const orphan = parent("a", { declaration: { by: FILE, deletion: "orphan" } });
  expect(leave(judge([orphan], [files(["b"])]))).toEqual([["default/a", "orphan"]]);
});

test("the policy that this process knew last counts before the one that the parent has", () => {
  const known = new Map([["default/a", application("a")]]);
  expect(leave(judge([parent("a")], [files(["b"])], known))).toEqual([["default/a", "orphan"]]);
});

test("nobody ends whose declarer is not there, is not sure, or is not known", () => {
  expect(why(judge([parent("a")], []))).toContain(`declared by ${FILE}, which this server does not read`);
  const unsure = files([], { unsure: "its files declare no application at all" });
  expect(why(judge([parent("a")], [unsure]))).toContain("declare no application at all");
  expect(why(judge([parent("a", { declaration: undefined })], [files(["b"])]))).toContain("does not say who did");
});

test("nobody is judged before every declarer was looked at: the other one may declare it by now", () => {
  const cluster: Declarer = { id: "cluster", applications: [], pending: true };
  expect(judge([parent("a")], [files(["b"]), cluster])).toEqual({ departures: [], abandoned: [], ended: [] });
});

test("more than half of at least four at once is held, with the numbers, and one after the other is not", () => {
  const parents = ["a", "b", "c", "d"].map((name) => parent(name));
  expect(why(judge(parents, [files(["a"])]))).toContain("3 of 4 applications would end at once, more than half");
  expect(leave(judge(parents, [files(["a", "b"])]))).toHaveLength(2);
  expect(leave(judge(parents.slice(0, 3), [files(["a"])]))).toHaveLength(2);
});

test("what a person asked for is done whatever the guard says", () => {
  const parents = ["b", "c", "d"].map((name) => parent(name));
  const judged = judge([parent("a", { asked: "orphan" }), ...parents], [files(["x"], { unsure: "cut" })]);
  expect(leave(judged)).toEqual([["default/a", "orphan"]]);
});

test("what is declared again, or named and not understood, does not end", () => {
  expect(leave(judge([parent("a", { asked: "prune" })], [files(["a"])]))).toEqual([]);
  expect(leave(judge([parent("a")], [files(["b"], { unread: ["default/a"] })]))).toEqual([]);
});

test("an object that a person deletes ends as it says itself; one that is simply gone is never deleted with its objects", () => {
  const pruned = { ...application("a"), spec: { ...application("a").spec, deletion: "prune" as const } };
  const cluster: Declarer = { id: "cluster", applications: [], leaving: [pruned], tellsLeaving: true };
  expect(leave(judge([], [cluster]))).toEqual([["default/a", "prune"]]);
  const byCluster = parent("a", { declaration: { by: "cluster", deletion: "prune" } });
  expect(leave(judge([byCluster], [{ ...cluster, leaving: [] }]))).toEqual([["default/a", "orphan"]]);
});

test("what a declaration made for another ends with it, where the other is sure", () => {
  const made = parent("a", { declaration: { by: `${FILE} fleet default/apps`, deletion: "prune" } });
  expect(leave(judge([made], [files(["b"])]))).toEqual([["default/a", "prune"]]);
  const fleet: Declarer = { id: `${FILE} fleet default/apps`, applications: [], unsure: "its source does not answer" };
  expect(why(judge([made], [files(["b"]), fleet]))).toContain("its source does not answer");
});

test("where nothing may be written nothing ends", () => {
  const observed = application("a");
  const known = new Map([
    ["default/a", { ...observed, spec: { ...observed.spec, sync: { ...observed.spec.sync, observe: true } } }],
  ]);
  expect(why(judge([parent("a")], [files(["b"])], known))).toContain("spec.sync.observe was on");
});

const fleetIn = (id: string, how: "prune" | "orphan", members: readonly Application[] = []): Declarer => ({
  ...{ id, applications: [] },
  ending: { name: "default/apps", how, members },
});
const madeBy = (id: string, ...names: readonly string[]) =>
  names.map((name) => parent(name, { declaration: { by: id, deletion: "orphan" } }));
const CLUSTER: Declarer = { id: "cluster", applications: [], tellsLeaving: true };

test("of a declaration of many that a person deletes all end as it says, however many, and then it has ended itself", () => {
  const fleet = fleetIn("cluster default/apps", "prune", named("a"));
  const judged = judge(madeBy(fleet.id, "a", "b", "c", "d"), [CLUSTER, fleet]);
  expect(leave(judged).map(([, how]) => how)).toEqual(["prune", "prune", "prune", "prune"]);
  expect(judged.ended).toEqual([]);
  expect(judge([], [CLUSTER, fleet]).ended).toMatchObject([{ name: "default/apps" }]);
  expect(judge([], [{ ...CLUSTER, pending: true }, fleet]).ended).toEqual([]);
});

test("what somebody else declares by now, or declared before, is not ended with it, and one that observes is held", () => {
  const observing = application("o", [], { sync: { observe: true } });
  const fleet = fleetIn("cluster default/apps", "prune", [...named("a", "f"), observing]);
  const parents = [...madeBy(fleet.id, "a", "o"), parent("f")];
  const judged = judge(parents, [files(["a"]), CLUSTER, fleet]);
  expect(leave(judged)).toEqual([["default/f", "prune"]]);
  expect(why(judged)).toContain("default/apps, which made it, is being deleted; spec.sync.observe is on");
  expect(judge([parent("f")], [files(["a"], { unsure: "cut" }), CLUSTER, fleet]).departures).toEqual([]);
});

test("an object that is deleted while it observes is held as a member of a fleet is, unless there is nothing of it or a person asks", () => {
  const observing = application("o", [], { sync: { observe: true }, deletion: "prune" });
  const cluster: Declarer = { ...CLUSTER, leaving: [observing] };
  const held = judge([parent("o")], [cluster]);
  expect([leave(held), why(held)]).toEqual([[], expect.stringContaining("spec.sync.observe is on")]);
  expect(leave(judge([], [cluster]))).toEqual([["default/o", "prune"]]);
  expect(leave(judge([parent("o", { asked: "prune" })], [cluster]))).toEqual([["default/o", "prune"]]);
  const early = judgeDepartures({ parents: [], isWhole: false, declarers: [cluster], known: new Map() });
  expect([leave(early), why(early)]).toEqual([[], ""]);
});

test("one that a pass may be making still ends too, though nothing of it is in the cluster yet", () => {
  const [member] = named("a");
  const fleet = fleetIn("cluster default/apps", "prune", named("a", "b"));
  const judged = judge([], [CLUSTER, fleet], new Map(member === undefined ? [] : [["default/a", member]]));
  expect([leave(judged), judged.ended]).toEqual([[["default/a", "prune"]], []]);
});

test("a declaration of many that is gone from the cluster counts as one object, and its members are let go of", () => {
  const parents = madeBy("cluster default/apps", "a", "b", "c", "d", "e");
  expect(leave(judge(parents, [CLUSTER])).map(([, how]) => how)).toEqual(Array(5).fill("orphan"));
  const four = ["v", "w", "x", "y"].map((name) => parent(name, { declaration: { by: "cluster", deletion: "orphan" } }));
  expect(why(judge([...parents, ...four], [CLUSTER]))).toContain("5 of 5 applications would end at once");
});
