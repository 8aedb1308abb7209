import { expect, test } from "vitest";
import { assess, compileHealthRules } from "../../src/health/index.ts";
import type { HealthRule, KubeObject, LiveObject } from "../../src/model/index.ts";
import { live } from "./live.ts";

const same = (object: KubeObject) => object;
const rulesOf = async (...rules: HealthRule[]) => await compileHealthRules(rules, { mask: same });
const gadget = (status: unknown, spec: unknown = {}) => live("example.com/v1 Gadget", { spec, status });
const judged = async (rule: HealthRule, object: LiveObject) => {
  const { status, message } = assess(object, { rules: await rulesOf(rule) });
  return `${status}: ${message}`;
};

test("the first expression that holds decides, in the order suspended, degraded, progressing, healthy", async () => {
  const rule = {
    kind: "Gadget",
    suspended: "object.spec.off",
    degraded: "object.status.errors > 0",
    healthy: "object.status.phase == 'Up'",
    message: "'phase ' + object.status.phase + ', ' + string(object.status.errors) + ' errors'",
  };
  expect(await judged(rule, gadget({ phase: "Up", errors: 0 }))).toBe("Healthy: phase Up, 0 errors");
  expect(await judged(rule, gadget({ phase: "Up", errors: 2 }))).toBe("Degraded: phase Up, 2 errors");
  expect(await judged(rule, gadget({ phase: "Up", errors: 2 }, { off: true }))).toBe("Suspended: phase Up, 2 errors");
  expect(await judged(rule, gadget({ phase: "Down", errors: 0 }))).toBe("Progressing: phase Down, 0 errors");
});

test("what is missing cannot be true, and its sentence is the rule that held", async () => {
  const rule = {
    degraded: "object.status.conditions[0].status == 'False'",
    healthy: "object.status.ready",
    message: "object.status.text",
  };
  expect(await judged(rule, gadget(undefined))).toBe("Progressing: no expression of spec.health[0] holds");
  expect(await judged(rule, gadget({ ready: true }))).toBe("Healthy: by spec.health[0].healthy");
});

test("conditions, generations, maps and optional fields are within reach", async () => {
  const status = {
    observedGeneration: 2,
    parts: { constructor: 1, b: 1 },
    conditions: [{ type: "Ready", status: "True" }],
  };
  for (const healthy of [
    "object.status.conditions.exists(c, c.type == 'Ready' && c.status == 'True')",
    "object.metadata.generation == object.status.observedGeneration",
    "object.status.parts.all(name, object.status.parts[name] == 1) && size(object.status.parts) == 2",
    "object.?spec.?replicas.orValue(3) == 3 && !has(object.status.gone)",
    "object.metadata.name.matches('^w.b$') && object.status.conditions.map(c, c.type).join(',') == 'Ready'",
  ])
    expect(await judged({ healthy }, gadget(status)), healthy).toBe("Healthy: by spec.health[0].healthy");
});

test("a rule is about the objects that its globs name; others keep the built-in verdict", async () => {
  const rules = await rulesOf(
    { group: "example.*", kind: "Gad*", namespace: "shop", name: "web", healthy: "true" },
    { kind: "Gadget", degraded: "true" },
  );
  expect(assess(gadget({}), { rules }).status).toBe("Healthy");
  expect(assess(live("example.com/v1 Gadget", {}, { name: "other" }), { rules }).status).toBe("Degraded");
  expect(assess(live("v1 ConfigMap"), { rules })).toEqual({ status: "Healthy", message: "exists" });
  expect(
    assess(live("example.com/v1 Gadget", {}, { deletionTimestamp: "2026-01-01T00:00:00Z" }), { rules }).message,
  ).toBe("is being deleted");
  expect(await rulesOf()).toBeUndefined();
});

test.each<[string, HealthRule, string]>([
  ["no expression", { healthy: "object.status." }, "spec.health[0].healthy"],
  ["an unknown name", { degraded: "now() > 1" }, "spec.health[0].degraded"],
  ["no bool", { healthy: "1 + 1" }, "spec.health[0].healthy"],
  ["no text", { healthy: "true", message: "3" }, "spec.health[0].message"],
  ["too many loops", { healthy: "[1].all(a, [1].all(b, [1].all(c, [1].all(d, true))))" }, "spec.health[0].healthy"],
  ["too long a list", { healthy: `1 in [${"1,".repeat(200)}1]` }, "spec.health[0].healthy"],
  ["too deep", { healthy: `${"(".repeat(60)}true${")".repeat(60)}` }, "spec.health[0].healthy"],
])(
  "an expression that cannot be used is a problem with its place, and spoils no sibling: %s",
  async (_, rule, where) => {
    const rules = await rulesOf({ ...rule, name: "web" }, { healthy: "true" });
    expect(rules?.problems).toMatchObject([{ code: "PL-HEALTH-EXPRESSION", where }]);
    expect(assess(gadget({}), { rules })).toMatchObject({ status: "Unknown", message: expect.stringContaining(where) });
    expect(assess(live("example.com/v1 Gadget", {}, { name: "other" }), { rules }).status).toBe("Healthy");
  },
);

test("an error of evaluating is Unknown with its sentence", async () => {
  expect(await judged({ healthy: "object.status.count > 'a'" }, gadget({ count: 1 }))).toMatch(
    /^Unknown: spec\.health\[0\]: .*no such overload/,
  );
  expect(await judged({ healthy: "object.status.count" }, gadget({ count: 1 }))).toBe(
    "Unknown: spec.health[0]: spec.health[0].healthy gives no bool",
  );
});

test("expressions see an object as it may be shown", async () => {
  const mask = (object: KubeObject) => ({ ...object, data: { password: "(masked A)" } });
  const rules = await compileHealthRules([{ healthy: "true", message: "object.data.password" }], { mask });
  expect(assess(live("v1 Secret", { data: { password: "aHVudGVyMg==" } }), { rules }).message).toBe("(masked A)");
});
