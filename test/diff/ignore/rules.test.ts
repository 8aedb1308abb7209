import { describe, expect, test } from "vitest";
import { annotationRules, compare, ruleSetOf } from "../../../src/diff/index.ts";
import { IGNORE_ANNOTATION, type IgnoreRule, type KubeObject } from "../../../src/model/index.ts";
import { live, stamped, web } from "../server.ts";
import { DEPLOYMENT, SECRET } from "../small-schema.ts";

function annotated(text: string, replicas = 1): KubeObject {
  const base = web({ replicas });
  return stamped({ ...base, metadata: { ...base.metadata, annotations: { [IGNORE_ANNOTATION]: text } } }, "one");
}

function errorOf(work: () => unknown) {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe("the annotation of a manifest", () => {
  test("holds a rule a line, with its reason", () => {
    const text =
      "/spec/replicas # the scaler has it\n\n# a note\n .spec.template.spec.containers[*].image\nmanager=istio-* /spec";
    expect(annotationRules(annotated(text)).map(({ reason, manager }) => [reason, manager])).toEqual([
      ["the scaler has it", undefined],
      ["annotation plumbline.dev/ignore in Git", undefined],
      ["annotation plumbline.dev/ignore in Git", "istio-*"],
    ]);
  });

  test("leaves the field, and says that it did", () => {
    const desired = annotated("/spec/replicas # by hand");
    const there = live(desired, { now: annotated("/spec/replicas # by hand", 5), lost: [["f:spec", "f:replicas"]] });
    const found = compare({ desired, manifestHash: "one", live: there, schema: DEPLOYMENT, setApplied: true });
    expect(found).toMatchObject({
      status: "Synced",
      left: [{ path: "/spec/replicas", desired: 1, live: 5, reason: "by hand", source: "annotation" }],
    });
  });

  test("counts only as Git has it", () => {
    const desired = stamped(web({ replicas: 1 }), "one");
    const there = live(desired, { now: annotated("/spec/replicas", 5), lost: [["f:spec", "f:replicas"]] });
    expect(compare({ desired, manifestHash: "one", live: there, schema: DEPLOYMENT, setApplied: true }).status).toBe(
      "Drifted",
    );
  });

  test.for([
    ["/spec\n..replicas", /line 2$/],
    ["/", /line 1$/],
    ["/a\n".repeat(60), /annotation plumbline.dev\/ignore$/],
    ["a".repeat(9000), /annotation plumbline.dev\/ignore$/],
  ] as const)("with something that cannot be read names its line: %s", ([text, where]) => {
    expect(errorOf(() => annotationRules(annotated(text)))).toMatchObject({
      code: "PL-IGNORE-INVALID",
      where: expect.stringMatching(where),
      next: expect.any(String),
    });
  });
});

describe("a rule that cannot be read", () => {
  const read = (...rules: Partial<IgnoreRule>[]) =>
    ruleSetOf({
      source: "application",
      rules: rules.map((rule) => ({ reason: "r", ...rule })),
      where: "spec.ignore",
    });

  test("names its place and what is wrong", () => {
    expect(errorOf(() => read({ path: "/spec" }, { jsonPath: ".spec..x" }))).toMatchObject({
      code: "PL-IGNORE-INVALID",
      where: "spec.ignore[1].jsonPath",
      message: expect.stringContaining(".spec..x: `..` is refused"),
    });
    expect(errorOf(() => read({ kind: "Deployment" }))).toMatchObject({
      code: "PL-IGNORE-INVALID",
      where: "spec.ignore[0]",
      message: "the rule names no field",
    });
  });
});

test("rules of the application and of the settings say where they stand, and the application's comes first", () => {
  const rule = { path: "/spec/replicas", reason: "r" };
  const desired = stamped(web({ replicas: 1 }), "one");
  const there = live(desired);
  const both = ruleSetOf(
    { source: "application", rules: [{ ...rule, kind: "Deployment" }], where: "spec.ignore" },
    { source: "settings", rules: [rule], where: "ignore" },
  );
  const found = compare({
    desired,
    manifestHash: "one",
    live: there,
    schema: DEPLOYMENT,
    setApplied: true,
    ignore: both,
  });
  expect(found.left?.map(({ source }) => source)).toEqual(["application"]);
  expect(found.matched).toHaveLength(2);
});

test("what is left of a Secret is masked", () => {
  const secret = (value: string) =>
    stamped({ apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, data: { a: value } }, "one");
  const there = live(secret("YWFhYWFh"), { now: secret("YmJiYmJi"), schema: SECRET, lost: [["f:data", "f:a"]] });
  const ignore = ruleSetOf({ source: "settings", rules: [{ path: "/data/a", reason: "r" }], where: "ignore" });
  const input = {
    desired: secret("YWFhYWFh"),
    manifestHash: "one",
    live: there,
    schema: SECRET,
    setApplied: true,
    ignore,
  };
  const found = compare(input);
  expect(found.left).toMatchObject([{ path: "/data/a", desired: "(masked A)", live: "(masked B)" }]);
  expect(JSON.stringify(found.left)).not.toMatch(/YWFh|YmJi|aaa|bbb/);
});
