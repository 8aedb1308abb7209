import { expect, test } from "vitest";
import { createReportStore } from "../../src/report/index.ts";
import { change, deployment, drifted, resource, status } from "./statuses.ts";

function clockedStore() {
  const clock = { ms: 0 };
  return { clock, store: createReportStore({ now: () => clock.ms }) };
}

test("a field keeps the time when it was first seen while it stays drifted, whatever its value or author", () => {
  const { clock, store } = clockedStore();
  store.put(drifted("shop/web"));
  clock.ms = 60_000;
  store.put(drifted("shop/web", [change({ live: 7, manager: "kubectl-patch", class: "conflict" })]));
  expect(store.drift().items).toMatchObject([
    { firstSeen: "1970-01-01T00:00:00.000Z", change: { live: 7, class: "conflict" } },
  ]);
});

test("a field that was healed and drifts again is a new episode", () => {
  const { clock, store } = clockedStore();
  store.put(drifted("shop/web"));
  store.put(status("shop/web"));
  expect(store.drift().total).toBe(0);
  clock.ms = 60_000;
  store.put(drifted("shop/web"));
  expect(store.drift().items[0]?.firstSeen).toBe("1970-01-01T00:01:00.000Z");
});

test("pending changes are no drift; foreign fields are listed as what they are", () => {
  const { store } = clockedStore();
  store.put(drifted("shop/web", [change({ class: "pending" }), change({ path: "/spec/paused", class: "foreign" })]));
  expect(store.drift().items.map(({ change: field }) => [field.path, field.class])).toEqual([
    ["/spec/paused", "foreign"],
  ]);
  expect(store.drift({ class: "drift" }).total).toBe(0);
});

test("drift is sorted by application, object and path, and paged", () => {
  const { store } = clockedStore();
  store.put(drifted("b/web"));
  store.put(
    status("a/web", {
      resources: [
        resource(deployment("z"), [change({ path: "/b" }), change({ path: "/a" })]),
        resource(deployment("a"), [change()]),
      ],
    }),
  );
  const seen: string[] = [];
  for (let next: string | undefined = ""; next !== undefined; ) {
    const page = store.drift({ limit: 2, ...(next === "" ? {} : { continue: next }) });
    seen.push(...page.items.map((item) => `${item.application} ${item.ref.name} ${item.change.path}`));
    next = page.next;
  }
  expect(seen).toEqual(["a/web a /spec/replicas", "a/web z /a", "a/web z /b", "b/web web /spec/replicas"]);
});

test("drift is narrowed to one application, and to those that may be seen", () => {
  const { store } = clockedStore();
  store.put(drifted("a/web"));
  store.put(drifted("b/web"));
  expect(store.drift({ application: "b/web" }).total).toBe(1);
  expect(store.drift({ visible: (name) => name === "a/web" }).items.map(({ application }) => application)).toEqual([
    "a/web",
  ]);
});

test("an application that is removed takes its drift with it", () => {
  const { store } = clockedStore();
  store.put(drifted("a/web"));
  store.remove("a/web");
  expect(store.drift().total).toBe(0);
});
