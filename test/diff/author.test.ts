import { describe, expect, test } from "vitest";
import { compare, fieldAuthor } from "../../src/diff/index.ts";
import {
  APPLIED_ANNOTATION,
  FIELD_MANAGER,
  type FieldChange,
  formatAuthor,
  type KubeObject,
  type LiveObject,
  type ManagedFieldsEntry,
} from "../../src/model/index.ts";
import { entryOf, live, stamped, web } from "./server.ts";
import { DEPLOYMENT } from "./small-schema.ts";

const one = stamped(web({ replicas: 2 }), "one");
const scaled = stamped(web({ replicas: 5 }), "one");
const REPLICAS = ["f:spec", "f:replicas"];
const REPLICAS_FIELD = { "f:spec": { "f:replicas": {} } };
const NEWER = "2026-01-01T00:20:00Z";

function changeOf(there: LiveObject, desired: KubeObject = one): FieldChange {
  const manifestHash = desired.metadata.annotations?.[APPLIED_ANNOTATION] ?? "";
  const [change] = compare({ desired, manifestHash, live: there, schema: DEPLOYMENT, setApplied: true }).changes;
  if (change === undefined) throw new Error("no change");
  return change;
}

/** Replicas went from our 2 to 5, and these have them now. */
const taken = (...others: readonly ManagedFieldsEntry[]) =>
  changeOf(live(one, { now: scaled, lost: [REPLICAS], others }));
/** Replicas were removed, and these wrote the object. */
const removed = (...others: readonly ManagedFieldsEntry[]) =>
  changeOf(live(one, { now: stamped(web(), "one"), lost: [REPLICAS], others }));

describe("the author of a field that several have", () => {
  test("is the one that wrote last; the others are named as co-owners, the newest first", () => {
    const helm = entryOf("helm", REPLICAS_FIELD, { operation: "Apply", time: "2026-01-01T00:05:00Z" });
    const flux = entryOf("flux", REPLICAS_FIELD, { operation: "Apply", time: "2026-01-01T00:07:00Z" });
    const change = taken(helm, entryOf("ann", REPLICAS_FIELD, { time: NEWER }), flux);
    expect(change).toMatchObject({ manager: "ann", operation: "Update", time: NEWER });
    expect(change.coOwners?.map(({ manager }) => manager)).toEqual(["flux", "helm"]);
    expect(formatAuthor(change)).toBe("by ann, flux and helm");
  });

  test("is told before one that came through /scale, for which the server keeps no time", () => {
    const { time: _, ...scale } = entryOf("kubectl", REPLICAS_FIELD, { subresource: "scale" });
    const change = taken(scale, entryOf("ann", REPLICAS_FIELD));
    expect(change).toMatchObject({ manager: "ann", coOwners: [{ manager: "kubectl", subresource: "scale" }] });
    expect(formatAuthor(taken(scale))).toBe("by kubectl through scale");
    expect(taken(scale)).not.toHaveProperty("time");
  });

  test("is named with at most eight others", () => {
    const many = Array.from({ length: 500 }, (_unused, n) => entryOf(`m${n}`, REPLICAS_FIELD));
    expect(taken(...many).coOwners).toHaveLength(8);
  });

  test("is told of a field that Git does not mention, too", () => {
    const paused = { "f:spec": { "f:paused": {} } };
    const others = [entryOf("ann", paused, { time: NEWER }), entryOf("bob", paused)];
    const change = changeOf(live(one, { now: stamped(web({ replicas: 2, spec: { paused: true } }), "one"), others }));
    expect(change).toMatchObject({ class: "foreign", manager: "ann", coOwners: [{ manager: "bob" }] });
  });
});

describe("our own name", () => {
  test("with operation Update, or through a subresource, is somebody else", () => {
    const update = taken(entryOf(FIELD_MANAGER, REPLICAS_FIELD));
    expect(update).toMatchObject({ class: "drift", manager: FIELD_MANAGER, operation: "Update" });
    expect(formatAuthor(update)).toBe("by plumbline (Update)");
    const scale = taken(entryOf(FIELD_MANAGER, REPLICAS_FIELD, { subresource: "scale", operation: "Apply" }));
    expect(formatAuthor(scale)).toBe("by plumbline through scale");
  });
});

