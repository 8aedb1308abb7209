import { expect, test } from "vitest";
import { type ErrorCode, PlumblineError, type StepOutcome, toProblem } from "../../src/model/index.ts";
import { firstStatus, passStatus, resultOf, suspendedStatus, whileRunning, withPass } from "../../src/sync/record.ts";
import { application, status } from "./applications.ts";

const outcome = (name: string, done: StepOutcome["outcome"]): StepOutcome => ({
  ref: { group: "", version: "v1", kind: "ConfigMap", namespace: "shop", name },
  action: "update",
  stage: "config",
  outcome: done,
  warnings: [],
  durationMs: 1,
});
const pass = (id: number, outcomes: readonly StepOutcome[], result: object = {}) =>
  passStatus({
    id,
    trigger: { kind: "commit" },
    startedAt: 1000,
    finishedAt: 1250,
    result: { status: status("web"), outcomes, ...result },
  });

test("a pass is told with its times and revision, and of its steps only those that did something", () => {
  const web = status("web");
  const result = { status: { ...web, source: { ...web.source, revision: "abc" } } };
  expect(pass(7, [outcome("a", "unchanged"), outcome("b", "configured")], result)).toEqual({
    id: 7,
    trigger: "commit",
    startedAt: "1970-01-01T00:00:01.000Z",
    finishedAt: "1970-01-01T00:00:01.250Z",
    durationMs: 250,
    revision: "abc",
    outcomes: [outcome("b", "configured")],
  });
});

test("the last sync is the last pass that wrote, however many looked since", () => {
  const wrote = withPass(undefined, { status: status("web"), pass: pass(1, [outcome("a", "created")]), nextPassAt: 0 });
  const looked = withPass(wrote, { status: status("web"), pass: pass(2, []), nextPassAt: 5000 });
  expect([looked.lastPass?.id, looked.lastSync?.id]).toEqual([2, 1]);
  expect(looked.nextPassAt).toBe("1970-01-01T00:00:05.000Z");
});

test("while a pass runs its findings stand beside the passes that ended", () => {
  const before = withPass(undefined, { status: status("web"), pass: pass(1, []), nextPassAt: 0 });
  const found = { ...status("web"), waiting: "wave 1 waits" };
  expect(whileRunning(before, found)).toMatchObject({ waiting: "wave 1 waits", lastPass: { id: 1 } });
  expect(whileRunning(undefined, found)).toEqual(found);
});

test("an application that is suspended keeps what was known and says why nothing is added, without a next pass", () => {
  const known = withPass(undefined, { status: status("web"), pass: pass(1, []), nextPassAt: 0 });
  const resting = suspendedStatus(application("web", [], { suspend: true }), known);
  expect(resting).toMatchObject({ sync: { status: "Synced" }, waiting: "suspended by spec.suspend" });
  expect(resting.nextPassAt).toBeUndefined();
  expect(suspendedStatus(application("web", [], { suspend: true }), undefined).sync).toEqual({
    status: "Unknown",
    message: "suspended by spec.suspend",
  });
});

test("before the first pass nothing is known, and it says so", () => {
  expect(firstStatus(application("web"))).toMatchObject({
    sync: { status: "Unknown", message: "not looked at yet" },
    source: { repo: "https://git.example/apps.git", ref: "HEAD", path: "." },
  });
});

test("a pass that was cancelled, or made way for a newer one or another replica, did not fail", () => {
  const problem = (code: ErrorCode) => toProblem(new PlumblineError(code, { message: "" }));
  expect(
    [
      ...[undefined, problem("PL-PASS-CANCELLED"), problem("PL-FENCED")],
      ...[problem("PL-PASS-SUPERSEDED"), problem("PL-APPLY-TIMEOUT")],
    ].map(resultOf),
  ).toEqual(["ok", "cancelled", "cancelled", "superseded", "failed"]);
});
