import { expect, test } from "vitest";
import { type Application, PlumblineError, type Problem, toProblem } from "../../src/model/index.ts";
import { blockedBy, dependentsOf } from "../../src/sync/dependencies.ts";
import { intervalOf, nextPassIn, timeoutOf } from "../../src/sync/schedule.ts";
import { application, status } from "./applications.ts";

const problem = (code: "PL-KUBE-UNREACHABLE" | "PL-YAML-TAB"): Problem =>
  toProblem(new PlumblineError(code, { message: "m" }));
const next = (rest: Partial<Parameters<typeof nextPassIn>[0]>) =>
  nextPassIn({
    spec: application("a").spec,
    problem: undefined,
    again: undefined,
    failures: 0,
    jitter: 0.1,
    random: () => 0.5,
    ...rest,
  });

test("the next pass is an interval away, moved by the jitter to either side", () => {
  expect(next({})).toBe(60_000);
  expect(next({ random: () => 0 })).toBe(54_000);
  expect(next({ random: () => 1 })).toBe(66_000);
});

test("what may pass by itself is tried again with backoff, never later than the interval", () => {
  const waits = [1, 2, 3, 20].map((failures) =>
    next({ problem: problem("PL-KUBE-UNREACHABLE"), failures, random: () => 1 }),
  );
  expect(waits).toEqual([1000, 2000, 4000, 66_000]);
});

test("what only a new revision mends waits for the interval", () => {
  expect(next({ problem: problem("PL-YAML-TAB"), failures: 3 })).toBe(60_000);
});

test("a pass that knows when to look again is heard, within the interval", () => {
  expect(next({ again: 5000 })).toBe(5000);
  expect(next({ again: 500_000 })).toBe(60_000);
  expect(next({ again: 10_000, problem: problem("PL-KUBE-UNREACHABLE"), failures: 1, random: () => 1 })).toBe(1000);
});

test("no interval and no deadline is below a second", () => {
  const { spec } = application("a");
  const hasty = { ...spec, sync: { ...spec.sync, interval: "1ms", timeout: "0s" } };
  expect([intervalOf(hasty), timeoutOf(hasty)]).toEqual([1000, 1000]);
});

test("no wait is longer than a timer can be, which would go off at once", () => {
  const { spec } = application("a");
  const patient = { ...spec, sync: { ...spec.sync, interval: "9999h", timeout: "9999h" } };
  const longest = 2 ** 31 - 1;
  expect([intervalOf(patient), timeoutOf(patient), next({ spec: patient, random: () => 1 })]).toEqual([
    longest,
    longest,
    longest,
  ]);
});

const fleet = (...applications: Application[]) => {
  const byName = new Map(applications.map((one) => [`default/${one.metadata.name}`, one]));
  return {
    application: (name: string) => byName.get(name),
    status: (name: string) => (byName.has(name) ? status(name) : undefined),
  };
};

test("an application waits for one that is missing, not looked at, not in sync or not healthy, and says which and why", () => {
  const web = application("web", ["db"]);
  const db = application("db");
  const with_ = (at: ReturnType<typeof status> | undefined) => blockedBy(web, { ...fleet(web, db), status: () => at });
  expect(blockedBy(web, fleet(web))).toBe("waits for application default/db, which does not exist");
  expect(with_(undefined)).toBe("waits for application default/db, which was not looked at yet");
  expect(with_({ ...status("db"), sync: { status: "Pending", message: "Git is ahead" } })).toBe(
    "waits for application default/db: Pending, Git is ahead",
  );
  expect(with_({ ...status("db"), health: { status: "Progressing", message: "0/1" } })).toBe(
    "waits for application default/db: Progressing, 0/1",
  );
  expect(with_(status("db"))).toBeUndefined();
  expect(with_({ ...status("db"), health: { status: "Suspended", message: "paused" } })).toBeUndefined();
});

test("dependencies that form a circle are named in full, and one that only leads to a circle is not blamed for it", () => {
  const [a, b, c, d] = [
    application("a", ["b"]),
    application("b", ["c"]),
    application("c", ["a"]),
    application("d", ["a"]),
  ];
  expect(blockedBy(a, fleet(a, b, c, d))).toBe(
    "its dependencies form a circle: default/a -> default/b -> default/c -> default/a",
  );
  expect(blockedBy(d, fleet(a, b, c, d))).toBeUndefined();
});

test("who depends on an application is known by its name", () => {
  expect(dependentsOf([application("a", ["c"]), application("b", ["c"]), application("c")])).toEqual(
    new Map([["default/c", ["default/a", "default/b"]]]),
  );
});
