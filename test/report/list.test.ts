import { expect, test } from "vitest";
import type { ApplicationStatus } from "../../src/model/index.ts";
import { createReportStore, type Page, type ReportStore, summaryView } from "../../src/report/index.ts";
import { change, drifted, episode, status, TIME } from "./statuses.ts";

function storeOf(names: readonly string[]): ReportStore {
  const store = createReportStore({ now: () => 0 });
  for (const name of names) store.put(status(name));
  return store;
}

function namesOf(page: Page<ApplicationStatus>): string[] {
  return page.items.map(({ namespace, name }) => `${namespace}/${name}`);
}

test("applications are sorted by namespace first, then by name", () => {
  const store = storeOf(["b/a", "a-b/x", "a/z", "a/b"]);
  expect(namesOf(store.list())).toEqual(["a/b", "a/z", "a-b/x", "b/a"]);
});

test("pages follow each other without a gap, and the last has no token", () => {
  const store = storeOf(["a/1", "a/2", "a/3", "a/4", "a/5"]);
  const first = store.list({ limit: 2 });
  const second = store.list({ limit: 2, continue: first.next ?? "" });
  const third = store.list({ limit: 2, continue: second.next ?? "" });
  expect([first, second, third].map(namesOf)).toEqual([["a/1", "a/2"], ["a/3", "a/4"], ["a/5"]]);
  expect([first.total, third.next]).toEqual([5, undefined]);
});

test("a page that ends with the last item has no token", () => {
  expect(storeOf(["a/1", "a/2"]).list({ limit: 2 }).next).toBeUndefined();
});

test("what comes and goes between two pages moves nothing else", () => {
  const store = storeOf(["a/1", "a/2", "a/3", "a/4"]);
  const { next = "" } = store.list({ limit: 2 });
  store.remove("a/2");
  store.remove("a/1");
  store.put(status("a/0"));
  store.put(status("a/25"));
  expect(namesOf(store.list({ limit: 2, continue: next }))).toEqual(["a/25", "a/3"]);
});

test("a token that no page gave is refused with a code", () => {
  const refused = expect.objectContaining({ code: "PL-API-BAD-REQUEST", where: "continue" });
  for (const token of ["nonsense", "", "e30", "WzFd"]) {
    expect(() => storeOf(["a/1"]).list({ continue: token })).toThrow(refused);
  }
});

test("filters narrow the list and its total", () => {
  const store = storeOf(["a/1", "b/1"]);
  store.put(drifted("a/2"));
  store.put(status("a/3", { health: { status: "Degraded", message: "0/2" } }));
  expect(namesOf(store.list({ sync: "Drifted" }))).toEqual(["a/2"]);
  expect(namesOf(store.list({ health: "Degraded" }))).toEqual(["a/3"]);
  expect(namesOf(store.list({ namespace: "b" }))).toEqual(["b/1"]);
  expect(store.list({ visible: (name) => name.startsWith("a/"), limit: 1 }).total).toBe(3);
});

test("a summary counts what the status spells out", () => {
  const changes = [change(), change({ path: "/x", class: "foreign" }), change({ path: "/y", class: "pending" })];
  const summary = summaryView({ ...drifted("a/1", changes), waiting: "for a/db" }, 0);
  expect(summary).toMatchObject({
    objects: 1,
    changes: { drift: 1, pending: 1, conflict: 0, foreign: 1 },
    stale: false,
    waiting: "for a/db",
  });
  expect(summary).not.toHaveProperty("resources");
});

test("a listener hears of each change until it stops listening", () => {
  const store = storeOf([]);
  const heard: unknown[] = [];
  const stop = store.onChange((name, now) => heard.push([name, now?.sync.status]));
  store.put(status("a/1"));
  store.remove("a/1");
  store.remove("a/1");
  stop();
  store.put(status("a/2"));
  expect(heard).toEqual([
    ["a/1", "Synced"],
    ["a/1", undefined],
  ]);
});

test("the fleet is counted by its verdicts", () => {
  const store = storeOf(["a/1", "a/2"]);
  store.put(drifted("a/3", [change(), change({ path: "/y", class: "conflict" })]));
  const said = { reason: "x", by: "ann", at: TIME };
  store.put(status("a/1", { pin: { revision: "1.2.3", ...said }, suspended: said }));
  store.put(status("a/4", { drift: [episode({ change: change({ class: "foreign" }) })] }));
  expect(store.fleet()).toEqual({
    applications: [
      { sync: "Synced", health: "Healthy", count: 3 },
      { sync: "Drifted", health: "Healthy", count: 1 },
    ],
    driftedApplications: 1,
    fields: { drift: 1, conflict: 1, foreign: 1 },
    fights: 0,
    awaitingApproval: 0,
    pinned: 1,
    suspended: 1,
    stale: 0,
    latestMs: 0,
  });
});
