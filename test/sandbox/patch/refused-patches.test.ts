import { expect, test } from "vitest";
import { compileOpenApi, type Json, type JsonObject } from "../../../src/model/index.ts";
import { ApiError } from "../../../src/sandbox/kubernetes/api-error.ts";
import { openApiDocument } from "../../../src/sandbox/kubernetes/catalogue/documents.ts";
import { createCatalogue } from "../../../src/sandbox/kubernetes/catalogue/index.ts";
import { jsonPatch, mergePatch, strategicMerge } from "../../../src/sandbox/kubernetes/patch/index.ts";
import { BAD_PATCHES, DEPLOYMENT, type PatchCase } from "./bad-patches.ts";

const KIND = { group: "apps", version: "v1", kind: "Deployment" };
const SCHEMA = createCatalogue().byKind(KIND)?.schema();

function answer({ type, patch }: Pick<PatchCase, "type" | "patch">): ApiError | JsonObject {
  if (SCHEMA === undefined) throw new Error("there are no Deployments");
  try {
    if (type === "json") return jsonPatch(DEPLOYMENT, patch);
    return type === "merge"
      ? mergePatch(DEPLOYMENT, patch as JsonObject)
      : strategicMerge(DEPLOYMENT, patch as JsonObject, SCHEMA);
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

test.each(BAD_PATCHES)("$type: $name is $code", ({ code, reason, message, ...one }) => {
  const got = answer(one);
  expect(got instanceof ApiError ? got.code : 200).toBe(code);
  if (got instanceof ApiError) expect(got.reason).toBe(reason);
  if (message !== undefined) expect(got).toMatchObject({ message });
});

const HOSTILE: readonly [PatchCase["type"], string, number][] = [
  ["json", '[{"op":"add","path":"/__proto__/polluted","value":1}]', 422],
  ["json", '[{"op":"add","path":"/metadata/constructor/prototype/polluted","value":1}]', 422],
  ["json", '[{"op":"add","path":"/metadata/labels","value":{"__proto__":{"polluted":1}}}]', 400],
  ["merge", '{"metadata":{"__proto__":{"polluted":1}}}', 400],
  ["strategic", '{"metadata":{"__proto__":{"polluted":1}}}', 400],
  ["merge", `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`, 400],
];

test.each(HOSTILE)("%s: hostile %.60s is refused", (type, text, code) => {
  expect(answer({ type, patch: JSON.parse(text) as Json })).toMatchObject({ code });
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
});

test("copies that double the object again and again are refused before they fill the memory", () => {
  const patch = Array.from({ length: 60 }, (_, at) => ({ op: "copy", from: "/spec", path: `/spec/c${at}` }));
  expect(answer({ type: "json", patch })).toMatchObject({ code: 422 });
});

test("what is patched stays as it is", () => {
  const before = structuredClone(DEPLOYMENT);
  answer({ type: "json", patch: [{ op: "remove", path: "/spec/replicas" }] });
  answer({ type: "merge", patch: { spec: { replicas: null, template: { spec: { containers: [] } } } } });
  answer({ type: "strategic", patch: { spec: { template: { spec: { containers: [{ name: "web", image: "b" }] } } } } });
  expect(DEPLOYMENT).toEqual(before);
});

test("a JSON patch adds, moves, copies, replaces and appends", () => {
  const patch = [
    { op: "add", path: "/metadata/labels", value: { "a/b": "1" } },
    { op: "copy", from: "/metadata/labels/a~1b", path: "/metadata/labels/c" },
    { op: "move", from: "/spec/replicas", path: "/metadata/labels/d" },
    { op: "add", path: "/spec/template/spec/containers/-", value: { name: "x" } },
    { op: "remove", path: "/spec/template/spec/containers/0" },
  ];
  expect(answer({ type: "json", patch })).toMatchObject({
    metadata: { labels: { "a/b": "1", c: "1", d: 1 } },
    spec: { template: { spec: { containers: [{ name: "x" }] } } },
  });
});

test("a strategic merge patch replaces where the field says so, else it merges", () => {
  const one = { metadata: { annotations: { a: "1" } }, spec: { selector: { matchLabels: { tier: "x" } } } };
  expect(answer({ type: "strategic", patch: one })).toMatchObject({
    metadata: { name: "web", annotations: { a: "1" } },
    spec: { selector: { matchLabels: { app: "web", tier: "x" } } },
  });
  const budgets = compileOpenApi(
    openApiDocument(
      createCatalogue()
        .all()
        .filter(({ group, version }) => group === "policy" && version === "v1"),
    ),
  );
  const schema = budgets.schema({ group: "policy", version: "v1", kind: "PodDisruptionBudget" });
  if (schema === undefined) throw new Error("there are no PodDisruptionBudgets");
  const budget = { spec: { selector: { matchLabels: { app: "web" } } } };
  expect(strategicMerge(budget, { spec: { selector: { matchLabels: { b: "c" } } } }, schema)).toEqual({
    spec: { selector: { matchLabels: { b: "c" } } },
  });
});
