import { describe, expect, test } from "vitest";
import { type CompareInput, compare, printComparison } from "../../src/diff/index.ts";
import { APPLIED_ANNOTATION, type JsonObject, type KubeObject, type LiveObject, refOf } from "../../src/model/index.ts";
import { entryOf, live, stamped, web } from "./server.ts";
import { DEPLOYMENT, WIDGET } from "./small-schema.ts";

const NOW = Date.parse("2026-01-01T00:13:00Z");

function verdict(desired: KubeObject, there: LiveObject | undefined, more: Partial<CompareInput> = {}) {
  const manifestHash = desired.metadata.annotations?.[APPLIED_ANNOTATION] ?? "";
  return compare({ desired, manifestHash, live: there, schema: DEPLOYMENT, setApplied: true, ...more });
}

function picture(...args: Parameters<typeof verdict>): string {
  const comparison = verdict(...args);
  return `${comparison.status}\n${printComparison(refOf(args[0]), comparison, { now: NOW })}`;
}

const one = stamped(web({ replicas: 2 }), "one");
const REPLICAS = ["f:spec", "f:replicas"];
const scaled = stamped(web({ replicas: 5 }), "one");
const byKubectl = entryOf("kubectl-edit", { "f:spec": { "f:replicas": {} } });

describe("who moved", () => {
  test("a hand-edited replica count is drift, with the hand's name on it", () => {
    expect(picture(one, live(one, { now: scaled, lost: [REPLICAS], others: [byKubectl] }))).toBe(
      "Drifted\n~ Deployment shop/web\n    spec.replicas  2 -> 5   drift, by kubectl-edit 3m ago\n",
    );
  });

  test("false that is gone, and not ours any more, is for the server to tell: it may mean true by default", () => {
    const off = stamped(web({ spec: { paused: false } }), "one");
    const there = live(off, { now: one, lost: [["f:spec", "f:paused"]] });
    const asked = verdict(off, there);
    expect(asked.doubtful).toBe(true);
    const back: LiveObject = { ...there, ...off, metadata: there.metadata };
    expect(verdict(off, there, { dryRun: back })).toMatchObject({
      status: "Drifted",
      changes: [{ path: "/spec/paused", desired: false, class: "drift" }],
    });
    expect(verdict(off, there, { dryRun: there })).toMatchObject({ status: "Synced", changes: [] });
  });

  test("an empty value that others took out of a value owned as one is for the server to tell, too", () => {
    const tolerant = (toleration: JsonObject) =>
      stamped(web({ pod: { tolerations: [{ key: "a", ...toleration }] } }), "one");
    const lost = ["f:spec", "f:template", "f:spec", "f:tolerations"];
    const there = live(tolerant({ effect: "" }), { now: tolerant({}), lost: [lost] });
    expect(verdict(tolerant({ effect: "" }), there)).toMatchObject({ doubtful: true });
    expect(verdict(tolerant({ effect: "" }), live(tolerant({ effect: "" }), { now: tolerant({}) }))).toMatchObject({
      ...{ status: "Synced", doubtful: false },
    });
  });

  test("a field that kubectl scale took has an author without a time", () => {
    const { time, ...entry } = entryOf("kubectl", { "f:spec": { "f:replicas": {} } }, { subresource: "scale" });
    expect(time).toBeDefined();
    const [change] = verdict(one, live(one, { now: scaled, lost: [REPLICAS], others: [entry] })).changes;
    expect(change).toEqual({
      path: "/spec/replicas",
      pointer: "/spec/replicas",
      ...{ desired: 2, live: 5, class: "drift", manager: "kubectl", operation: "Update", subresource: "scale" },
    });
  });

  test("a new commit is pending", () => {
    expect(picture(stamped(web({ replicas: 3 }), "two"), live(one))).toBe(
      "Pending\n~ Deployment shop/web\n    spec.replicas  2 -> 3   pending\n",
    );
  });

  test("a commit over a hand edit of the same field is a conflict, where the base is known", () => {
    const there = live(one, { now: scaled, lost: [REPLICAS], others: [byKubectl] });
    expect(picture(stamped(web({ replicas: 3 }), "two"), there, { base: one })).toBe(
      "Diverged\n~ Deployment shop/web\n    spec.replicas  was 2, Git 3, live 5   conflict, by kubectl-edit 3m ago\n",
    );
  });

  test("a commit to another field leaves the hand edit drift and is itself pending", () => {
    const there = live(one, { now: scaled, lost: [REPLICAS], others: [byKubectl] });
    const { status, changes } = verdict(stamped(web({ replicas: 2, image: "nginx:2" }), "two"), there, { base: one });
    expect(status).toBe("Diverged");
    expect(changes.map(({ path, class: kind }) => `${path} ${kind}`)).toEqual([
      "/spec/replicas drift",
      "/spec/template/spec/containers[name=web]/image pending",
    ]);
  });

  test("without a base, a newer owner makes a conflict and an older one an adoption", () => {
    const two = stamped(web({ replicas: 3 }), "two");
    const older = { ...byKubectl, time: "2025-12-31T00:00:00Z" };
    const classes = [byKubectl, older].map((entry) => {
      return verdict(two, live(one, { now: scaled, lost: [REPLICAS], others: [entry] })).changes[0]?.class;
    });
    expect(classes).toEqual(["conflict", "pending"]);
  });

  test("a field new in Git that another has is taken over, pending", () => {
    const before = stamped(web(), "one");
    const now = stamped(web({ replicas: 5 }), "one");
    const { changes } = verdict(stamped(web({ replicas: 3 }), "two"), live(before, { now, others: [byKubectl] }), {
      base: before,
    });
    expect(changes).toMatchObject([{ path: "/spec/replicas", class: "pending", manager: "kubectl-edit" }]);
  });

  test("a field removed in Git is pending, with no wanted value", () => {
    const [change] = verdict(stamped(web(), "two"), live(one)).changes;
    expect(change).toMatchObject({ path: "/spec/replicas", live: 2, class: "pending" });
    expect(change).not.toHaveProperty("desired");
  });

  test("a field removed in Git that another shares stays, and is no change", () => {
    const { changes } = verdict(stamped(web(), "two"), live(one, { others: [byKubectl] }));
    expect(changes.filter(({ class: kind }) => kind !== "foreign").map(({ path }) => path)).toEqual([
      `/metadata/annotations/${APPLIED_ANNOTATION.replace("/", "~1")}`,
    ]);
  });

  test("a field that an edit deleted is drift of nobody", () => {
    const [change] = verdict(one, live(one, { now: stamped(web(), "one"), lost: [REPLICAS] })).changes;
    expect(change).toEqual({ path: "/spec/replicas", pointer: "/spec/replicas", desired: 2, class: "drift" });
  });

  test("an edit away and back is no drift, but is not remembered as clean either", () => {
    const found = verdict(one, live(one, { lost: [REPLICAS], others: [byKubectl] }));
    expect(found).toMatchObject({ status: "Synced", changes: [], kept: undefined });
  });

  test("an annotation of ours taken off is drift, and no new commit", () => {
    const there = live(one, { now: web({ replicas: 2 }), lost: [["f:metadata", "f:annotations"]] });
    expect(verdict(one, there).changes).toMatchObject([{ class: "drift", desired: "one" }]);
  });
});

