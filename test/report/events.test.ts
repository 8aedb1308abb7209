import { describe, expect, test } from "vitest";
import type { ApplicationStatus } from "../../src/model/index.ts";
import { createReportStore } from "../../src/report/index.ts";
import { change, deployment, drifted, episode, outcome, pass, problem, resource, status, TIME } from "./statuses.ts";

/** The events of the last of these statuses, oldest first, as `Reason: message`. */
function eventsAfter(...statuses: ApplicationStatus[]): string[] {
  return eventsOf(statuses.slice(0, -1), statuses.slice(-1));
}

/** The events of all of them but the first. */
function allEvents(first: ApplicationStatus, ...rest: ApplicationStatus[]): string[] {
  return eventsOf([first], rest);
}

function eventsOf(before: readonly ApplicationStatus[], statuses: readonly ApplicationStatus[]): string[] {
  const store = createReportStore({ now: () => 0 });
  const told: string[] = [];
  for (const one of before) store.put(one);
  store.onEvent(({ type, reason, message, code }) => {
    told.push(`${type === "Warning" ? "! " : ""}${reason}: ${message}${code === undefined ? "" : ` [${code}]`}`);
  });
  for (const one of statuses) store.put(one);
  return told;
}

const web = status("shop/web");

test("nothing changed, nothing is told", () => {
  expect(eventsAfter(web, web)).toEqual([]);
});

test("drift is told with its path, its values and its author, once", () => {
  expect(eventsAfter(web, drifted("shop/web"))).toEqual(["! DriftFound: spec.replicas 2 -> 5, by kubectl-edit"]);
  expect(eventsAfter(web, drifted("shop/web"), drifted("shop/web"))).toEqual([]);
});

test("a deleted object is told as such", () => {
  const { live: _live, manager: _manager, ...deleted } = change({ path: "", desired: {} });
  expect(eventsAfter(web, drifted("shop/web", [deleted]))).toEqual([
    "! DriftFound: deleted, by nobody that the server remembers",
  ]);
});

test("a foreign field is no warning", () => {
  expect(eventsAfter(web, status("shop/web", { drift: [episode({ change: change({ class: "foreign" }) })] }))).toEqual([
    "ForeignField: spec.replicas 2 -> 5, by kubectl-edit",
  ]);
});

test("drift that our pass wrote away is healed; other drift is merely gone", () => {
  const healed = status("shop/web", {
    lastSync: pass(2, { trigger: "drift", outcomes: [outcome(deployment("web"))] }),
    resources: [resource(deployment("web"))],
    drift: [episode({ end: { how: "healed", at: TIME, pass: 2 } })],
  });
  expect(eventsAfter(drifted("shop/web"), healed)).toEqual([
    "Applied: 1 configured at bbbbbbbbbbbb (drift, 230 ms)",
    "Healed: spec.replicas is as Git wants it again",
    "Synced: 2 objects are as Git wants them",
  ]);
  const gone = (end: object) =>
    eventsAfter(drifted("shop/web"), status("shop/web", { drift: [episode({ end: { ...END, ...end } })] }))[0];
  const END = { how: "reverted", at: TIME } as const;
  expect(gone({})).toBe("DriftGone: spec.replicas differs no more, and not by our hand");
  expect(gone({ by: { manager: "ann" } })).toBe(
    "DriftGone: spec.replicas differs no more, and not by our hand: by ann",
  );
  expect(gone({ how: "git" })).toBe("DriftGone: spec.replicas differs no more: Git moved");
  expect(gone({ how: "left" })).toBe("DriftGone: spec.replicas is left alone now, and has not changed");
});

