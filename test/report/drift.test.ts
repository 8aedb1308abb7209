import { expect, test } from "vitest";
import type { ApplicationStatus, DriftEpisode } from "../../src/model/index.ts";
import { createReportStore, type DriftFilter, type ReportStore } from "../../src/report/index.ts";
import { change, deployment, drifted, episode, status } from "./statuses.ts";

const store = (): ReportStore => createReportStore({ now: () => 0 });
const at = (second: number): string => new Date(second * 1000).toISOString();

function withDrift(name: string, ...drift: DriftEpisode[]): ApplicationStatus {
  return status(name, { drift });
}

/** Every page of two items, as `application object path`. */
function paged(from: ReportStore, filter: DriftFilter): string[] {
  const seen: string[] = [];
  for (let next: string | undefined = ""; next !== undefined; ) {
    const page = from.drift({ ...filter, limit: 2, ...(next === "" ? {} : { continue: next }) });
    seen.push(...page.items.map((item) => `${item.application} ${item.ref.name} ${item.change.path}`));
    next = page.next;
  }
  return seen;
}

test("an episode is listed as the status has it, with its application and whether it is open", () => {
  const report = store();
  const one = episode({ count: 3, lastSeen: at(60) });
  report.put(withDrift("shop/web", one));
  expect(report.drift().items).toEqual([{ application: "shop/web", state: "open", ...one }]);
});

test("foreign fields are listed as what they are", () => {
  const report = store();
  report.put(drifted("shop/web", [change({ class: "pending" }), change({ path: "/spec/paused", class: "foreign" })]));
  expect(report.drift().items.map(({ change: field }) => [field.path, field.class])).toEqual([
    ["/spec/paused", "foreign"],
  ]);
  expect(report.drift({ class: "drift" }).total).toBe(0);
});

test("open drift is sorted by application, object and path, and paged", () => {
  const report = store();
  report.put(drifted("b/web"));
  const [z, a] = [deployment("z"), deployment("a")];
  report.put(
    withDrift(
      "a/web",
      episode({ ref: z, change: change({ path: "/b" }) }),
      episode({ ref: z, change: change({ path: "/a" }) }),
      episode({ ref: a }),
    ),
  );
  expect(paged(report, {})).toEqual(["a/web a /spec/replicas", "a/web z /a", "a/web z /b", "b/web web /spec/replicas"]);
});

test("drift is narrowed to one application, and to those that may be seen, whether it is open or has ended", () => {
  const report = store();
  const end = { how: "git", at: at(5) } as const;
  for (const name of ["a/web", "b/web"])
    report.put(withDrift(name, episode(), episode({ change: change({ path: "/x" }), end })));
  expect(report.drift({ application: "b/web", state: "all" }).total).toBe(2);
  const visible = (name: string) => name === "a/web";
  for (const state of ["open", "ended"] as const)
    expect(report.drift({ visible, state }).items.map(({ application }) => application)).toEqual(["a/web"]);
});

const ended = (path: string, second: number, over: Partial<DriftEpisode> = {}) =>
  episode({ change: change({ path }), end: { how: "healed", at: at(second), pass: second }, ...over });

test("what ended is kept after the status has forgotten it, the newest first, behind what is open", () => {
  const report = store();
  report.put(withDrift("a/web", ended("/1", 1), ended("/3", 3), episode()));
  report.put(withDrift("b/web", ended("/2", 2)));
  report.put(withDrift("a/web", episode()));
  expect(paged(report, { state: "all" })).toEqual([
    "a/web web /spec/replicas",
    "a/web web /3",
    "b/web web /2",
    "a/web web /1",
  ]);
  expect(report.drift({ state: "ended" }).items.every(({ state }) => state === "ended")).toBe(true);
});

test("an episode that goes on has not ended; one of the same field that began later is another", () => {
  const report = store();
  report.put(withDrift("a/web", ended("/1", 1)));
  report.put(withDrift("a/web", ended("/1", 1)));
  expect(report.drift({ state: "ended" }).total).toBe(1);
  report.put(withDrift("a/web", episode({ change: change({ path: "/1" }), count: 2 })));
  expect(report.drift({ state: "all" }).items).toMatchObject([{ state: "open", count: 2 }]);
  report.put(withDrift("a/web", ended("/1", 2, { count: 2 })));
  report.put(withDrift("a/web", ended("/1", 900, { firstSeen: at(899) })));
  expect(report.drift({ state: "ended" }).items.map(({ count }) => count)).toEqual([1, 2]);
});

test("of ended episodes an application's own oldest go first, then the fleet's; foreign ones are no history", () => {
  const report = createReportStore({ now: () => 0, endedDriftLimit: 4, endedDriftPerApplication: 3 });
  const foreign = ended("/f", 9, { change: change({ path: "/f", class: "foreign" }) });
  report.put(withDrift("a/web", ended("/1", 1), ended("/2", 2), ended("/3", 3), ended("/4", 4), foreign));
  const paths = () => report.drift({ state: "ended" }).items.map(({ change: field }) => field.path);
  expect(paths()).toEqual(["/4", "/3", "/2"]);
  report.put(withDrift("b/web", ended("/5", 5), ended("/6", 6)));
  expect(paths()).toEqual(["/6", "/5", "/4", "/3"]);
});

test("an application that is removed takes its drift with it", () => {
  const report = store();
  report.put(withDrift("a/web", episode(), ended("/1", 1)));
  report.remove("a/web");
  expect(report.drift({ state: "all" }).total).toBe(0);
});
