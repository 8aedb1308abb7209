import { expect, test } from "vitest";
import type { Comparison } from "../../src/diff/index.ts";
import {
  type Plan,
  PlumblineError,
  refKey,
  type SyncStatus,
  toProblem,
  type WithheldPrune,
} from "../../src/model/index.ts";
import { sourceStatus, syncVerdict } from "../../src/sync/status.ts";
import { Steps } from "../../src/sync/steps.ts";
import { joined } from "../../src/sync/triggers.ts";
import { application } from "./applications.ts";

const ref = (name: string) => ({ group: "", version: "v1", kind: "ConfigMap", namespace: "shop", name });
const step = (name: string, action: "none" | "prune" = "none") =>
  ({ ref: ref(name), action, stage: "config", wave: 0, reason: "", changes: [] }) as const;
const held = (guard: WithheldPrune["guard"]): WithheldPrune => ({ ref: ref("held"), guard, reason: "a guard says so" });

function verdict(
  statuses: readonly SyncStatus[],
  {
    prunes = 0,
    withheld = [],
    problems = [],
  }: { prunes?: number; withheld?: WithheldPrune[]; problems?: string[] } = {},
) {
  const names = statuses.map((_, i) => `o${i}`);
  const comparisons = new Map(
    statuses.map((status, i): [string, Comparison] => [
      refKey(ref(names[i] ?? "")),
      { status, changes: [], doubtful: false, owned: true, kept: undefined },
    ]),
  );
  const scope = { groupKinds: [], namespaces: [] };
  const plan: Plan = {
    application: "default/web",
    revision: "1",
    hash: "",
    setHash: "",
    steps: names.map((name) => step(name)),
    prunes: Array.from({ length: prunes }, (_, i) => step(`p${i}`, "prune")),
    withheld,
    inventory: { id: "i", parent: ref("parent"), before: scope, after: scope },
  };
  const all = problems.map((message) =>
    toProblem(new PlumblineError("PL-KUBE-INVALID", { message, where: "ConfigMap a" })),
  );
  return syncVerdict({ plan, comparisons, unconfirmed: new Map() }, all);
}

test.each<[readonly SyncStatus[], SyncStatus, string]>([
  [["Synced", "Synced"], "Synced", "2 objects are as Git has them"],
  [["Synced", "Pending"], "Pending", "Git is ahead in 1 of 2 objects"],
  [["Drifted", "Drifted", "Synced"], "Drifted", "the cluster moved in 2 of 3 objects"],
  [["Drifted", "Pending"], "Diverged", "Git is ahead in 1 of 2 objects; the cluster moved in 1 of 2 objects"],
  [["Diverged"], "Diverged", "Git is ahead in 1 of 1 objects; the cluster moved in 1 of 1 objects"],
])("objects that are %j make %s: %s", (statuses, status, message) => {
  expect(verdict(statuses)).toEqual({ status, message });
});

test("what is still to be deleted makes Git ahead, and what a guard holds back too, with its reason", () => {
  expect(verdict(["Synced"], { prunes: 2 })).toEqual({ status: "Pending", message: "2 to delete" });
  expect(verdict(["Synced"], { withheld: [held("limit")] })).toEqual({
    status: "Pending",
    message: "1 deletions held back: a guard says so",
  });
});

test("what the author wants to keep is no difference", () => {
  expect(verdict(["Synced"], { withheld: [held("policy")] }).status).toBe("Synced");
  expect(verdict(["Synced"], { withheld: [held("disabled")] }).status).toBe("Synced");
});

test("a problem is the sentence, and nothing that has one counts as Synced", () => {
  expect(verdict(["Synced"], { problems: ["no such field"] })).toEqual({
    status: "Unknown",
    message: "ConfigMap a: no such field",
  });
  expect(verdict(["Drifted"], { problems: ["no such field"] })).toEqual({
    status: "Drifted",
    message: "ConfigMap a: no such field",
  });
});

test("the source's status names what was asked for, and what came of it as far as it is known", () => {
  const web = application("web");
  expect(sourceStatus(web)).toEqual({
    repo: "https://git.example/apps.git",
    ref: "HEAD",
    path: ".",
  });
  const resolution = { revision: "abc", resolvedRef: "refs/heads/main", checkedAt: "1970-01-01T00:00:00.000Z" };
  const stale = {
    since: "1970-01-01T00:00:00.000Z",
    problem: toProblem(new PlumblineError("PL-GIT-TIMEOUT", { message: "" })),
  };
  const of = { resolution: { ...resolution, stale }, ahead: "def" };
  expect(sourceStatus(web, of)).toMatchObject({ revision: "abc", newest: "def", stale });
});

test("of two triggers the stronger names the pass, whichever came first", () => {
  expect(joined({ kind: "retry" }, { kind: "drift" })).toEqual({ kind: "drift" });
  expect(joined({ kind: "manual", by: "ann" }, { kind: "webhook" })).toEqual({ kind: "manual", by: "ann" });
  expect(joined({ kind: "manual", by: "ann" }, { kind: "manual", by: "bob" })).toEqual({ kind: "manual", by: "bob" });
});

test("what one of two triggers allows, their one pass is allowed", () => {
  const asked = { kind: "manual", by: "ann", allowPrune: true } as const;
  expect(joined(asked, { kind: "manual", by: "bob" })).toEqual({ kind: "manual", by: "bob", allowPrune: true });
  expect(joined({ kind: "commit" }, asked)).toEqual(asked);
});

test("a pass says what it does and waits for, and does no step once it is ended", async () => {
  const end = new AbortController();
  const steps = new Steps(end.signal);
  await steps.run("apply", () => steps.waitsFor("wave 1 waits"));
  expect(steps.doing).toBe("applying the plan: wave 1 waits");
  await steps.run("compare", () => undefined);
  expect(steps.doing).toBe("comparing Git with the cluster");
  end.abort(new Error("enough"));
  await expect(steps.run("plan", () => undefined)).rejects.toThrow("enough");
  expect(steps.current).toBe("compare");
});