describe("a field that comes back again and again", () => {
  const fight = { times: 4, message: "ann has changed spec.replicas of Deployment shop/web 4 times within 5 minutes" };
  const rule = { path: "/spec/replicas", reason: "left to ann" };
  const end = { how: "healed", at: TIME, pass: 2 } as const;
  const open = (count: number) =>
    status("shop/web", { drift: [episode({ count, ...(count > 3 ? { fight: { ...fight, rule } } : {}) })] });
  const healed = (count: number) =>
    status("shop/web", { drift: [episode({ count, end, ...(count > 3 ? { fight: { ...fight, rule } } : {}) })] });

  test("is told when it begins, when it comes back first, once as a fight, and when it has been quiet", () => {
    const flaps = Array.from({ length: 20 }, (_unused, n) => [open(n + 1), healed(n + 1)]).flat();
    const told = allEvents(web, ...flaps, web);
    expect(told).toEqual([
      "! DriftFound: spec.replicas 2 -> 5, by kubectl-edit",
      "Healed: spec.replicas is as Git wants it again",
      "! DriftFound: spec.replicas 2 -> 5, by kubectl-edit; it came back",
      `! Fight: ${fight.message}`,
      "Healed: spec.replicas is as Git wants it again; it was found 20 times",
    ]);
  });

  test("is not told as healed by a pass after which it has come back already", () => {
    expect(eventsAfter(web, open(1), open(2))).toEqual([]);
  });
});

test("a pass tells what it pruned and which objects failed, each with its code", () => {
  const failing = problem({ code: "PL-KUBE-FORBIDDEN", message: "may not create", where: "Deployment shop/api" });
  const after = status("shop/web", {
    lastSync: pass(1, {
      outcomes: [
        outcome(deployment("old"), { outcome: "pruned" }),
        outcome(deployment("api"), { outcome: "failed", problem: failing }),
      ],
    }),
    problems: [failing],
  });
  expect(eventsAfter(web, after)).toEqual([
    "Pruned: removed in Git",
    "! Failed: may not create [PL-KUBE-FORBIDDEN]",
    "! PartlyApplied: 1 pruned, 1 failed at bbbbbbbbbbbb (commit, 230 ms)",
  ]);
});

test("a problem is told once, however its sentence moves, and so is its end", () => {
  const broken = status("shop/web", { problems: [problem()] });
  const still = status("shop/web", { problems: [problem({ message: "a tab, for 3m now" })] });
  expect(eventsAfter(web, broken)).toEqual([
    "! Failed: apps/web/deploy.yaml:14: a tab where YAML wants spaces [PL-YAML-TAB]",
  ]);
  expect(eventsAfter(web, broken, still)).toEqual([]);
  expect(eventsAfter(broken, web)).toEqual(["Recovered: nothing is wrong any more; it was PL-YAML-TAB"]);
});

test("a repository that goes away and comes back is told, with the revision that stays in force", () => {
  const reason = problem({ code: "PL-GIT-UNREACHABLE", message: "connection refused" });
  const stale = status("shop/web", {
    source: { ...web.source, stale: { since: "2026-01-01T00:00:00Z", problem: reason } },
  });
  expect(eventsAfter(web, stale)).toEqual([
    "! SourceStale: connection refused; aaaaaaaaaaaa stays in force [PL-GIT-UNREACHABLE]",
  ]);
  expect(eventsAfter(stale, web)).toEqual([
    "SourceBack: the repository answers again; it was away since 2026-01-01T00:00:00Z",
  ]);
});

test("a new revision is told with its author", () => {
  const source = { ...web.source, revision: "c".repeat(40), subject: "Scale up", author: "Ada <ada@example>" };
  expect(eventsAfter(web, status("shop/web", { source }))).toEqual([
    "Revision: main is at cccccccccccc: Scale up (Ada <ada@example>)",
  ]);
});

test("a verdict on health that changes is told, as a warning where it is bad", () => {
  const degraded = status("shop/web", { health: { status: "Degraded", message: "0/2 replicas available" } });
  expect(eventsAfter(web, degraded)).toEqual(["! HealthChanged: Healthy -> Degraded: 0/2 replicas available"]);
  expect(eventsAfter(degraded, web)).toEqual(["HealthChanged: Degraded -> Healthy: all objects are healthy"]);
});

test("many alike are told by the first twenty and a number", () => {
  const many = Array.from({ length: 50 }, (_, n) => change({ path: `/data/${n}` }));
  const told = eventsAfter(web, drifted("shop/web", many));
  expect([told.length, told.at(-1)]).toEqual([21, "! DriftFound: and 30 more of the same kind"]);
});

test("long values are cut", () => {
  const [told = ""] = eventsAfter(web, drifted("shop/web", [change({ live: "x".repeat(5000) })]));
  expect(told.length).toBeLessThan(200);
});
