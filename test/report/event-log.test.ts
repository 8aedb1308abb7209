import { expect, test } from "vitest";
import { createReportStore } from "../../src/report/index.ts";

function storeWith(options: { eventLimit: number; eventsPerApplication: number }) {
  const store = createReportStore({ now: () => 0, ...options });
  const tell = (application: string, count = 1) => {
    for (let n = 0; n < count; n++) store.event({ application, type: "Normal", reason: "Told", message: String(n) });
  };
  return { store, tell };
}

test("a noisy application drops its own oldest events, not those of a quiet one", () => {
  const { store, tell } = storeWith({ eventLimit: 10, eventsPerApplication: 3 });
  tell("a/quiet");
  tell("a/noisy", 1000);
  expect(store.events({ application: "a/quiet" }).total).toBe(1);
  expect(store.events({ application: "a/noisy" }).items.map(({ id }) => id)).toEqual([1001, 1000, 999]);
});

test("the fleet's oldest event goes when there are too many in all", () => {
  const { store, tell } = storeWith({ eventLimit: 4, eventsPerApplication: 3 });
  for (let n = 0; n < 500; n++) tell(`a/${n}`);
  expect(store.events().items.map(({ application }) => application)).toEqual(["a/499", "a/498", "a/497", "a/496"]);
  expect(store.events({ application: "a/1" }).total).toBe(0);
});

test("events are paged from the newest, and new ones do not move the next page", () => {
  const { store, tell } = storeWith({ eventLimit: 100, eventsPerApplication: 100 });
  tell("a/b", 12);
  const first = store.events({ application: "a/b", limit: 5 });
  tell("a/b", 3);
  const second = store.events({ application: "a/b", limit: 5, continue: first.next ?? "" });
  expect([first, second].map(({ items }) => items.map(({ id }) => id))).toEqual([
    [12, 11, 10, 9, 8],
    [7, 6, 5, 4, 3],
  ]);
});

test("a million events of ten thousand applications leave ten thousand, in a few seconds", () => {
  const store = createReportStore({ now: () => 0 });
  for (let n = 0; n < 1_000_000; n++) {
    store.event({ application: `a/${n % 10_000}`, type: "Normal", reason: "Told", message: "" });
  }
  expect(store.events({ limit: 1 })).toMatchObject({ total: 10_000, items: [{ id: 1_000_000 }] });
});
