import { expect, test } from "vitest";
import type { Comparison } from "../../src/diff/index.ts";
import {
  type Action,
  type Inventory,
  type Plan,
  type PlanStep,
  PlumblineError,
  refKey,
  type StageName,
  type SyncStatus,
  toProblem,
} from "../../src/model/index.ts";
import { hasWork, permissionOf, permittedPlan } from "../../src/sync/policy.ts";

const POLICY = {
  auto: true,
  prune: true,
  selfHeal: true,
  observe: false,
  interval: "60s",
  timeout: "5m",
  pruneLimit: 50,
  adopt: "unclaimed",
} as const;
const ref = (name: string) => ({ group: "", version: "v1", kind: "ConfigMap", namespace: "shop", name });

function step(name: string, action: Action, stage: StageName = "config"): PlanStep {
  return { ref: ref(name), action, stage, wave: 0, reason: "", changes: [] };
}

const failing = (name: string, stage: StageName): PlanStep => ({
  ...step(name, "update", stage),
  problem: toProblem(new PlumblineError("PL-KUBE-INVALID", { message: "no" })),
});

function plan(
  steps: readonly PlanStep[],
  { prunes = [], ...inventory }: { prunes?: readonly PlanStep[] } & Partial<Inventory> = {},
): Plan {
  const scope = { groupKinds: ["ConfigMap"], namespaces: ["shop"] };
  return {
    application: "a/b",
    revision: "1",
    hash: "h",
    setHash: "new",
    steps,
    prunes,
    withheld: [],
    inventory: {
      id: "i",
      parent: ref("parent"),
      before: { ...scope, namespaces: ["old", "shop"] },
      after: scope,
      current: { ...scope, appliedSet: "new" },
      ...inventory,
    },
  };
}

const verdicts = (all: { readonly [name: string]: SyncStatus }) =>
  new Map(
    Object.entries(all).map(([name, status]): [string, Comparison] => [
      refKey(ref(name)),
      { status, changes: [], doubtful: false, owned: true, kept: undefined },
    ]),
  );
const actions = ({ steps }: Plan) => steps.map(({ action }) => action);

test("the policy says what may be written, a person may do everything, and observe mode nothing", () => {
  expect(permissionOf({ ...POLICY, auto: false }, false)).toEqual({ follow: false, heal: true });
  expect(permissionOf({ ...POLICY, selfHeal: false }, false)).toEqual({ follow: true, heal: false });
  expect(permissionOf({ ...POLICY, auto: false, selfHeal: false }, true)).toEqual({ follow: true, heal: true });
  expect(permissionOf({ ...POLICY, observe: true }, true)).toEqual({ follow: false, heal: false });
});

const both = plan([step("drifted", "update"), step("pending", "update")], { prunes: [step("old", "prune")] });
const comparisons = verdicts({ drifted: "Drifted", pending: "Pending" });

test("with auto off drift is healed, and what Git is ahead with waits, deletions too", () => {
  const permitted = permittedPlan(both, { follow: false, heal: true }, comparisons);
  expect(actions(permitted)).toEqual(["update", "none"]);
  expect(permitted.prunes).toEqual([]);
});

test("with selfHeal off Git is followed, and drift is left", () => {
  expect(actions(permittedPlan(both, { follow: true, heal: false }, comparisons))).toEqual(["none", "update"]);
});

test("a restricted plan never narrows the inventory, and claims no applied set but the one that was", () => {
  const permitted = permittedPlan({ ...both, setHash: "newer" }, { follow: true, heal: false }, comparisons);
  expect(permitted.inventory.after).toEqual(permitted.inventory.before);
  expect(permitted.setHash).toBe("new");
});

test("a plan that the restriction does not touch is whole", () => {
  const pending = plan([step("pending", "update")]);
  expect(permittedPlan(pending, { follow: true, heal: false }, comparisons)).toBe(pending);
});

test("nothing but unchanged objects under a parent that says so is no work; a parent that is behind is", () => {
  expect(hasWork(plan([step("a", "none")]))).toBe(false);
  expect(hasWork({ ...plan([step("a", "none")]), setHash: "newer" })).toBe(true);
  expect(hasWork(plan([step("a", "create")]))).toBe(true);
  expect(hasWork(plan([step("a", "none")], { prunes: [step("old", "prune")] }))).toBe(true);
});

test("behind a step that fails nothing is sent, so that is no work; beside it and before it is", () => {
  expect(hasWork(plan([failing("bad", "config"), step("later", "create", "workloads")]))).toBe(false);
  expect(hasWork(plan([failing("bad", "config"), step("beside", "create")]))).toBe(true);
  expect(hasWork(plan([step("before", "create"), failing("bad", "workloads")]))).toBe(true);
});

test("an object whose drift must wait is left, and no other; a commit to it is followed all the same", () => {
  const drift = plan([step("fought", "update"), step("sibling", "update"), step("pending", "update")]);
  const known = verdicts({ fought: "Drifted", sibling: "Drifted", pending: "Pending" });
  const held = new Set([refKey(ref("fought")), refKey(ref("pending"))]);
  const permitted = permittedPlan(drift, { follow: true, heal: true, held }, known);
  expect(actions(permitted)).toEqual(["none", "update", "update"]);
  expect(permitted.inventory.after).toEqual(permitted.inventory.before);
  expect(permittedPlan(drift, { follow: true, heal: true, held: new Set() }, known)).toBe(drift);
});

test("an inventory that somebody deleted is work for a whole plan, and none for a restricted one", () => {
  const { current: _, ...lost } = both.inventory;
  const synced = { ...plan([step("a", "none")]), inventory: lost };
  expect(hasWork(synced)).toBe(true);
  const restricted = permittedPlan({ ...both, inventory: lost }, { follow: false, heal: false }, comparisons);
  expect(hasWork(restricted)).toBe(false);
});

test("a restricted plan over a parent that claims no set has nothing to write again and again", () => {
  const scope = { groupKinds: ["ConfigMap"], namespaces: ["shop"] };
  const partly = plan([step("pending", "update")], { before: scope, after: scope, current: scope });
  expect(hasWork(permittedPlan(partly, { follow: false, heal: true }, comparisons))).toBe(false);
});

test("a restricted plan leaves the revision of the last whole pass on the parent", () => {
  const current = { groupKinds: ["ConfigMap"], namespaces: ["shop"], appliedSet: "old", appliedRevision: "0" };
  const permitted = permittedPlan(
    { ...both, inventory: { ...both.inventory, current } },
    { follow: true, heal: false },
    comparisons,
  );
  expect(permitted).toMatchObject({ setHash: "old", revision: "0" });
});