describe("a field that lost its owner with its value", () => {
  test("is nobody's; who wrote the object since our apply is likely, and said to be no more", () => {
    const change = removed(
      entryOf("kubectl-edit", { "f:metadata": { "f:labels": { "f:a": {} } } }),
      entryOf("ann", { "f:spec": { "f:paused": {} } }, { time: NEWER }),
    );
    expect(change).not.toHaveProperty("manager");
    expect(change.likely?.map(({ manager }) => manager)).toEqual(["ann", "kubectl-edit"]);
    expect(formatAuthor(change)).toBe("by nobody that the server remembers, likely ann or kubectl-edit");
  });

  test("has no likely author in who wrote before our last apply, through a subresource, or without a time", () => {
    const before = entryOf("old", {}, { time: "2025-12-31T00:00:00Z" });
    const status = entryOf("kubelet", {}, { subresource: "status", time: NEWER });
    const { time: _, ...timeless } = entryOf("timeless", {});
    const change = removed(before, status, timeless);
    expect(change).not.toHaveProperty("likely");
    expect(formatAuthor(change)).toBe("by nobody that the server remembers");
  });

  test("may be the work of somebody who wrote in the very second of our apply", () => {
    const change = removed(entryOf("ann", {}, { time: "2026-01-01T00:00:00Z" }));
    expect(change.likely).toMatchObject([{ manager: "ann" }]);
  });

  test("is not laid at anybody's door where it is Git that moved", () => {
    const there = live(stamped(web(), "one"), { others: [entryOf("ann", {}, { time: NEWER })] });
    expect(changeOf(there, stamped(web({ replicas: 2 }), "two"))).not.toHaveProperty("likely");
  });
});

test("the order of a list is nobody's field: who wrote since is likely", () => {
  const two = (names: readonly string[]) =>
    stamped(web({ container: { env: names.map((name) => ({ name, value: "1" })) } }), "one");
  const others = [entryOf("ann", {}, { time: NEWER })];
  const change = changeOf(live(two(["A", "B"]), { now: two(["B", "A"]), others }), two(["A", "B"]));
  expect(change.path).toMatch(/env$/);
  expect(change).not.toHaveProperty("manager");
  expect(change).toMatchObject({ class: "drift", likely: [{ manager: "ann" }] });
});

describe("managed fields that no server would write", () => {
  test("a time that is none counts as none, and one in the future is taken for what it says", () => {
    const fake = entryOf("fake", REPLICAS_FIELD, { time: "zzzz" });
    expect(taken(fake, entryOf("ann", REPLICAS_FIELD))).toMatchObject({
      manager: "ann",
      coOwners: [{ manager: "fake", operation: "Update" }],
    });
    expect(taken(fake)).not.toHaveProperty("time");
    expect(taken(entryOf("late", REPLICAS_FIELD, { time: "9999-01-01T00:00:00Z" }))).toMatchObject({
      time: "9999-01-01T00:00:00Z",
    });
    const odd = { ...entryOf("odd", REPLICAS_FIELD), time: { toString: "x" } } as unknown as ManagedFieldsEntry;
    expect(taken(odd)).not.toHaveProperty("time");
  });

  test("a name is cut at the length that the server allows, and steers no terminal", () => {
    const change = taken(entryOf(`\u001b[31m${"x".repeat(1_000_000)}`, REPLICAS_FIELD, { subresource: "a\nb" }));
    expect(change.manager).toHaveLength(131);
    expect(change.manager).toMatch(/^\?\[31mx+\.\.\.$/);
    expect(change.subresource).toBe("a?b");
  });

  test("a name that is no text is no name", () => {
    const odd = { ...entryOf("odd", REPLICAS_FIELD), manager: { a: 1 } } as unknown as ManagedFieldsEntry;
    expect(taken(odd)).not.toHaveProperty("manager");
  });
});

describe("who has a field at a path as a change writes it", () => {
  const image = "/spec/template/spec/containers[name=web]/image";

  test("is found by field, by item, and inside an atomic value; the whole object has its last writer", () => {
    const ann = entryOf("ann", REPLICAS_FIELD, { time: NEWER });
    const there = live(one, { now: scaled, lost: [REPLICAS], others: [ann, entryOf("bob", {})] });
    expect(fieldAuthor(there, "/spec/replicas")).toMatchObject({ manager: "ann" });
    expect(fieldAuthor(there, image)).toMatchObject({ manager: FIELD_MANAGER, operation: "Apply" });
    expect(fieldAuthor(there, "/spec/selector/matchLabels/app")).toMatchObject({ manager: FIELD_MANAGER });
    expect(fieldAuthor(there, "/spec/template/spec/containers[name=we]/image")).toBeUndefined();
    expect(fieldAuthor(there, "/spec/repl")).toBeUndefined();
    expect(fieldAuthor(there, "")).toMatchObject({ manager: "ann" });
  });

  test("is found where two elements of managedFields read alike", () => {
    const alike = { 'k:{"a":1}': { "f:y": {} }, 'k:{"a":"1"}': { "f:x": {} } };
    const there = live(one, { others: [entryOf("ann", { "f:spec": { "f:list": alike } })] });
    expect(fieldAuthor(there, "/spec/list[a=1]/x")).toMatchObject({ manager: "ann" });
    expect(fieldAuthor(there, "/spec/list[a=1]/z")).toBeUndefined();
  });
});
