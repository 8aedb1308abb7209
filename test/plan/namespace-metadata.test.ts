import { expect, test } from "vitest";
import type { LiveObject, ManagedFieldsEntry } from "../../src/model/index.ts";
import { joinedRecord, planNamespaces } from "../../src/plan/index.ts";

const LABEL = "pod-security.kubernetes.io/enforce";
const OURS = "plumbline:team-a.shop";

const entry = (manager: string, operation: "Apply" | "Update", ...labels: readonly string[]): ManagedFieldsEntry => ({
  manager,
  operation,
  fieldsV1: { "f:metadata": { "f:labels": Object.fromEntries(labels.map((label) => [`f:${label}`, {}])) } },
});

const namespace = (
  labels: { [name: string]: string },
  ...managedFields: readonly ManagedFieldsEntry[]
): LiveObject => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: "shop", uid: "u", resourceVersion: "1", labels, managedFields },
});

interface Scene {
  readonly live?: LiveObject | undefined;
  readonly labels?: { [name: string]: string };
  readonly record?: string;
  readonly createNamespace?: boolean;
  readonly name?: string;
}

function planned({ live, labels = { [LABEL]: "restricted" }, record, createNamespace = false, name = "shop" }: Scene) {
  return planNamespaces({
    application: "team-a/shop",
    wanted: { name, labels, annotations: {} },
    createNamespace,
    live: new Map(live === undefined ? [] : [[live.metadata.name, live]]),
    record,
  });
}

const known = planned({}).namespaceRecord ?? "";

test("a namespace that is missing is made with its labels where createNamespace says so, and else left missing", () => {
  expect(planned({ createNamespace: true }).namespaces).toMatchObject([
    { action: "create", labels: { [LABEL]: "restricted" }, manager: OURS },
  ]);
  expect(planned({}).namespaces).toMatchObject([{ action: "none" }]);
});

test("one that is there gets what it lacks, and nothing is done where it has it, whoever put it there", () => {
  expect(planned({ live: namespace({}) }).namespaces).toMatchObject([
    { action: "update", class: "pending", reason: `spec.destination moved: ${LABEL}` },
  ]);
  const same = namespace({ [LABEL]: "restricted" }, entry("kubectl-label", "Update", LABEL));
  expect(planned({ live: same }).namespaces).toMatchObject([{ action: "none" }]);
});

test("what somebody changed by hand is drift once the declaration was applied, and is taken back", () => {
  const edited = namespace({ [LABEL]: "privileged" }, entry("kubectl-label", "Update", LABEL));
  expect(planned({ live: edited, record: known }).namespaces).toMatchObject([
    { action: "update", class: "drift", reason: `it moved in the cluster: ${LABEL}` },
  ]);
});

test("what another applies with another value is left and named, and the rest is put all the same", () => {
  const held = namespace({ [LABEL]: "baseline" }, entry("plumbline:team-b.other", "Apply", LABEL));
  const [plan] = planned({ live: held, labels: { [LABEL]: "restricted", team: "a" } }).namespaces;
  expect(plan).toMatchObject({ action: "update", labels: { team: "a" } });
  expect(plan?.conflicts).toEqual([
    `Namespace shop: ${LABEL} is wanted as restricted, and plumbline:team-b.other has it as baseline`,
  ]);
});

test("what the declaration drops is taken off, and only what is ours", () => {
  const live = namespace({ [LABEL]: "restricted", team: "a", other: "x" }, entry(OURS, "Apply", LABEL, "team"));
  expect(planned({ live }).namespaces).toMatchObject([
    { action: "update", labels: { [LABEL]: "restricted" }, reason: "spec.destination moved: team" },
  ]);
});

test("a destination that moved, or wants nothing any more, leaves nothing behind, by the parent's record", () => {
  const live = namespace({ [LABEL]: "restricted" }, entry(OURS, "Apply", LABEL));
  const moved = planned({ live, record: known, name: "other" });
  expect(moved.namespaces.map(({ name, action, labels }) => [name, action, labels])).toEqual([
    ["other", "none", { [LABEL]: "restricted" }],
    ["shop", "update", {}],
  ]);
  expect(moved.namespaceRecord).toMatch(/^other=/);
  expect(joinedRecord(known, moved.namespaceRecord)).toMatch(/^shop=.*,other=/);
  const none = { application: "team-a/shop", createNamespace: false, record: known };
  expect(planNamespaces({ ...none, live: new Map([["shop", live]]) })).toMatchObject({
    namespaces: [{ name: "shop", action: "update", labels: {} }],
  });
  expect(planNamespaces({ ...none, live: new Map() })).toEqual({ namespaces: [] });
});
