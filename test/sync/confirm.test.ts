import { expect, test } from "vitest";
import { PlumblineError, toProblem } from "../../src/model/index.ts";
import { unconfirmedSentence } from "../../src/sync/confirm.ts";
import { StandingProblems } from "../../src/sync/standing-problems.ts";

const DEPLOYMENT = { group: "apps", version: "v1", kind: "Deployment", namespace: "shop", name: "web" };
const forbidden = toProblem(new PlumblineError("PL-KUBE-FORBIDDEN", { message: "no" }));

test("what could not be confirmed names the right that is missing and the first three fields", () => {
  const doubts = ["/spec/a", "/spec/b", "/spec/c", "/spec/d", "/spec/e"];
  expect(unconfirmedSentence(forbidden, doubts, DEPLOYMENT)).toBe(
    "the server was not asked (patch of Deployment.apps is forbidden): /spec/a, /spec/b, /spec/c and 2 more may be the server's own spelling",
  );
});

test("a dry run that was refused for another reason is named by its code and message", () => {
  const invalid = toProblem(new PlumblineError("PL-KUBE-INVALID", { message: "spec.replicas: not a number" }));
  expect(unconfirmedSentence(invalid, ["/spec/replicas"], DEPLOYMENT)).toBe(
    "the server does not say (PL-KUBE-INVALID: spec.replicas: not a number): /spec/replicas may be the server's own spelling",
  );
});

test("a problem stands until its time, and those whose time is over are forgotten", () => {
  const standing = new StandingProblems();
  standing.note("a", forbidden, { until: 10, now: 0 });
  expect(standing.recall("a", 9)).toBe(forbidden);
  expect(standing.recall("a", 10)).toBeUndefined();
  expect(standing.recall("b", 0)).toBeUndefined();
  standing.note("b", forbidden, { until: 20, now: 10 });
  expect(standing.recall("a", 0)).toBeUndefined();
  expect(standing.recall("b", 19)).toBe(forbidden);
});
