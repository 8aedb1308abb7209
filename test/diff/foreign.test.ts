import { applyPatch, deepClone } from "fast-json-patch";
import { describe, expect, test } from "vitest";
import { compare, removalPatch } from "../../src/diff/index.ts";
import type { ApplicationSpec, KubeObject, ManagedFieldsEntry } from "../../src/model/index.ts";
import { entryOf, live, stamped, web } from "./server.ts";
import { DEPLOYMENT } from "./small-schema.ts";

const env = (...names: string[]) => ({ env: names.map((name) => ({ name, value: "1" })) });
const desired = stamped(web({ container: env("B") }), "one");
const now = stamped(web({ container: env("A", "B", "C"), spec: { paused: true } }), "one");

function envOf(...names: string[]) {
  const items = names.map((name) => [`k:{"name":"${name}"}`, { ".": {}, "f:name": {}, "f:value": {} }]);
  const container = { 'k:{"name":"web"}': { "f:env": Object.fromEntries(items) } };
  return { "f:template": { "f:spec": { "f:containers": container } } };
}

const edit = entryOf("kubectl-edit", { "f:spec": { "f:paused": {}, ...envOf("A", "C") } });

function found(policy: ApplicationSpec["foreign"], entry: ManagedFieldsEntry = edit, there: KubeObject = now) {
  const object = live(desired, { now: there, others: [entry] });
  const input = { desired, manifestHash: "one", live: object, schema: DEPLOYMENT, setApplied: true, foreign: policy };
  return { object, ...compare(input) };
}

describe("fields of others that Git does not mention", () => {
  test("are reported, and the object is Synced", () => {
    const { status, changes } = found("report");
    expect(status).toBe("Synced");
    expect(changes.map(({ class: kind, policy }) => [kind, policy])).toEqual(Array(3).fill(["foreign", undefined]));
  });

  test.for(["count", "prune"] as const)("make it Drifted where the policy is %s, and stay foreign", (policy) => {
    const { status, changes, kept } = found(policy);
    expect(status).toBe("Drifted");
    expect(changes.map((change) => [change.class, change.policy])).toEqual(Array(3).fill(["foreign", policy]));
    expect(kept).toBeDefined();
  });

  test("count just so where nothing of ours moved since", () => {
    const { object, kept } = found("count");
    const input = { desired, manifestHash: "one", live: object, schema: DEPLOYMENT, setApplied: true } as const;
    expect(compare({ ...input, foreign: "count", ...(kept && { kept }) }).status).toBe("Drifted");
    expect(compare({ ...input, ...(kept && { kept }) }).status).toBe("Synced");
  });

  test("are only reported where a controller holds on to the object by them, or where they came through a subresource", () => {
    const held = { ...now, metadata: { ...now.metadata, finalizers: ["a/keep"] } };
    const hold = entryOf("an-operator", { "f:metadata": { "f:finalizers": { ".": {}, 'v:"a/keep"': {} } } });
    expect(found("prune", hold, held)).toMatchObject({ status: "Synced", changes: [{ class: "foreign" }] });
    const scaled = stamped(web({ container: env("B"), replicas: 7 }), "one");
    const scale = entryOf("an-autoscaler", { "f:spec": { "f:replicas": {} } }, { subresource: "scale" });
    expect(found("prune", scale, scaled)).toMatchObject({ status: "Synced", changes: [{ path: "/spec/replicas" }] });
  });

  test("are taken out by a patch for that version alone, items of a list from behind", () => {
    const { object, changes } = found("prune");
    const patch = removalPatch(object, changes);
    expect(patch?.operations[0]).toEqual({ op: "replace", path: "/metadata/resourceVersion", value: "1" });
    const { newDocument } = applyPatch(deepClone(object), [...(patch?.operations ?? [])]);
    expect(newDocument.spec).toEqual(desired["spec"]);
    expect(removalPatch(object, found("count").changes)).toBeUndefined();
  });
});