describe("the whole object", () => {
  test("one that is missing was deleted where the set was applied, and is pending before", () => {
    expect(picture(one, undefined)).toBe("Drifted\n+ Deployment shop/web   drift, deleted in the cluster\n");
    expect(picture(one, undefined, { setApplied: false })).toBe("Pending\n+ Deployment shop/web   pending, new\n");
  });

  test("an object that is missing was deleted by somebody where it was applied before, though Git moved elsewhere", () => {
    const more = { setApplied: false, base: one };
    expect(picture(one, undefined, more)).toBe("Drifted\n+ Deployment shop/web   drift, deleted in the cluster\n");
    const two = stamped(web({ replicas: 3 }), "two");
    expect(picture(two, undefined, more)).toBe("Diverged\n+ Deployment shop/web   conflict, deleted in the cluster\n");
  });

  test("one that is being deleted is drift", () => {
    const there = live(one);
    const going = { ...there, metadata: { ...there.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } };
    expect(verdict(one, going)).toMatchObject({
      status: "Drifted",
      changes: [{ path: "/metadata/deletionTimestamp" }],
    });
  });

  test("one that is not ours yet is compared by value, and a dry run is asked", () => {
    const there = {
      ...live(one),
      metadata: { ...web().metadata, uid: "u", resourceVersion: "1" },
      spec: web({ replicas: 3 })["spec"],
    };
    const first = verdict(one, there);
    expect(first).toMatchObject({ owned: false, doubtful: true, doubts: ["/spec/replicas"], status: "Pending" });
    const second = verdict(one, there, { dryRun: live(one) });
    expect(second.doubtful).toBe(false);
    expect(second.changes.map(({ path }) => path)).toContain("/spec/replicas");
  });
});

describe("the server's spelling", () => {
  test("what is still ours and differs is nobody's edit: a dry run is asked, and settles it", () => {
    const list = (item: object) => stamped(web({ pod: { tolerations: [{ key: "a", ...item }] } }), "one");
    const desired = list({});
    const there = live(desired, { now: list({ effect: "NoExecute" }) });
    expect(verdict(desired, there)).toMatchObject({
      ...{ status: "Synced", changes: [], doubtful: true, kept: undefined },
      doubts: ["/spec/template/spec/tolerations"],
    });
    const settled = verdict(desired, there, { dryRun: there });
    expect(settled).toMatchObject({ status: "Synced", changes: [], doubtful: false });
    expect(settled.kept).toBeDefined();
    expect(settled).not.toHaveProperty("doubts");
    expect(verdict(desired, there, { dryRun: live(desired) })).toMatchObject({ status: "Drifted", doubtful: false });
  });

  test("quantities are compared as numbers", () => {
    const limits = (cpu: string | number, memory: string) =>
      web({ container: { resources: { limits: { cpu, memory } } } });
    const there = live(stamped(limits(1, "1Gi"), "one"));
    expect(verdict(stamped(limits("1000m", "1024Mi"), "one"), there)).toMatchObject({ changes: [], doubtful: false });
    expect(verdict(stamped(limits(0.5, "1Gi"), "two"), there).changes).toMatchObject([{ desired: 0.5, live: 1 }]);
  });

  test("empty values that a built-in kind leaves out are there", () => {
    const desired = stamped(web({ spec: { paused: false }, container: { env: [], stdin: false } }), "one");
    expect(verdict(desired, live(desired, { now: stamped(web(), "one") }))).toMatchObject({
      changes: [],
      doubtful: false,
    });
  });

  test("an empty value gone from a custom resource is asked about", () => {
    const widget = (spec: object) =>
      stamped({ ...web(), apiVersion: "example.com/v1", kind: "Widget", spec: { ...spec } }, "one");
    const there = live(widget({ on: false }), { now: widget({}), schema: WIDGET, lost: [["f:spec", "f:on"]] });
    expect(verdict(widget({ on: false }), there, { schema: WIDGET })).toMatchObject({
      status: "Drifted",
      doubtful: true,
      changes: [{ path: "/spec/on" }],
    });
  });
});
